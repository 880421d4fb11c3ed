"""The square that is cut out around a face."""

import numpy as np
import pytest

from mimika.core.preprocess import UInt8Array
from mimika.runtime.framing import (
    LEAST_TILT_DEGREES,
    SIDE,
    face_crop,
    tilt_of,
    two_views,
)


def numbered(height: int, width: int) -> UInt8Array:
    """A picture whose red is the column and whose green is the row."""
    rows, columns = np.mgrid[:height, :width]
    return np.stack([columns, rows, np.zeros_like(rows)], axis=2).astype(np.uint8)


def test_the_square_has_the_boxs_centre_and_a_side_by_its_area() -> None:
    crop = face_crop(numbered(200, 200), (80, 60, 40, 90))
    side = round(60 * SIDE)  # 60 is the root of 40 times 90
    assert crop.shape == (side, side, 3)
    assert crop[0, 0, 0] == round(100 - side / 2)
    assert crop[0, 0, 1] == round(105 - side / 2)
    np.testing.assert_array_equal(np.diff(crop[0, :, 0]), 1)
    np.testing.assert_array_equal(np.diff(crop[:, 0, 1]), 1)


def test_outside_the_picture_its_edge_is_repeated() -> None:
    crop = face_crop(numbered(100, 100), (0, 0, 40, 40), scale=44 / 40 / SIDE)
    assert crop.shape == (44, 44, 3)
    np.testing.assert_array_equal(crop[0], crop[2])  # row -2 is row 0
    np.testing.assert_array_equal(crop[:, 1], crop[:, 2])
    assert crop[2, 2].tolist() == [0, 0, 0]
    assert crop[-1, -1].tolist() == [41, 41, 0]


def test_of_two_views_one_is_closer_and_one_is_wider_and_mirrored() -> None:
    picture, box = numbered(200, 200), (80.0, 60.0, 60.0, 60.0)
    closer, wider = two_views(picture, box)
    assert len(closer) < len(face_crop(picture, box)) < len(wider)
    np.testing.assert_array_equal(np.diff(closer[0, :, 0]), 1)
    np.testing.assert_array_equal(np.diff(wider[0, :, 0].astype(int)), -1)
    for view in (closer, wider):
        middle = view.astype(int)[:, :, :2].mean(axis=(0, 1))
        assert middle == pytest.approx((109.5, 89.5), abs=0.6)


@pytest.mark.parametrize(
    ("picture", "box"),
    [
        ((1, 1), (0, 0, 1, 1)),
        ((3, 500), (0, 0, 500, 3)),
        ((500, 3), (0, 100, 3, 300)),
        ((60, 60), (59.6, 59.7, 0.4, 0.3)),
        ((60, 60), (0, 0, 60, 60)),
        ((48, 48), (0, 0, 0.01, 0.01)),
    ],
)
def test_any_box_inside_any_picture_gives_a_square(
    picture: tuple[int, int], box: tuple[float, float, float, float]
) -> None:
    crop = face_crop(numbered(*picture), box)
    assert crop.shape[0] == crop.shape[1] >= 1
    assert crop.shape[2] == 3


@pytest.mark.parametrize(
    ("eyes", "degrees"),
    [(((0, 0), (9, 0)), 0), (((0, 0), (5, 5)), 45), (((0, 0), (0, 3)), 90)],
)
def test_the_tilt_is_that_of_the_line_from_the_right_eye_to_the_left(
    eyes: tuple[tuple[float, float], ...], degrees: float
) -> None:
    marks = np.array([*eyes, (0, 0), (0, 0), (0, 0)], np.float32)
    assert tilt_of(marks) == pytest.approx(degrees)
    upside_down = abs(tilt_of(-marks) - degrees)
    assert upside_down == pytest.approx(180)


@pytest.mark.parametrize("quarters", [-1, 0, 1, 2])
def test_quarter_turns_are_exact(quarters: int) -> None:
    picture, box = numbered(200, 200), (80, 60, 40, 90)
    crop = face_crop(picture, box, 90 * quarters + LEAST_TILT_DEGREES - 1)
    np.testing.assert_array_equal(crop, np.rot90(face_crop(picture, box), quarters))


@pytest.mark.parametrize("degrees", [30, -30, 75, 120])
def test_a_head_that_leans_far_is_turned_about_the_boxs_middle(degrees: float) -> None:
    crop = face_crop(numbered(200, 200), (80, 70, 60, 60), degrees).astype(int)
    middle = crop.shape[0] // 2
    assert crop[middle, middle, :2] == pytest.approx((110, 100), abs=1.5)
    step = crop[middle, middle + 20, :2] - crop[middle, middle, :2]
    angle = np.degrees(np.arctan2(step[1], step[0]))
    assert angle == pytest.approx(degrees, abs=4)  # right in the crop is along the eyes


def test_the_last_bits_of_a_box_and_a_tilt_do_not_change_a_straightened_face() -> None:
    picture = numbered(200, 200)
    crop = face_crop(picture, (80.2, 70.3, 60.1, 60.4), 21.2)
    near = face_crop(picture, (80.2001, 70.2999, 60.1001, 60.4), 21.2003)
    np.testing.assert_array_equal(crop, near)
