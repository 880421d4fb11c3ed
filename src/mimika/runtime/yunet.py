"""YuNet, the network that finds faces, and one pass of it over a picture.

Wu, Peng and Yu, "YuNet: A Tiny Millisecond-level Face Detector" (2023), in the form in
which libfacedetection ships it; `tools/build_face_detector.py` rebuilds the file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from mimika.core.preprocess import FloatArray, UInt8Array
from mimika.runtime.hardware import ANY_HARDWARE, Hardware, Shapes
from mimika.runtime.session import open_session, provider_of

DETECTOR_FILE = Path(__file__).parent / "weights" / "face_detector.onnx"
MULTIPLE = 32  # the network's coarsest stride: both sides are filled up to it
INPUT = "image"
SHAPES = Shapes((1, 3, 32, 32), (1, 3, 480, 640), (1, 3, 1280, 1280))


class Area(NamedTuple):
    """A part of a picture in whole pixels, up to but not including right and bottom."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True)
class Candidates:
    """What the network answered, one row for each place that it found possible.

    Attributes:
        scores: float32 (N,), 0..1.
        boxes: float32 (N, 4), x, y, width and height in pixels of the picture; may
            reach over its borders.
        landmarks: float32 (N, 5, 2), x and y of the person's right eye, left eye, nose
            tip, right and left corner of the mouth.
        widths: float32 (N,), of the boxes in pixels of the network's input.
    """

    scores: FloatArray
    boxes: FloatArray
    landmarks: FloatArray
    widths: FloatArray

    def where(self, mask: NDArray[np.bool_]) -> "Candidates":
        """The rows where a mask (N,) is true."""
        return Candidates(
            self.scores[mask], self.boxes[mask], self.landmarks[mask], self.widths[mask]
        )

    def over(self, score: float) -> "Candidates":
        """The rows that score at least this."""
        return self.where(self.scores >= score)

    @staticmethod
    def joined(parts: Sequence["Candidates"]) -> "Candidates":
        """All rows of several answers about the same picture."""
        return Candidates(
            np.concatenate([part.scores for part in parts]),
            np.concatenate([part.boxes for part in parts]),
            np.concatenate([part.landmarks for part in parts]),
            np.concatenate([part.widths for part in parts]),
        )


class YuNet:
    """The network in ONNX Runtime; keeps no state between calls."""

    def __init__(self, hardware: Hardware = ANY_HARDWARE) -> None:
        """Opens the network that is shipped in the package.

        Args:
            hardware: what it may use.

        Raises:
            ConfigError: the hardware is required and does not work here.
        """
        self._session = open_session(DETECTOR_FILE, hardware, {INPUT: SHAPES})

    @property
    def provider(self) -> str:
        """What it runs on, one of `hardware.PROVIDERS`."""
        return provider_of(self._session)

    def look(
        self, pixels: UInt8Array, scale: float, least: float, area: Area | None = None
    ) -> Candidates:
        """One pass over a picture, or over a part of it.

        Args:
            pixels: uint8 (H, W, 3), RGB, 0..255.
            scale: pixels of the network's input for one of the picture.
            least: candidates under this score are left out.
            area: the part to look at; None for all.
        """
        left, top, right, bottom = area or (0, 0, pixels.shape[1], pixels.shape[0])
        image, scales = _network_input(pixels[top:bottom, left:right], scale)
        scores, boxes, landmarks = self._session.run(None, {INPUT: image})
        seen = Candidates(scores, boxes, landmarks, boxes[:, 2]).over(least)
        corner = np.array([left, top], np.float32)
        both = np.concatenate([scales, scales])
        placed = seen.boxes / both
        placed[:, :2] += corner
        points = seen.landmarks / scales + corner
        return Candidates(seen.scores.clip(max=1), placed, points, seen.widths)


def _network_input(pixels: UInt8Array, scale: float) -> tuple[UInt8Array, FloatArray]:
    """uint8 (1, 3, H, W) BGR, zeros at the right and bottom, and its scale (x, y)."""
    height, width = pixels.shape[:2]
    new_w = max(1, round(width * scale))
    new_h = max(1, round(height * scale))
    scaled = _scaled(pixels, new_w, new_h)
    filled = np.zeros((1, 3, _fill(new_h), _fill(new_w)), np.uint8)
    for plane, channel in zip(filled[0], (2, 1, 0), strict=True):
        cv2.extractChannel(scaled, channel, plane[:new_h, :new_w])
    return filled, np.array([new_w / width, new_h / height], np.float32)


def _scaled(pixels: UInt8Array, width: int, height: int) -> UInt8Array:
    """uint8 (height, width, 3): halved as often as possible, the rest interpolated.

    Averaging by a factor that is no whole number takes OpenCV ten times as long, and
    the network finds the same faces.
    """
    while pixels.shape[1] >= 2 * width and pixels.shape[0] >= 2 * height:
        half = pixels.shape[1] // 2, pixels.shape[0] // 2
        even = pixels[: 2 * half[1], : 2 * half[0]]
        pixels = np.asarray(cv2.resize(even, half, interpolation=cv2.INTER_AREA))
    if pixels.shape[:2] == (height, width):
        return pixels
    size = (width, height)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR))


def _fill(side: int) -> int:
    return -(-side // MULTIPLE) * MULTIPLE
