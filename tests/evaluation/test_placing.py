"""Where a figure stands among published ones for other, easier pictures."""

import pytest

from mimika.evaluation.placing import EASIER, describe_place, place
from mimika.evaluation.published import load_published, parse_published

ROW = """
[[model]]
name = "{}"
accuracy = {}
split = "{}"
standing = "{}"
selection = "best on PublicTest"
inference = "single network"
pretraining = "none"
source = "a paper"
doubt = "One seed."
"""


@pytest.fixture
def published():
    low, high = (0.70 + more for more in EASIER)
    rows = [
        ("above", high + 1e-9, "PrivateTest", "clean"),
        ("upper end", high, "PrivateTest", "clean"),
        ("lower end", low, "PrivateTest", "not audited"),
        ("below", low - 1e-9, "PrivateTest", "clean"),
        ("elsewhere", 0.9, "not stated", "not audited"),
        ("leaked", 0.95, "PrivateTest", "leaked"),
    ]
    return parse_published("".join(ROW.format(*row) for row in rows), "test")


def test_only_comparable_figures_for_the_other_split_are_counted(published):
    found = place(0.70, published)
    assert (found.above, found.between, found.below) == (1, 2, 1)
    assert (found.low, found.high) == pytest.approx((0.712, 0.718))


def test_the_shift_and_the_place_are_told(published):
    text = describe_place(0.70, "PublicTest", published)
    assert "1.2 to 1.8 points higher" in text
    assert "70.0 % here is to be read as about 71.2 % to 71.8 % there" in text
    assert "1 are above that, 1 below and 2 not to be told apart from it" in text
    assert "none not to be told apart" in describe_place(0.8, "PublicTest", published)


def test_other_pictures_are_not_placed(published):
    text = describe_place(0.70, "10 % of Training, held out", published)
    assert "cannot be placed" in text
    assert "points" not in text


def test_the_published_figures_have_some_to_be_placed_among():
    found = place(0.68, load_published())
    assert found.above + found.between + found.below > 10
