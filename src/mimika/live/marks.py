"""What is drawn on the screen alone, not into a recording: recording and pause."""

import cv2

from mimika.core.preprocess import UInt8Array

RED = (220, 30, 40)
WHITE = (255, 255, 255)
HALO = (16, 16, 16)
SIDE_SHARE = 0.06  # of the picture's shorter side
LEAST_PX = 12


def with_marks(pixels: UInt8Array, *, recording: bool, paused: bool) -> UInt8Array:
    """The picture with a red disc while recording, and two bars while paused.

    Args:
        pixels: uint8 (H, W, 3), RGB; is not changed.
        recording: draws the disc, in the upper right corner.
        paused: draws the bars, in the middle.

    Returns:
        uint8 (H, W, 3), RGB; the same array where there is nothing to draw.
    """
    if not recording and not paused:
        return pixels
    marked = pixels.copy()
    side = max(LEAST_PX, round(SIDE_SHARE * min(pixels.shape[:2])))
    if recording:
        _disc(marked, side)
    if paused:
        _bars(marked, 2 * side)
    return marked


def _disc(picture: UInt8Array, side: int) -> None:
    radius = side // 2
    place = (picture.shape[1] - side, side)
    cv2.circle(picture, place, radius + max(1, side // 8), HALO, -1, cv2.LINE_AA)
    cv2.circle(picture, place, radius, RED, -1, cv2.LINE_AA)


def _bars(picture: UInt8Array, side: int) -> None:
    middle, top = picture.shape[1] // 2, (picture.shape[0] - side) // 2
    thick, edge = 2 * side // 7, max(1, side // 16)
    for left in (middle - side // 3 - thick // 2, middle + side // 3 - thick // 2):
        near, far = (left, top), (left + thick, top + side)
        outer = (left - edge, top - edge), (left + thick + edge, top + side + edge)
        cv2.rectangle(picture, *outer, HALO, -1)
        cv2.rectangle(picture, near, far, WHITE, -1)
