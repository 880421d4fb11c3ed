"""The allow-list."""

import pytest

from mimika.augmentation.pipeline import Augmenter
from mimika.augmentation.transforms import ALLOWED, Step

CASES = [(name, parameter) for name, known in ALLOWED.items() for parameter in known]


@pytest.mark.parametrize(("name", "parameter"), CASES)
def test_a_default_lies_in_the_range_that_is_accepted(name, parameter):
    accepted = ALLOWED[name][parameter]
    low, high = accepted.default
    assert accepted.low <= low <= high <= accepted.high
    assert not accepted.whole or low == int(low)


@pytest.mark.parametrize("name", ALLOWED)
@pytest.mark.parametrize("end", ["low", "high"])
def test_the_widest_ranges_work_and_keep_size_and_type(name, end, face):
    ranges = tuple(
        (key, (getattr(accepted, end), getattr(accepted, end)))
        for key, accepted in ALLOWED[name].items()
    )
    changed = Augmenter([Step(name, 1.0, ranges)], 48)(face, seed=1, epoch=1, row=1)
    assert changed.shape == (48, 48)
    assert changed.dtype == "uint8"


def test_a_step_tells_the_range_of_a_parameter():
    assert Step("RandomGamma", 0.5, (("gamma_limit", (80, 120)),)).pair(
        "gamma_limit"
    ) == (80, 120)


def test_what_is_expected_is_said_in_words():
    expected = ALLOWED["ImageCompression"]["quality_range"].expected
    assert expected == "two whole numbers [low, high] with 10 <= low <= high <= 100"
