"""Networks whose training branches fold into plain convolutions."""

import pytest
import torch
from torch import nn

from mimika.core.preprocess import PreprocessSpec
from mimika.models.backbones import folded
from mimika.models.catalogue import create_network, entry_of
from mimika.models.costs import count_multiply_adds, count_parameters
from mimika.models.parts import layer_groups
from mimika.models.rep_net import RepNet, stages_of
from mimika.models.spec import NetworkSpec

GREY = PreprocessSpec(size=48, channels=1, mean=(0.5,), std=(0.25,))


@pytest.fixture
def network():
    """As if it were trained: no normalisation is the one that it was drawn with."""
    torch.manual_seed(0)
    network = RepNet(1, 7, ((8, 1), (16, 2), (16, 2)))
    for part in network.modules():
        if isinstance(part, nn.BatchNorm2d):
            for values in (part.running_mean, part.weight.data, part.bias.data):
                values.normal_()
            part.running_var.uniform_(0.5, 2)
    return network.eval()


def test_folding_keeps_the_answers_and_the_network(network):
    x = torch.randn(4, 1, 48, 48)
    before = {name: values.clone() for name, values in network.state_dict().items()}
    with torch.no_grad():
        expected = network(x)
        torch.testing.assert_close(folded(network)(x), expected, rtol=1e-4, atol=1e-4)
    assert expected.std() > 0.1
    after = network.state_dict()
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_a_folded_network_is_one_convolution_a_layer(network):
    deployed = folded(network)
    kinds = [type(part) for part in deployed.modules() if not list(part.children())]
    assert kinds.count(nn.Conv2d) == 5
    assert nn.BatchNorm2d not in kinds
    assert count_parameters(deployed) == sum(
        9 * inputs * outputs + outputs
        for inputs, outputs in ((1, 8), (8, 16), (16, 16), (16, 16), (16, 16))
    ) + (16 * 7 + 7)


def test_the_first_stage_keeps_the_size_and_the_others_halve_it(network):
    layers = ((1, 8, 48), (8, 16, 24), (16, 16, 24), (16, 16, 12), (16, 16, 12))
    expected = sum(9 * inputs * outputs * side**2 for inputs, outputs, side in layers)
    assert count_multiply_adds(folded(network), GREY) == expected + 16 * 7


def test_a_network_without_branches_is_itself_when_folded():
    plain = create_network(NetworkSpec("tiny_vgg", 1, 48, 7))
    assert folded(plain) is plain


def test_layers_are_grouped_by_stage():
    network = create_network(NetworkSpec("rep_8x1_16x2", 1, 48, 7))
    first, second, classifier = layer_groups(network)
    assert {name.split(".")[1] for name in first} == {"0"}
    assert {name.split(".")[1] for name in second} == {"1", "2"}
    assert classifier == ["classifier.weight", "classifier.bias"]


@pytest.mark.parametrize(
    ("name", "stages"),
    [
        ("rep_32x1_64x2", ((32, 1), (64, 2))),
        ("rep_8x3", ((8, 3),)),
        ("rep_8x0", None),
        ("rep_0x2", None),
        ("rep_", None),
        ("rep", None),
        ("rep_8", None),
        ("repvgg_a0", None),
    ],
)
def test_a_name_gives_channels_and_layers_of_each_stage(name, stages):
    assert stages_of(name) == stages


def test_a_name_of_stages_is_a_network_of_the_catalogue():
    assert entry_of("rep_8x1_16x2").published_as is None
