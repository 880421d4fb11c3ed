"""Boxes that show the same face."""

import cv2
import numpy as np
import pytest

from mimika.runtime.boxes import clip, drop_inner, suppress


@pytest.mark.parametrize("count", [0, 1, 2, 30, 200])
def test_suppression_keeps_what_opencv_keeps(count: int) -> None:
    random = np.random.default_rng(3)
    corners = random.uniform(0, 100, (count, 2))
    sizes = random.uniform(5, 50, (count, 2))
    boxes = np.concatenate([corners, sizes], axis=1).astype(np.float32)
    scores = random.uniform(0.1, 1, count).astype(np.float32)
    kept = suppress(boxes, scores, 0.3)
    oracle = cv2.dnn.NMSBoxes(boxes.tolist(), scores.tolist(), 0.0, 0.3)
    assert kept == list(oracle)


def test_a_box_mostly_inside_a_larger_one_is_dropped() -> None:
    face, mouth = (0, 0, 100, 100), (30, 60, 40, 30)
    half_outside, apart = (80, 20, 40, 40), (200, 0, 10, 10)
    boxes = np.array([mouth, face, half_outside, apart], np.float32)
    assert drop_inner(boxes, [0, 1, 2, 3], 0.6) == [1, 2, 3]
    assert drop_inner(boxes, [0, 2, 3], 0.6) == [0, 2, 3]
    assert drop_inner(boxes, [3, 1, 0], 0.6) == [3, 1]
    assert drop_inner(boxes, [], 0.6) == []


def test_of_two_equal_boxes_neither_is_inside_the_other() -> None:
    boxes = np.array([(5, 5, 20, 20), (5, 5, 20, 20)], np.float32)
    assert drop_inner(boxes, [0, 1], 0.6) == [0, 1]


def test_boxes_are_cut_off_at_the_pictures_borders() -> None:
    boxes = np.array([(-5, 10, 20, 20), (90, 40, 30, 30), (200, 0, 5, 5)], np.float32)
    expected = [(0, 10, 15, 20), (90, 40, 10, 10), (100, 0, 0, 5)]
    np.testing.assert_array_equal(clip(boxes, 100, 50), expected)
