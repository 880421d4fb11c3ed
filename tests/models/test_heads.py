"""Heads: from features to logits."""

import pytest
import torch
from torch import nn
from torch.nn.functional import linear

from mimika.core.errors import ConfigError
from mimika.models.catalogue import create_network
from mimika.models.heads import (
    HIDDEN,
    KeptHead,
    LinearHead,
    MlpHead,
    find_head,
    put_head,
)
from mimika.models.parts import classifier_of
from mimika.models.spec import NetworkSpec

SPEC = NetworkSpec("made-up", 1, 8, 3, dropout=0.5)


class Made(nn.Module):
    """A network that ends in a given classifier."""

    def __init__(self, classifier):
        super().__init__()
        self.top = nn.Module()
        self.top.fc = classifier

    def get_classifier(self):
        return self.top

    def forward(self, x):
        return self.top.fc(x)


def test_a_linear_head_keeps_weights_and_their_names():
    former = nn.Linear(4, 3)
    network = Made(former)
    put_head(network, SPEC)
    assert list(network.state_dict()) == ["top.fc.weight", "top.fc.bias"]
    x = torch.randn(2, 4)
    torch.testing.assert_close(network.eval()(x), former(x))


def test_putting_it_there_draws_nothing():
    network = Made(nn.Linear(4, 3))
    before = torch.get_rng_state()
    put_head(network, SPEC)
    assert torch.equal(torch.get_rng_state(), before)


def test_dropout_is_inside_the_head():
    torch.manual_seed(0)
    head = LinearHead(1000, 1, dropout=0.25)
    nn.init.ones_(head.weight)
    nn.init.zeros_(head.bias)
    kept = head(torch.ones(200, 1000)) * 0.75 / 1000
    assert kept.mean().item() == pytest.approx(0.75, abs=0.01)
    assert kept.std().item() > 0.005


def test_a_convolution_as_classifier_becomes_a_linear_layer():
    former = nn.Conv2d(4, 3, 1, bias=False)
    network = Made(former)
    put_head(network, SPEC)
    pooled = torch.randn(2, 4, 1, 1)
    expected = linear(pooled.flatten(1), former.weight.flatten(1))
    torch.testing.assert_close(network.eval()(pooled), expected)


def test_the_small_head_has_one_hidden_layer():
    network = Made(nn.Linear(4, 3))
    put_head(network, NetworkSpec("made-up", 1, 8, 3, head="mlp"))
    path, head = find_head(network)
    assert path == "top.fc"
    assert isinstance(head, MlpHead)
    shapes = [tuple(p.shape) for p in head.parameters()]
    assert shapes == [(HIDDEN, 4), (HIDDEN,), (3, HIDDEN), (3,)]
    assert network(torch.randn(2, 4)).shape == (2, 3)


def test_a_classifier_of_another_kind_is_kept():
    network = Made(nn.Sequential(nn.BatchNorm1d(4), nn.Linear(4, 3)))
    put_head(network, SPEC)
    assert isinstance(find_head(network)[1], KeptHead)
    assert network(torch.randn(2, 4)).shape == (2, 3)
    with pytest.raises(ConfigError, match=r'\(Sequential\); leave head at "linear"'):
        put_head(
            Made(nn.Sequential(nn.Linear(4, 3))),
            NetworkSpec("made-up", 1, 8, 3, head="mlp"),
        )


@pytest.mark.parametrize("classifier", [None, (nn.Linear(4, 3),), nn.ModuleList()])
def test_a_network_without_one_classifier_is_refused(classifier):
    network = Made(nn.Identity())
    network.get_classifier = lambda: classifier
    with pytest.raises(ConfigError, match="made-up has no classifier or several"):
        put_head(network, SPEC)


def test_a_network_that_was_not_made_here_has_no_head():
    with pytest.raises(ValueError, match="create_network"):
        find_head(nn.Linear(1, 1))


@pytest.mark.parametrize("name", ["mobilenetv2_100", "efficientnet_lite0", "resnet18"])
def test_a_linear_head_begins_with_small_logits(name):
    classifier = classifier_of(create_network(NetworkSpec(name, 1, 48, 7)))
    features = classifier.weight.shape[1]
    assert float(classifier.weight.detach().abs().max()) <= features**-0.5
