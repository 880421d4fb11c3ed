"""What a network costs."""

import pytest
import torch
from torch import nn

from mimika.core.preprocess import PreprocessSpec
from mimika.models.backbones import torchvision
from mimika.models.catalogue import NetworkSpec, create_network
from mimika.models.costs import count_multiply_adds, count_parameters, latency_ms

SPEC = PreprocessSpec(size=48, channels=1, mean=(0.5,), std=(0.25,))
COMPACT = NetworkSpec("compact_resnet", 1, 48, 7)


def rgb(size):
    return PreprocessSpec(size=size, channels=3, mean=(0.5,) * 3, std=(0.25,) * 3)


def test_multiply_adds_are_counted_by_hand_for_one_convolution():
    network = nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.Flatten(), nn.Linear(4 * 48 * 48, 7)
    )
    expected = 48 * 48 * 4 * 9 + 4 * 48 * 48 * 7
    assert count_multiply_adds(network, SPEC) == expected
    assert count_parameters(network) == 4 * 9 + 4 + 4 * 48 * 48 * 7 + 7


# our name, torchvision's, size of torchvision's figure
PUBLISHED = [
    ("vgg16", "vgg16", 224),
    ("vgg16_bn", "vgg16_bn", 224),
    ("vgg19", "vgg19", 224),
    ("vgg19_bn", "vgg19_bn", 224),
    ("resnet18", "resnet18", 224),
    ("resnet34", "resnet34", 224),
    ("resnet50", "resnet50", 224),
    ("efficientnet_b0", "efficientnet_b0", 224),
    ("efficientnet_b2", "efficientnet_b2", 288),
    ("googlenet", "googlenet", 224),
    ("mobilenetv2_100", "mobilenet_v2", 224),
    ("mobilenetv3_large_100", "mobilenet_v3_large", 224),
    ("mobilenetv3_small_100", "mobilenet_v3_small", 224),
    ("densenet121", "densenet121", 224),
    ("convnext_tiny", "convnext_tiny", 224),
]


@pytest.mark.parametrize(("name", "theirs", "size"), PUBLISHED)
def test_counts_are_those_that_torchvision_publishes(name, theirs, size):
    meta = torchvision().models.get_model_weights(theirs).DEFAULT.meta
    with torch.device("meta"):
        network = create_network(NetworkSpec(name, 3, size, 1000))
    assert count_parameters(network) == meta["num_params"]
    counted = count_multiply_adds(network, rgb(size)) / 1e9
    assert counted == pytest.approx(meta["_ops"], rel=0.01)


def test_attention_is_counted():
    with torch.device("meta"):
        network = create_network(NetworkSpec("vit_tiny", 3, 224, 1000))
    tokens, width, blocks = 14 * 14 + 1, 192, 12
    linear = blocks * tokens * 12 * width**2
    attention = blocks * 2 * tokens**2 * width
    ends = 196 * 16 * 16 * 3 * width + 1000 * width
    assert count_multiply_adds(network, rgb(224)) == linear + attention + ends


def test_it_is_counted_on_the_device_where_the_network_is():
    network = create_network(COMPACT)
    expected = count_multiply_adds(network, SPEC)
    assert count_multiply_adds(network.to("meta"), SPEC) == expected


def test_counting_leaves_every_part_in_its_mode():
    network = create_network(COMPACT)
    network.stem.eval()
    count_multiply_adds(network, SPEC)
    assert network.training
    assert network.classifier.training
    assert not network.stem.training


def test_milliseconds_are_positive_and_the_threads_are_given_back():
    threads = torch.get_num_threads()
    network = create_network(NetworkSpec("tiny_vgg", 1, 48, 7))
    assert 0 < latency_ms(network, SPEC) < 1000
    assert torch.get_num_threads() == threads
    assert network.training
