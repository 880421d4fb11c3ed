"""Finds faces with YuNet in pictures of any size.

The sizes and score limits below were measured on 13 annotated photographs and on the
same cut out, scaled, turned and set into larger pictures (`benchmarks/detector.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mimika.core.preprocess import FloatArray, UInt8Array
from mimika.core.results import Detail
from mimika.runtime.boxes import clip, drop_inner, suppress
from mimika.runtime.hardware import ANY_HARDWARE, Hardware
from mimika.runtime.turns import QUARTERS, turned, turned_back
from mimika.runtime.yunet import Candidates, YuNet
from mimika.runtime.zoom import HINT, zoom

OVERLAP = 0.3  # boxes that share more than this (IoU) are one face
INNER = 0.6  # a box with more than this share of itself in a larger one is none


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

    def scale(self, pixels: UInt8Array) -> float:
        """Pixels of the network's input for one of the picture."""
        longest: int = max(pixels.shape[:2])
        return min(max(longest, self.least), self.most) / longest

    def accepts(self, seen: Candidates) -> Candidates:
        """The detections among the candidates."""
        return seen.where((seen.scores >= self.score) & (seen.widths >= self.narrowest))


FAST = Look(320, 320, 0.50)
FINE = Look(640, 1280, 0.65)
# The network scores faces much over 320 pixels wide low, but in 156 close-ups never
# under 0.39: where there is such a trace, this look finds faces that fill a picture.
CLOSE = Look(256, 256, 0.50, narrowest=50)
LARGE = 128  # pixels of the first look's input
# An upright face scores over 0.9; turned, it scores less, but often over the limits.
UPRIGHT = 0.90
TURNED = Look(480, 480, 0.87)


@dataclass(frozen=True)
class Detection:
    """A face, in pixels of the picture that was searched.

    Attributes:
        box: x, y, width and height, inside the picture.
        score: 0..1.
        landmarks: float32 (5, 2), x and y of the person's right eye, left eye, nose
            tip, right and left corner of the mouth; may lie outside the picture.
        quarters: quarter turns counter-clockwise that make the face upright, 0 to 3.
    """

    box: tuple[float, float, float, float]
    score: float
    landmarks: FloatArray
    quarters: int = 0


class FaceDetector:
    """Looks at a picture as often as it needs; keeps no state between calls."""

    def __init__(self, hardware: Hardware = ANY_HARDWARE) -> None:
        """Opens the network that is shipped in the package.

        Args:
            hardware: what it may use.

        Raises:
            ConfigError: the hardware is required and does not work here.
        """
        self._network = YuNet(hardware)

    @property
    def provider(self) -> str:
        """What the network runs on, one of `hardware.PROVIDERS`."""
        return self._network.provider

    def detect(self, pixels: UInt8Array, detail: Detail = "fine") -> list[Detection]:
        """Finds the faces in a picture.

        Args:
            pixels: uint8 (H, W, 3), RGB, 0..255, of any size.
            detail: `fast` looks once at a small copy; `fine` (for still pictures) at
                the picture's own size up to 1280 pixels, again where faces may be very
                large or very small, and at a picture without an upright face also
                turned by quarters.

        Returns:
            The faces from left to right, then from top to bottom.
        """
        if detail == "fast":
            seen = self._network.look(pixels, FAST.scale(pixels), FAST.score)
            return _detections(pixels, [seen], 0)
        upright = _detections(pixels, self._search(pixels), 0)
        best = max((face.score for face in upright), default=0.0)
        quarters = self._orientation(pixels, best) if best < UPRIGHT else 0
        if not quarters:
            return upright
        found = Candidates.joined(self._search(turned(pixels, quarters)))
        height, width = pixels.shape[:2]
        return _detections(
            pixels, [turned_back(found, quarters, width, height)], quarters
        )

    def _search(self, pixels: UInt8Array) -> list[Candidates]:
        """The detections of all looks at faces that are upright."""
        scale = FINE.scale(pixels)
        first = self._network.look(pixels, scale, HINT)
        found = [FINE.accepts(first), *zoom(self._network, pixels, first, scale)]
        if (first.widths >= LARGE).any():
            close = self._network.look(pixels, CLOSE.scale(pixels), CLOSE.score)
            found.append(CLOSE.accepts(close))
        return found

    def _orientation(self, pixels: UInt8Array, best: float) -> int:
        """Quarter turns after which a face scores better than upright; 0 for none."""
        scale, chosen = TURNED.scale(pixels), 0
        for quarters in QUARTERS:
            seen = self._network.look(turned(pixels, quarters), scale, TURNED.score)
            score = seen.scores.max(initial=0)
            if score > best:
                best, chosen = score, quarters
        return chosen


def _detections(
    pixels: UInt8Array, seen: Sequence[Candidates], quarters: int
) -> list[Detection]:
    """Candidates as faces: each once, inside the picture, in order."""
    found = Candidates.joined(seen)
    kept = drop_inner(found.boxes, suppress(found.boxes, found.scores, OVERLAP), INNER)
    boxes = clip(found.boxes[kept], pixels.shape[1], pixels.shape[0])
    faces = [
        Detection((x, y, w, h), float(found.scores[i]), found.landmarks[i], quarters)
        for i, (x, y, w, h) in zip(kept, boxes.tolist(), strict=True)
        if w > 0 and h > 0
    ]
    return sorted(faces, key=lambda face: face.box)
