"""The policies that have names."""

import numpy as np
import pytest

from mimika.augmentation.batch_policy import BatchAugmenter
from mimika.augmentation.named import NAMED
from mimika.augmentation.policies import parse_policy


def names_in(policy):
    return [step.name for step in parse_policy(policy).steps]


def test_the_names_are_those_that_experiments_use():
    assert list(NAMED) == ["none", "flips", "simple", "rich"]


def test_only_the_baseline_turns_faces_upside_down():
    assert [name for name in NAMED if "VerticalFlip" in names_in(name)] == ["flips"]


def test_rich_does_what_simple_does_and_more():
    assert set(names_in("simple")) < set(names_in("rich"))


@pytest.mark.parametrize("name", NAMED)
def test_each_has_a_batched_form(name):
    BatchAugmenter(parse_policy(name))


@pytest.mark.parametrize("name", ["simple", "rich"])
def test_bright_skin_hardly_becomes_plain_white(name):
    bright = np.full((48, 48), 205, np.uint8)
    augment = parse_policy(name).build(48)
    white = [
        (augment(bright, seed=0, epoch=0, row=row) == 255).mean() for row in range(300)
    ]
    assert np.mean(white) < 0.05
