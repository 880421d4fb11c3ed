"""Networks by name, and what they cost."""

import pytest
from torch import nn

from mimika.core.errors import ConfigError
from mimika.core.preprocess import PreprocessSpec
from mimika.models.catalogue import (
    count_multiply_adds,
    count_parameters,
    create_network,
)

SPEC = PreprocessSpec(size=48, channels=1, mean=(0.5,), std=(0.25,))


def test_the_first_network_keeps_to_its_budget():
    network = create_network("compact_resnet", channels=1, classes=7)
    assert count_parameters(network) <= 1_500_000
    assert count_multiply_adds(network, SPEC) <= 60_000_000


def test_multiply_adds_are_counted_by_hand_for_one_convolution():
    network = nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.Flatten(), nn.Linear(4 * 48 * 48, 7)
    )
    expected = 48 * 48 * 4 * 9 + 4 * 48 * 48 * 7
    assert count_multiply_adds(network, SPEC) == expected


def test_it_is_counted_on_the_device_where_the_network_is():
    network = create_network("compact_resnet", channels=1, classes=7)
    expected = count_multiply_adds(network, SPEC)
    assert count_multiply_adds(network.to("meta"), SPEC) == expected


def test_counting_leaves_the_mode_of_the_network_as_it_was():
    network = create_network("compact_resnet", channels=1, classes=7)
    count_multiply_adds(network, SPEC)
    assert network.training


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ConfigError, match=r"'resnet9'; choose one of compact_resnet"):
        create_network("resnet9", channels=1, classes=7)
