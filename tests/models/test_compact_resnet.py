"""The compact residual network."""

import pytest
import torch

from mimika.models.catalogue import create_network
from mimika.models.compact_resnet import CompactResNet, CompactResNetSpec, shape_of
from mimika.models.costs import count_parameters
from mimika.models.spec import NetworkSpec


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("side", [40, 48, 64])
def test_it_gives_a_logit_for_each_class_at_any_size(channels, side):
    network = CompactResNet(CompactResNetSpec(channels, 7)).eval()
    assert network(torch.zeros(2, channels, side, side)).shape == (2, 7)


def test_every_weight_receives_a_gradient():
    network = CompactResNet(CompactResNetSpec(1, 7))
    network(torch.randn(4, 1, 48, 48)).square().sum().backward()
    without = [n for n, p in network.named_parameters() if p.grad is None]
    assert without == []


def test_pictures_of_a_batch_do_not_influence_each_other_in_evaluation():
    network = CompactResNet(CompactResNetSpec(1, 7)).eval()
    images = torch.randn(3, 1, 48, 48)
    together = network(images)
    alone = torch.cat([network(image[None]) for image in images])
    assert torch.allclose(together, alone, atol=1e-5)


def test_a_name_says_the_shape():
    assert shape_of("res_32_64x1_128x2") == (32, (64, 128), (1, 2))
    own = CompactResNetSpec(1, 7)
    named = create_network(NetworkSpec("res_24_32x1_64x2_128x1_192x1", 1, 48, 7))
    assert count_parameters(named) == count_parameters(CompactResNet(own))


@pytest.mark.parametrize("name", ["res_32", "res_0_64x1", "res_32_64x0", "res18", "x"])
def test_a_name_of_another_form_says_none(name):
    assert shape_of(name) is None
