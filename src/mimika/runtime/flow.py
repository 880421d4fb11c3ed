"""Follows boxes from one picture to the next by what moves inside them.

Lucas and Kanade's optical flow in pyramids (Bouguet, "Pyramidal Implementation of the
Lucas Kanade Feature Tracker", 2000) for a grid of points in each box; a point counts if
it comes back to where it was when followed backwards, and the box moves by the median
of those and grows by the median of how their distances changed (Kalal et al.,
"Forward-Backward Error: Automatic Detection of Tracking Failures", 2010). All boxes of
a picture are followed in one call.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mimika.core.preprocess import FloatArray, UInt8Array, resize, to_grey
from mimika.runtime.framing import Rectangle

LONGEST = 320  # pixels of the copy in which points are followed
GRID = 5  # points across and down
INNER = 0.7  # of the box: its corners show what is behind the face
WINDOW = (11, 11)
LEVELS = 2
BACK_PX = 0.8  # of the copy: how near a point has to come back
LEAST = 0.4  # of a box's points have to be good
PAIRS = np.array([(i, GRID * GRID - 1 - i) for i in range(GRID * GRID // 2)])


@dataclass(frozen=True)
class Copy:
    """A picture made small and grey.

    Attributes:
        grey: uint8 (h, w).
        scale: pixels of the copy for one of the picture.
    """

    grey: UInt8Array
    scale: float


@dataclass(frozen=True)
class Step:
    """How a box moved.

    Attributes:
        across: pixels of the picture.
        down: likewise.
        growth: factor.
    """

    across: float
    down: float
    growth: float

    def apply(self, box: Rectangle) -> Rectangle:
        """The box after it."""
        x, y, w, h = box
        wider, higher = w * self.growth, h * self.growth
        return (
            x + self.across - (wider - w) / 2,
            y + self.down - (higher - h) / 2,
            wider,
            higher,
        )


def copy_of(pixels: UInt8Array) -> Copy:
    """A small grey copy of a picture.

    Args:
        pixels: uint8 (H, W, 3), RGB, 0..255.
    """
    height, width = pixels.shape[:2]
    scale = min(1.0, LONGEST / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    # nearest pixels first where a picture is large: grey is made of few
    skip = max(1, int(1 / scale) // 2)
    return Copy(resize(to_grey(_thinned(pixels, skip)), *size, cv2.INTER_AREA), scale)


def follow(
    before: Copy,
    after: Copy,
    boxes: Sequence[Rectangle],
    expected: Sequence[Rectangle] | None = None,
) -> list[Step | None]:
    """How each box moved from one picture to the next; None where that is not clear.

    Args:
        before: the former picture.
        after: the next one, of the same size.
        boxes: x, y, width and height in pixels of the former picture.
        expected: about where they are in the next one; None for where they were.
    """
    if not boxes or before.grey.shape != after.grey.shape:
        return [None] * len(boxes)
    points = np.concatenate([_grid(box, before.scale) for box in boxes])
    near = [_grid(box, before.scale) for box in expected or boxes]
    there, went = _moved(before.grey, after.grey, points, np.concatenate(near))
    back, came = _moved(after.grey, before.grey, there, points)
    returned = np.linalg.norm(back - points, axis=1) < BACK_PX
    good = went & came & returned & _inside(there, after.grey)
    shape = (len(boxes), GRID * GRID)
    rows = zip(
        points.reshape(*shape, 2),
        there.reshape(*shape, 2),
        good.reshape(shape),
        strict=True,
    )
    return [_step(*row, before.scale) for row in rows]


def _moved(
    before: UInt8Array, after: UInt8Array, points: FloatArray, near: FloatArray
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Where points (N, 2) went, looked for near some others; which were found."""
    there, found, _ = cv2.calcOpticalFlowPyrLK(
        before,
        after,
        points,
        near.copy(),  # it is written to
        winSize=WINDOW,
        maxLevel=LEVELS,
        flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
    )
    return np.asarray(there, np.float32), np.asarray(found).ravel() > 0


def _step(
    points: FloatArray, there: FloatArray, good: NDArray[np.bool_], scale: float
) -> Step | None:
    if good.mean() < LEAST:
        return None
    across, down = np.median((there - points)[good], axis=0) / scale
    whole = PAIRS[good[PAIRS].all(axis=1)]  # points on opposite sides of the middle
    if len(whole) < 2:
        return Step(float(across), float(down), 1.0)
    former = np.linalg.norm(points[whole[:, 0]] - points[whole[:, 1]], axis=1)
    now = np.linalg.norm(there[whole[:, 0]] - there[whole[:, 1]], axis=1)
    growth = float(np.median(now / np.maximum(former, 1e-3)))
    return Step(float(across), float(down), growth)


def _grid(box: Rectangle, scale: float) -> FloatArray:
    """float32 (25, 2), x and y in the small copy."""
    x, y, w, h = box
    places = (np.linspace(-0.5, 0.5, GRID) * INNER + 0.5).astype(np.float32)
    across, down = np.meshgrid(x + w * places, y + h * places)
    return (np.stack([across.ravel(), down.ravel()], axis=1) * scale).astype(np.float32)


def _inside(points: FloatArray, grey: UInt8Array) -> NDArray[np.bool_]:
    height, width = grey.shape
    return np.asarray(((points >= 0) & (points < (width, height))).all(axis=1))


def _thinned(pixels: UInt8Array, skip: int) -> UInt8Array:
    return pixels if skip == 1 else np.ascontiguousarray(pixels[::skip, ::skip])
