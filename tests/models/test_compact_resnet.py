"""The compact residual network."""

import pytest
import torch

from mimika.models.compact_resnet import CompactResNet, CompactResNetSpec


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
