"""Parts as height fields."""

import numpy as np
import pytest
from numpy.typing import NDArray

from mimika.data.drawing_shapes import KINDS, Shape

SIDE = 200
SEEDS = range(12)


def places() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    at = np.linspace(-0.6, 0.6, SIDE, dtype=np.float32)
    x, y = np.meshgrid(at, at)
    return x, y


def shapes(kind: str) -> list[Shape]:
    return [KINDS[kind](np.random.default_rng(seed)) for seed in SEEDS]


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_part_is_as_long_as_one_unit_and_as_wide_as_it_says(kind: str) -> None:
    x, y = places()
    for shape in shapes(kind):
        height = shape.height(x, y)
        assert shape.kind == kind
        assert height.dtype == np.float32
        assert np.isfinite(height).all()
        assert height.min() == 0
        assert 0.02 < height.max() < 0.6
        inside = height > 0
        down, along = (np.ptp(values[inside]) for values in (y, x))
        sides = sorted((down, along))
        assert sides == pytest.approx([shape.across, 1], abs=0.02)


@pytest.mark.parametrize("kind", ["washer", "nut"])
def test_washers_and_nuts_have_a_hole(kind: str) -> None:
    for shape in shapes(kind):
        middle = shape.height(*(np.zeros((1, 1), np.float32),) * 2)
        assert middle == 0
        assert shape.is_round


def test_plates_have_holes_that_the_bench_shows_through() -> None:
    x, y = places()
    for shape in shapes("plate"):
        height = shape.height(x, y)
        middle = (np.abs(x) < 0.48) & (np.abs(y) < shape.across / 2 - 0.02)
        holes = (height[middle] == 0).mean()
        assert 0.005 < holes < 0.4


def test_a_bolt_has_a_wider_head_and_a_thread() -> None:
    along = np.linspace(-0.5, 0.5, 2000, dtype=np.float32)
    for shape in shapes("bolt"):
        ridge = shape.height(along, np.zeros_like(along))
        assert ridge[100] > 1.08 * ridge[1800]
        crests = (np.diff(np.sign(np.diff(ridge[1300:1950]))) < 0).sum()
        assert crests > 4


def test_no_two_parts_of_a_kind_are_alike() -> None:
    x, y = places()
    for kind in KINDS:
        heights = [shape.height(x, y) for shape in shapes(kind)]
        assert len({height.tobytes() for height in heights}) == len(heights)
