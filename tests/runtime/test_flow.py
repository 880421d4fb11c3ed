"""Following boxes by what moves inside them."""

import cv2
import numpy as np
import pytest

from mimika.runtime.flow import LONGEST, Step, copy_of, follow

BOX = (200.0, 150.0, 120.0, 140.0)
CENTRE = (260.0, 220.0)


def scene():
    """A picture, 640 x 480 pixels, with something to follow everywhere."""
    rng = np.random.default_rng(3)
    rough = rng.integers(0, 256, (480, 640, 3), np.uint8)
    soft = cv2.GaussianBlur(rough, (0, 0), 4).astype(int)
    return ((soft - 128) * 4 + 128).clip(0, 255).astype(np.uint8)


def warped(picture, across=0.0, down=0.0, growth=1.0):
    turn = cv2.getRotationMatrix2D(CENTRE, 0, growth)
    turn[:, 2] += (across, down)
    return cv2.warpAffine(picture, turn, (640, 480), borderMode=cv2.BORDER_REFLECT)


@pytest.mark.parametrize(("across", "down"), [(0, 0), (9, -6), (-14.5, 3), (2, 12)])
def test_a_shift_is_found(across, down):
    before = scene()
    (step,) = follow(copy_of(before), copy_of(warped(before, across, down)), [BOX])
    assert (step.across, step.down) == pytest.approx((across, down), abs=0.4)
    assert step.growth == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("growth", [0.94, 1.06])
def test_growth_is_found(growth):
    before = scene()
    (step,) = follow(copy_of(before), copy_of(warped(before, growth=growth)), [BOX])
    assert step.growth == pytest.approx(growth, abs=0.01)
    assert (step.across, step.down) == pytest.approx((0, 0), abs=0.6)


def test_a_large_shift_is_found_where_it_is_expected():
    before = scene()
    after = warped(before, 60)
    expected = (BOX[0] + 55, *BOX[1:])
    (step,) = follow(copy_of(before), copy_of(after), [BOX], [expected])
    assert step.across == pytest.approx(60, abs=0.5)


def test_boxes_are_followed_each_by_itself():
    before = scene()
    after = before.copy()
    after[:, 320:] = warped(before, 6)[:, 320:]
    steps = follow(
        copy_of(before), copy_of(after), [(60, 100, 120, 120), (420, 100, 120, 120)]
    )
    assert [round(step.across) for step in steps] == [0, 6]


def test_what_shows_something_else_is_not_followed():
    other = scene()[::-1, ::-1].copy()
    assert follow(copy_of(scene()), copy_of(other), [BOX]) == [None]


def test_what_left_the_picture_is_not_followed():
    steps = follow(copy_of(scene()), copy_of(scene()), [(630, 470, 120, 120)])
    assert steps == [None]


def test_pictures_of_different_sizes_are_not_compared():
    before, after = copy_of(scene()), copy_of(scene()[:300])
    assert follow(before, after, [BOX]) == [None]
    assert follow(before, before, []) == []


def test_the_copy_is_small_and_grey():
    large = copy_of(cv2.resize(scene(), (3840, 2160)))
    assert max(large.grey.shape) == LONGEST
    assert large.scale == LONGEST / 3840
    assert copy_of(scene()[:90, :120]).grey.shape == (90, 120)


def test_a_step_keeps_the_middle_while_it_grows():
    assert Step(10, -5, 1.5).apply((0, 0, 20, 40)) == (5, -15, 30, 60)
