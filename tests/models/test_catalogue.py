"""Networks by name."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from mimika.core.errors import ConfigError
from mimika.core.preprocess import PreprocessSpec
from mimika.export.onnx import write_onnx
from mimika.models.catalogue import (
    CATALOGUE,
    NetworkSpec,
    assemble,
    count_multiply_adds,
    count_parameters,
    create_network,
    entry_of,
)
from mimika.models.parts import classifier_of, features_of, layer_groups
from mimika.models.super_resolution import Upscaled
from mimika.runtime.classifier import OnnxClassifier

GREY = PreprocessSpec(size=48, channels=1, mean=(0.5,), std=(0.25,))


@pytest.fixture(scope="module", params=CATALOGUE)
def made(request):
    """Each network once, for grey pictures of its smallest size, channels last."""
    torch.manual_seed(0)
    size = CATALOGUE[request.param].minimum
    network = create_network(NetworkSpec(request.param, 1, size, 7))
    x = torch.randn(2, 1, size, size).to(memory_format=torch.channels_last)
    return network.to(memory_format=torch.channels_last), x


def test_its_features_and_its_classifier_make_its_logits(made):
    network, x = made
    with torch.no_grad():
        logits = network.eval()(x)
        features = features_of(network, x)
        assert features.ndim == 2
        torch.testing.assert_close(classifier_of(network)(features), logits)
    assert logits.shape == (2, 7)


def test_its_parameters_are_each_in_one_group(made):
    network, _ = made
    groups = layer_groups(network)
    assert 4 <= len(groups) <= 12
    assert all(groups)
    named = dict(network.named_parameters())
    assert sorted(name for group in groups for name in group) == sorted(named)
    head = {id(p) for p in classifier_of(network).parameters()}
    assert {id(named[name]) for name in groups[-1]} == head


def test_two_steps_train_it_from_end_to_end(made):
    network, x = made
    # of two pictures batch normalisation leaves little more than signs, and gradients
    # grow without bounds where both are nearly the same
    pictures = torch.randn(8, *x.shape[1:]).to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(network.train().parameters(), lr=1e-3)
    named = dict(network.named_parameters())
    watched = [named[group[0]] for group in layer_groups(network)]
    before = [parameter.detach().clone() for parameter in (watched[0], watched[-1])]
    for _ in range(2):
        optimizer.zero_grad()
        loss = cross_entropy(network(pictures), torch.arange(8) % 7)
        loss.backward()
        optimizer.step()
    assert torch.isfinite(loss)
    assert not torch.equal(watched[0], before[0])
    assert not torch.equal(watched[-1], before[-1])


@pytest.mark.parametrize("name", CATALOGUE)
def test_it_takes_grey_and_rgb_of_40_to_288_pixels(name):
    smallest = max(40, CATALOGUE[name].minimum)
    with torch.device("meta"):
        for size, channels in ((smallest, 1), (288, 3)):
            network = create_network(NetworkSpec(name, channels, size, 7))
            assert network(torch.empty(2, channels, size, size)).shape == (2, 7)


@pytest.mark.parametrize("name", [n for n, e in CATALOGUE.items() if e.minimum > 16])
def test_its_smallest_size_is_the_smallest(name):
    size = CATALOGUE[name].minimum - 1
    with pytest.raises(ConfigError, match=f"{name} needs .* at least {size + 1} px"):
        create_network(NetworkSpec(name, 1, size, 7))
    with torch.device("meta"):
        network = create_network(NetworkSpec(name, 1, size + 1, 7))
        with pytest.raises(RuntimeError):
            network(torch.empty(2, 1, size, size))


@pytest.mark.filterwarnings(
    # inside torch's exporter, about its own calls
    "ignore::DeprecationWarning",
    "ignore::FutureWarning",
)
@pytest.mark.parametrize("name", ["mobilenetv3_small_100", "vit_tiny", "tiny_vgg"])
def test_exported_it_answers_the_same(name, tmp_path, make_card):
    torch.manual_seed(0)
    network = create_network(NetworkSpec(name, 1, 40, 7)).eval()
    with torch.no_grad():
        for parameter in classifier_of(network).parameters():
            parameter.normal_()  # logits far from each other
    inputs = GREY.model_copy(update={"size": 40})
    write_onnx(network, make_card(preprocess=inputs), tmp_path / "a.onnx")
    images = np.random.default_rng(0).integers(0, 256, (5, 40, 40), np.uint8)
    x = torch.from_numpy(images[:, None]).float().div(255).sub(0.5).div(0.25)
    with torch.no_grad():
        expected = network(x).softmax(dim=1).numpy()
    found = OnnxClassifier(tmp_path / "a.onnx").predict(images)
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert np.ptp(expected) > 0.1


def test_the_first_network_keeps_to_its_budget():
    network = create_network(NetworkSpec("compact_resnet", 1, 48, 7))
    assert count_parameters(network) <= 1_500_000
    assert count_multiply_adds(network, GREY) <= 60_000_000


def test_the_small_stem_keeps_the_size():
    network = create_network(NetworkSpec("resnet18_3x3", 1, 48, 7))
    stem = nn.Sequential(network.conv1, network.bn1, network.act1, network.maxpool)
    assert stem(torch.zeros(2, 1, 48, 48)).shape == (2, 64, 48, 48)


@pytest.mark.parametrize(("given", "expected"), [(None, 0.2), (0.0, 0.0), (0.4, 0.4)])
def test_dropout_is_the_networks_own_where_none_is_given(given, expected):
    network = create_network(NetworkSpec("compact_resnet", 1, 48, 7, dropout=given))
    assert network.classifier.dropout.p == expected


def test_dropout_of_vgg_stands_between_its_large_layers_too():
    with torch.device("meta"):
        network = create_network(NetworkSpec("vgg16", 1, 48, 7, dropout=0.3))
    assert network.pre_logits.drop.p == classifier_of(network).dropout.p == 0.3


def test_drop_path_rises_to_what_is_given():
    spec = NetworkSpec("convnext_atto", 1, 48, 7, drop_path=0.2)
    rates = [
        m.drop_prob for m in create_network(spec).modules() if hasattr(m, "drop_prob")
    ]
    assert rates == sorted(rates)
    assert rates[-1] == pytest.approx(0.2)


@pytest.mark.parametrize("name", ["vgg16", "googlenet", "compact_resnet", "tiny_vgg"])
def test_drop_path_is_refused_where_there_are_no_blocks_to_drop(name):
    with pytest.raises(ConfigError, match=rf"drop_path = 0\.1: {name} has no residual"):
        create_network(NetworkSpec(name, 1, 48, 7, drop_path=0.1))


@pytest.mark.parametrize(
    ("name", "similar"),
    [("resnet9", "resnet18"), ("vgg_16", "vgg16"), ("convnext_ato", "convnext_atto")],
)
def test_an_unknown_name_gives_similar_ones(name, similar):
    with pytest.raises(ConfigError, match=rf"'{name}'; did you mean .*{similar}"):
        create_network(NetworkSpec(name, 1, 48, 7))


def test_a_name_like_no_other_says_where_to_look():
    with pytest.raises(ConfigError, match=r"'\?'; 'mimika networks' lists"):
        entry_of("?")


@pytest.mark.parametrize("name", ["regnety_002", "deit_tiny_patch16_224"])
def test_any_other_name_of_timm_is_taken(name):
    spec = NetworkSpec(name, 1, 50, 7, drop_path=0.1)
    network = create_network(spec).eval()
    assert network(torch.zeros(1, 1, 50, 50)).shape == (1, 7)
    assert len(layer_groups(network)) >= 4


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("dla46_c", "dla46_c fails at 48 px .*larger size"),
        ("deit_tiny_distilled_patch16_224", "no classifier or several"),
        ("volo_d1_224", "does not end in one classifier"),
        ("twins_pcpvt_small", "cannot be made for 48 px"),
    ],
)
def test_a_network_of_timm_that_does_not_fit_says_why(name, message):
    with pytest.raises(ConfigError, match=message):
        create_network(NetworkSpec(name, 1, 48, 7))


def test_sizes_before_and_behind_an_upscaler_have_to_fit():
    spec = NetworkSpec("tiny_vgg", 1, 96, 7)
    assert isinstance(assemble(spec, GREY, 1), Upscaled)
    with pytest.raises(ConfigError, match="48 px doubled 2 times have 192"):
        assemble(spec, GREY, 2)
