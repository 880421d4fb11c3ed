import numpy as np
import pytest

from mimika.live.upright import TURNS, square_size, turned

PICTURE = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)


@pytest.mark.parametrize("turn", TURNS)
def test_each_corner_goes_where_the_matrix_sends_it(turn):
    a, b, c, d = turn
    out = turned(PICTURE, turn)
    for row in range(2):
        for column in range(3):
            x, y = 2 * column - 2, 2 * row - 1  # from the middle, in half pixels
            new_x, new_y = a * x + c * y, b * x + d * y
            height, width = out.shape[:2]
            place = ((new_y + height - 1) // 2, (new_x + width - 1) // 2)
            assert np.array_equal(out[place], PICTURE[row, column])


def test_a_turn_by_another_angle_is_left_alone():
    assert turned(PICTURE, (1, 1, -1, 1)) is PICTURE


@pytest.mark.parametrize("aspect", [None, 0, 1, 1000, 0.0001])
def test_sizes_stay_where_the_aspect_says_nothing_or_nonsense(aspect):
    assert square_size(640, 480, aspect) == (640, 480)
