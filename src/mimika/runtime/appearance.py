"""What a face looks like, in a few numbers: to tell people in one picture apart.

Two cues that a person keeps from one second to the next: the pattern of light and dark
in a small copy of the face, compared by correlation; and the colours of the face with
what is around it (hair, clothes), as a histogram of chroma, compared by its
intersection (Swain and Ballard, "Color Indexing", 1991). This is no recognition of
faces: it says nothing about anybody's identity outside of the video.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from mimika.core.preprocess import FloatArray, UInt8Array, to_grey
from mimika.runtime.framing import Rectangle

SIDE = 16  # of the small copy in pixels
AROUND = 1.8  # side of what is around the face, in sides of its box
SAMPLED = 24  # side of the copy whose colours are counted
BINS = 8  # of chroma, for each of its two axes
PATTERN_WEIGHT = 0.6  # the colours have the rest


@dataclass(frozen=True)
class Appearance:
    """How a face looks.

    Attributes:
        pattern: float32 (256,), mean 0 and length 1; zeros for an even surface.
        colours: float32 (64,), sums to 1.
    """

    pattern: FloatArray
    colours: FloatArray

    def likeness(self, other: "Appearance") -> float:
        """-1 (opposite) to 1 (the same)."""
        pattern = float(self.pattern @ other.pattern)
        shared = float(np.minimum(self.colours, other.colours).sum())
        return PATTERN_WEIGHT * pattern + (1 - PATTERN_WEIGHT) * (2 * shared - 1)

    def blended(self, other: "Appearance", share: float) -> "Appearance":
        """Between this one and another, which has this share."""
        pattern = (1 - share) * self.pattern + share * other.pattern
        length = float(np.linalg.norm(pattern))
        return Appearance(
            np.asarray(pattern / length if length else pattern, np.float32),
            (1 - share) * self.colours + share * other.colours,
        )


def appearance_of(pixels: UInt8Array, box: Rectangle) -> Appearance:
    """Looks at a face.

    Args:
        pixels: uint8 (H, W, 3), RGB, 0..255.
        box: x, y, width and height in pixels; may reach over the border.
    """
    face = cv2.resize(_cut(pixels, box, 1.0), (SIDE, SIDE), None, 0, 0, cv2.INTER_AREA)
    around = cv2.resize(_cut(pixels, box, AROUND), (SAMPLED, SAMPLED))
    return Appearance(
        _pattern(np.asarray(face, np.uint8)), _colours(np.asarray(around, np.uint8))
    )


def _pattern(face: UInt8Array) -> FloatArray:
    values = to_grey(face).astype(np.float32).ravel()
    values -= values.mean()
    length = float(np.linalg.norm(values))
    return np.asarray(values / length if length else values, np.float32)


def _colours(around: UInt8Array) -> FloatArray:
    chroma = np.asarray(cv2.cvtColor(around, cv2.COLOR_RGB2YCrCb))[:, :, 1:]
    # nearly all of it lies in the middle half of the range
    spread = ((chroma.astype(int) - 128) * 2 + 128).clip(0, 255) * BINS // 256
    places = spread[:, :, 0] * BINS + spread[:, :, 1]
    counts = np.bincount(places.ravel(), minlength=BINS * BINS)
    return np.asarray(counts / counts.sum(), np.float32)


def _cut(pixels: UInt8Array, box: Rectangle, scale: float) -> UInt8Array:
    """The box, scaled about its middle, as far as it lies in the picture."""
    x, y, w, h = box
    height, width = pixels.shape[:2]
    left = min(max(round(x + w / 2 - w * scale / 2), 0), width - 1)
    top = min(max(round(y + h / 2 - h * scale / 2), 0), height - 1)
    right = max(round(x + w / 2 + w * scale / 2), left + 1)
    bottom = max(round(y + h / 2 + h * scale / 2), top + 1)
    return pixels[top:bottom, left:right]
