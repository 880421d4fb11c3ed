"""Finds faces with YuNet.

Wu, Peng and Yu, "YuNet: A Tiny Millisecond-level Face Detector" (2023), in the form in
which libfacedetection ships it; `tools/build_face_detector.py` rebuilds the file. The
sizes and score limits below are those at which it was measured on 13 annotated
photographs (`benchmarks/detector.py`).
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from mimika.core.preprocess import FloatArray, UInt8Array, resize
from mimika.core.results import Detail
from mimika.runtime.session import open_session

DETECTOR_FILE = Path(__file__).parent / "weights" / "face_detector.onnx"
MULTIPLE = 32  # the network's coarsest stride: both sides are filled up to it
OVERLAP = 0.3  # boxes that share more than this (IoU) are one face


@dataclass(frozen=True)
class Look:
    """One pass of the network over a picture.

    Attributes:
        least: a picture whose longest side is under this many pixels is enlarged to it.
        most: a picture whose longest side is over this many pixels is reduced to it.
        score: detections under this score are dropped.
        narrowest: so are those with fewer pixels of the network's input in width.
    """

    least: int
    most: int
    score: float
    narrowest: int = 0


# The network scores faces much over 320 pixels wide low. The second look finds those
# that fill a picture: of 260 close portraits cut from the annotated photographs it
# raises those found from 175 to 237, for a tenth (1280 px) to a quarter (640 px) more
# time.
LOOKS: dict[Detail, tuple[Look, ...]] = {
    "fine": (Look(640, 1280, 0.65), Look(320, 320, 0.65, narrowest=64)),
    "fast": (Look(320, 320, 0.50),),
}


@dataclass(frozen=True)
class Detection:
    """A face, in pixels of the picture that was searched.

    Attributes:
        box: x, y, width and height, inside the picture.
        score: 0..1.
        landmarks: float32 (5, 2), x and y of the person's right eye, left eye, nose
            tip, right and left corner of the mouth; may lie outside the picture.
    """

    box: tuple[float, float, float, float]
    score: float
    landmarks: FloatArray


class FaceDetector:
    """YuNet in ONNX Runtime; keeps no state between calls."""

    def __init__(self, threads: int = 1) -> None:
        """Opens the network that is shipped in the package.

        Args:
            threads: threads that one run may use.
        """
        self._session = open_session(DETECTOR_FILE, threads)

    def detect(self, pixels: UInt8Array, detail: Detail = "fine") -> list[Detection]:
        """Finds the faces in a picture.

        Args:
            pixels: uint8 (H, W, 3), RGB, 0..255, upright, of any size.
            detail: `fine` for still pictures, `fast` for live ones.

        Returns:
            The faces from left to right, then from top to bottom.
        """
        seen = [self._look(pixels, look) for look in LOOKS[detail]]
        scores, boxes, landmarks = (
            np.concatenate(part) for part in zip(*seen, strict=True)
        )
        kept = suppress(boxes, scores, OVERLAP)
        clipped = _clip(boxes[kept], pixels)
        found = [
            Detection((x, y, w, h), min(float(scores[i]), 1.0), landmarks[i])
            for i, (x, y, w, h) in zip(kept, clipped.tolist(), strict=True)
            if w > 0 and h > 0
        ]
        return sorted(found, key=lambda detection: detection.box)

    def _look(self, pixels: UInt8Array, look: Look) -> list[FloatArray]:
        """Scores (N,), boxes (N, 4), landmarks (N, 5, 2), in pixels of the picture."""
        image, scale = _network_input(pixels, look)
        scores, boxes, landmarks = self._session.run(None, {"image": image})
        kept = (scores >= look.score) & (boxes[:, 2] >= look.narrowest)
        return [scores[kept], boxes[kept] / np.tile(scale, 2), landmarks[kept] / scale]


def suppress(boxes: FloatArray, scores: FloatArray, overlap: float) -> list[int]:
    """Non-maximum suppression: keeps the best of boxes that overlap.

    Args:
        boxes: float32 (N, 4), x, y, width, height.
        scores: float32 (N,).
        overlap: a box is dropped whose intersection over union with a better one is
            over this.

    Returns:
        Positions of the boxes kept, the best first.
    """
    order = np.argsort(-scores, kind="stable")
    kept: list[int] = []
    while order.size:
        best, order = order[0], order[1:]
        kept.append(int(best))
        order = order[_overlaps(boxes[best], boxes[order]) <= overlap]
    return kept


def _overlaps(box: FloatArray, others: FloatArray) -> FloatArray:
    """Intersection over union of one box (4,) with others (N, 4): (N,)."""
    low = np.maximum(box[:2], others[:, :2])
    high = np.minimum(box[:2] + box[2:], others[:, :2] + others[:, 2:])
    shared = (high - low).clip(min=0).prod(axis=1)
    union = box[2:].prod() + others[:, 2:].prod(axis=1) - shared
    return np.asarray(shared / np.maximum(union, np.finfo(np.float32).tiny))


def _network_input(pixels: UInt8Array, look: Look) -> tuple[UInt8Array, FloatArray]:
    """uint8 (1, 3, H, W) BGR, zeros at the right and bottom, and its scale (x, y)."""
    height, width = pixels.shape[:2]
    longest = max(height, width)
    target = min(max(longest, look.least), look.most)
    new_w = max(1, round(width * target / longest))
    new_h = max(1, round(height * target / longest))
    filled = np.zeros((_fill(new_h), _fill(new_w), 3), np.uint8)
    scaled = resize(pixels, new_w, new_h, cv2.INTER_LINEAR)
    filled[:new_h, :new_w] = scaled[:, :, ::-1]
    scale = np.array([new_w / width, new_h / height], np.float32)
    return np.ascontiguousarray(filled.transpose(2, 0, 1)[None]), scale


def _fill(side: int) -> int:
    return -(-side // MULTIPLE) * MULTIPLE


def _clip(boxes: FloatArray, pixels: UInt8Array) -> FloatArray:
    """Boxes (N, 4) cut off at the borders of the picture."""
    size = np.array(pixels.shape[1::-1], np.float32)  # (width, height)
    low = np.clip(boxes[:, :2], 0, size)
    high = np.clip(boxes[:, :2] + boxes[:, 2:], 0, size)
    return np.concatenate([low, high - low], axis=1)
