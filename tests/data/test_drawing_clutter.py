"""What lies about on the bench."""

import numpy as np
import pytest

from mimika.data.drawing_clutter import cable, chip, fraction, pencil

SIZE = (150, 240)


@pytest.mark.parametrize("draw", [cable, chip])
def test_cables_and_chips_are_round_and_of_many_sizes(draw):
    areas = []
    for seed in range(40):
        height, _ = draw(np.random.default_rng(seed), SIZE)
        assert height.shape == SIZE
        assert height.dtype == np.float32
        assert height.min() >= 0
        areas.append((height > 0).sum())
        if areas[-1] > 200:
            levels = np.unique(height[height > 0].round(2))
            assert len(levels) > 2  # highest in the middle
    seen = [area for area in areas if area > 0]
    assert len(seen) > 15
    assert max(seen) > 5 * min(seen)


@pytest.mark.parametrize("draw", [cable, chip])
def test_their_size_is_one_in_fractions_of_the_picture(draw):
    """The same seed at twice the size gives the same thing, enlarged."""
    for seed in range(8):
        small, large = (
            draw(np.random.default_rng(seed), (side, side))[0] for side in (300, 600)
        )
        covered = [(height > 0).mean() for height in (small, large)]
        assert covered[0] == pytest.approx(covered[1], rel=0.2, abs=2e-3)


def test_pencil_marks_darken_thin_lines():
    left = [pencil(np.random.default_rng(seed), SIZE) for seed in range(10)]
    for marks in left:
        assert marks.shape == SIZE
        assert marks.max() <= 1
        assert marks.min() >= 0.2
        assert (marks < 0.97).mean() < 0.2
    assert min(marks.min() for marks in left) < 0.7


def test_every_order_of_magnitude_is_as_likely():
    rng = np.random.default_rng(1)
    drawn = [fraction(rng, 0.01, 1.0) for _ in range(4000)]
    assert min(drawn) >= 0.01
    assert max(drawn) <= 1
    assert np.mean(np.array(drawn) < 0.1) == pytest.approx(0.5, abs=0.03)
