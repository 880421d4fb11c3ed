"""What lies about on a workbench: pieces of cable, chips, pencil marks.

Their size is drawn in fractions of the picture, every size as likely: beside a bolt of
15 mm may lie a screw for spectacles or one for a bridge, so that they are no ruler.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mimika.core.preprocess import FloatArray
from mimika.data.drawing_light import Finish
from mimika.data.drawing_surfaces import Colour, Size, fractal

Rng = np.random.Generator

CABLES: tuple[Colour, ...] = (
    (0.75, 0.12, 0.10),
    (0.10, 0.22, 0.60),
    (0.12, 0.12, 0.13),
    (0.80, 0.68, 0.12),
    (0.15, 0.42, 0.20),
    (0.70, 0.70, 0.68),
)
POINTS = 60  # of a curve


def fraction(rng: Rng, least: float, most: float) -> float:
    """A number between two, every order of magnitude as likely."""
    return float(np.exp(rng.uniform(np.log(least), np.log(most))))


def cable(rng: Rng, size: Size) -> tuple[FloatArray, Finish]:
    """A piece of insulated wire: its height (H, W) in pixels, and its finish."""
    radius = fraction(rng, 0.008, 0.035) * max(size)
    line = _curve(rng, size, fraction(rng, 0.2, 0.9), bend=1.6)
    height = _tube(line, np.full(POINTS, radius), size)
    colour = CABLES[int(rng.integers(len(CABLES)))]
    return height, Finish(colour, 0.12, 0.01)


def chip(rng: Rng, size: Size) -> tuple[FloatArray, Finish]:
    """A curled turning of metal: its height (H, W) in pixels, and its finish."""
    radius = fraction(rng, 0.004, 0.014) * max(size)
    curl = float(rng.uniform(3, 9)) * float(rng.choice([-1, 1]))
    line = _curve(rng, size, fraction(rng, 0.06, 0.25), bend=curl)
    thin = np.sin(np.linspace(0.15, np.pi - 0.1, POINTS)) ** 0.6
    height = _tube(line, radius * thin, size)
    return height, Finish((0.72, 0.72, 0.72), 0.8, 0.2)


def pencil(rng: Rng, size: Size) -> FloatArray:
    """Marks on the bench: float32 (H, W), what is left of the light."""
    dark = np.zeros(size, np.float32)
    for _ in range(int(rng.integers(1, 4))):
        line = _curve(
            rng, size, fraction(rng, 0.2, 1.2), bend=float(rng.normal(0, 0.4))
        )
        thick = max(1, round(fraction(rng, 0.003, 0.009) * max(size)))
        mark = np.zeros(size, np.uint8)
        cv2.polylines(mark, [_fixed(line)], False, 255, thick, cv2.LINE_AA, 4)
        dark = np.maximum(dark, mark * np.float32(rng.uniform(0.3, 0.7) / 255))
    worn = (0.75 + 0.3 * fractal(rng, size, 0.7)).clip(0.1, 1)
    return np.asarray(1 - dark * worn, np.float32)


def _curve(rng: Rng, size: Size, long: float, bend: float) -> FloatArray:
    """A bent line (POINTS, 2) of x and y in pixels, somewhere in a picture.

    Args:
        rng: source of place and direction.
        size: of the picture.
        long: its length, of the picture's longer side.
        bend: radians by which it turns, with some chance.
    """
    turns = np.linspace(0, bend * rng.uniform(0.6, 1.2), POINTS)
    turns = turns + 0.3 * np.sin(np.linspace(0, rng.uniform(2, 7), POINTS))
    turns = turns + rng.uniform(0, 2 * np.pi)
    steps = np.stack([np.cos(turns), np.sin(turns)], 1) * long * max(size) / POINTS
    line = np.cumsum(steps, axis=0)
    middle = rng.uniform(-0.05, 1.05, 2) * size[::-1]
    return np.asarray(line - line.mean(axis=0) + middle, np.float32)


def _tube(line: FloatArray, radii: NDArray[Any], size: Size) -> FloatArray:
    """The upper side of something round that follows a line: (H, W), in pixels."""
    mask = np.zeros(size, np.uint8)
    places = [(int(x), int(y)) for x, y in _fixed(line)]
    for start, end, radius in zip(places[:-1], places[1:], radii, strict=False):
        thick = max(1, round(2 * float(radius)))
        cv2.line(mask, start, end, 255, thick, cv2.LINE_8, 4)
    if not mask.any():  # it lies beside the picture
        return np.zeros(size, np.float32)
    inside = cv2.distanceTransform(mask, cv2.DIST_L2, 5)
    most = np.float32(max(1.0, radii.max()))
    under = most**2 - (most - inside).clip(0) ** 2
    return np.asarray(np.where(mask > 0, 0.6 * most + np.sqrt(under), 0), np.float32)


def _fixed(points: FloatArray) -> NDArray[np.int32]:
    """In sixteenths of pixels, as OpenCV takes parts of them."""
    return (np.asarray(points) * 16).round().astype(np.int32)
