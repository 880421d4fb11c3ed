"""Where a face is expected: a Kalman filter for a box that moves evenly.

Kalman, "A New Approach to Linear Filtering and Prediction Problems" (1960), with the
model of Bar-Shalom et al., "Estimation with Applications to Tracking and Navigation"
(2001), section 6.3.2: a constant velocity disturbed by white acceleration. The middle
of the box and the logarithm of its size move independently of each other with the same
noise, measured in sizes of the face, so one covariance serves all three; unlike the
textbook, velocity fades where nothing is measured, as people stop or turn.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mimika.runtime.framing import Rectangle

MEASURED = 0.04  # deviation of a detector's box, in sizes of the face
ACCELERATED = 8.0  # deviation of the acceleration, in sizes of the face a second^2
FIRST_SPEED = 1.0  # deviation of the speed of a new face, in sizes a second
MOVING = np.array([1.0, 1.0, 0.0])  # nobody keeps growing: the size stays
FADING_S = 0.5  # time in which an unseen face loses two thirds of its speed


class Motion:
    """Place, size and speed of one face."""

    def __init__(self, box: Rectangle) -> None:
        """Begins with a face at rest.

        Args:
            box: x, y, width and height in pixels.
        """
        self._place = _coordinates(box)
        self._speed = np.zeros(3)
        self._covariance = np.diag([MEASURED**2, FIRST_SPEED**2])
        self._proportion = box[2] / max(box[3], 1e-6)

    @property
    def box(self) -> Rectangle:
        """x, y, width and height in pixels, where the face is expected."""
        x, y, size = self._place[0], self._place[1], self.size_px
        w = size * math.sqrt(self._proportion)
        h = size / math.sqrt(self._proportion)
        return (float(x - w / 2), float(y - h / 2), w, h)

    @property
    def size_px(self) -> float:
        """Side of a square with the box's area."""
        return math.exp(self._place[2])

    @property
    def doubt(self) -> float:
        """Deviation of the expected place, in sizes of the face."""
        return math.sqrt(self._covariance[0, 0])

    def go_on(self, seconds: float, *, fading: bool = False) -> None:
        """Moves the expectation forward in time.

        Args:
            seconds: at least 0.
            fading: whether the face has not been seen for long, so that its speed
                falls.
        """
        keep = math.exp(-seconds / FADING_S) if fading else 1.0
        way = FADING_S * (1 - keep) if fading else seconds
        self._place = self._place + way * self._speed * MOVING
        self._speed = keep * self._speed
        step = np.array([[1, way], [0, keep]])
        pushed = np.array([seconds**2 / 2, seconds])
        noise = ACCELERATED**2 * np.outer(pushed, pushed)
        self._covariance = step @ self._covariance @ step.T + noise

    def correct(self, box: Rectangle, deviation: float = MEASURED) -> None:
        """Takes a measurement into account.

        Args:
            box: x, y, width and height in pixels.
            deviation: of the measurement, in sizes of the face.
        """
        surprise = _coordinates(box) - self._place
        gain = self._covariance[0] / (self._covariance[0, 0] + deviation**2)
        self._place = self._place + gain[0] * surprise
        self._speed = self._speed + gain[1] * surprise * MOVING
        kept = np.eye(2) - np.outer(gain, [1, 0])
        self._covariance = kept @ self._covariance
        self._proportion += gain[0] * (box[2] / max(box[3], 1e-6) - self._proportion)


def _coordinates(box: Sequence[float]) -> NDArray[np.float64]:
    """float64 (3,): the middle, and the logarithm of the size."""
    x, y, w, h = box
    return np.array([x + w / 2, y + h / 2, math.log(max(math.sqrt(w * h), 1.0))])
