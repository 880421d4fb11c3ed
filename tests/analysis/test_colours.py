import numpy as np
import pytest

from mimika.analysis.colours import colours_of, with_colours


def test_one_colour_fills_one_bin():
    found = colours_of(np.full((5, 7, 3), (200, 30, 30), np.uint8))
    assert found.shape == (144,)
    assert sorted(found.tolist())[-2:] == [0, 1]


def test_features_and_colours_stand_side_by_side():
    rng = np.random.default_rng(0)
    colours = rng.uniform(0, 1, (20, 144)).astype(np.float16)
    joined = with_colours(np.ones((20, 3), np.float32), colours)
    assert joined.shape == (20, 147)
    assert joined[:, 3:].var(axis=0).sum() == pytest.approx(1, rel=1e-3)


def test_pictures_of_the_same_colours_do_not_fail():
    found = with_colours(np.ones((3, 2), np.float32), np.zeros((3, 144), np.float16))
    assert np.isfinite(found).all()
