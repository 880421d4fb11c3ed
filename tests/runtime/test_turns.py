"""Pictures turned by quarters, and the way back."""

import numpy as np
import pytest

from mimika.runtime.turns import turned, turned_back
from mimika.runtime.yunet import Candidates

WIDTH, HEIGHT = 70, 40


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_box_found_in_the_turned_picture_comes_back_to_its_place(
    quarters: int,
) -> None:
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    pixels[10:18, 20:50] = 255
    pixels[12, 22] = 7  # a landmark near the upper left corner of the box
    there = turned(pixels, quarters)
    rows, columns = np.nonzero(there.any(axis=2))
    x, y = columns.min(), rows.min()
    box = (x, y, columns.max() + 1 - x, rows.max() + 1 - y)
    row, column = (places[0] for places in np.nonzero((there == 7).all(axis=2)))
    seen = Candidates(
        np.array([0.9], np.float32),
        np.array([box], np.float32),
        np.full((1, 5, 2), (column + 0.5, row + 0.5), np.float32),
        np.array([30], np.float32),
    )
    back = turned_back(seen, quarters, WIDTH, HEIGHT)
    np.testing.assert_allclose(back.boxes, [(20, 10, 30, 8)])
    np.testing.assert_allclose(back.landmarks, np.full((1, 5, 2), (22.5, 12.5)))
    np.testing.assert_array_equal(back.scores, seen.scores)


def test_nothing_found_turns_back_to_nothing() -> None:
    none = np.empty(0, np.float32)
    empty = Candidates(none, none.reshape(0, 4), none.reshape(0, 5, 2), none)
    assert turned_back(empty, 1, WIDTH, HEIGHT).boxes.shape == (0, 4)
