"""Tiny VGG."""

import pytest
import torch

from mimika.models.tiny_vgg import SMALLEST, TinyVGG


def test_it_has_the_parameters_of_the_original_at_its_size():
    network = TinyVGG(channels=3, classes=10, size=64)
    first, others = 3 * 9 * 10 + 10, 10 * 9 * 10 + 10
    expected = first + 3 * others + 13 * 13 * 10 * 10 + 10
    assert sum(p.numel() for p in network.parameters()) == expected == 19_920


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [SMALLEST, 17, 40, 48, 96])
def test_it_gives_a_logit_for_each_class_at_any_size(channels, size):
    network = TinyVGG(channels, 7, size)
    assert network(torch.zeros(2, channels, size, size)).shape == (2, 7)
