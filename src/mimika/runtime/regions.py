"""What is cut out of a picture to be classified, and what is known about it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mimika.core.errors import InputError
from mimika.core.images import Picture
from mimika.core.predictor import Predictor
from mimika.core.preprocess import FloatArray, UInt8Array
from mimika.core.results import Box, Detail, Face, FacesMode, Landmarks, Point
from mimika.runtime.faces import Detection, FaceDetector
from mimika.runtime.framing import Rectangle, face_crop, tilt_of, two_views
from mimika.runtime.quality import warnings_of
from mimika.runtime.stages import Stopwatch


@dataclass(frozen=True)
class Region:
    """What is to be classified.

    Attributes:
        box: x, y, width and height in decoded pixels.
        crop: uint8 (H, W, 3), RGB, what is judged, shown and explained.
        views: likewise, what is classified; the answer is the mean of theirs.
        detection: the face there; None where the whole picture is taken.
    """

    box: Rectangle
    crop: UInt8Array
    views: tuple[UInt8Array, ...]
    detection: Detection | None = None


def find_regions(
    detector: FaceDetector,
    pixels: UInt8Array,
    faces: FacesMode,
    detail: Detail,
    watch: Stopwatch,
) -> Sequence[Region]:
    """The faces of a picture, or all of it.

    Args:
        detector: finds the faces.
        pixels: uint8 (H, W, 3), RGB.
        faces: `find` or `whole`.
        detail: how carefully faces are looked for and looked at.
        watch: measures the stages.
    """
    if faces == "whole":
        height, width = pixels.shape[:2]
        return [Region((0, 0, width, height), pixels, (pixels,))]
    with watch.of("detect"):
        found = detector.detect(pixels, detail)
    with watch.of("crop"):
        return [_region(pixels, face, detail) for face in found]


def _region(pixels: UInt8Array, face: Detection, detail: Detail) -> Region:
    place = (pixels, face.box, tilt_of(face.landmarks))
    crop = face_crop(*place)
    views = two_views(*place) if detail == "fine" else (crop,)
    return Region(face.box, crop, views, face)


def classify_regions(classifier: Predictor, regions: Sequence[Region]) -> FloatArray:
    """Probabilities float32 (N, K) of the N regions, which have equally many views."""
    rows = classifier.predict([view for region in regions for view in region.views])
    if not regions:
        return rows
    by_region = rows.reshape(len(regions), -1, rows.shape[1])
    return np.asarray(by_region.mean(axis=1), np.float32)


def region_of(face: Face, picture: Picture) -> UInt8Array:
    """The crop of a face that was found before.

    Args:
        face: found in this picture.
        picture: it, perhaps decoded at another size.

    Raises:
        InputError: the face's box does not lie inside the picture.
    """
    _check_inside(face.box, picture)
    if face.landmarks is None:
        return picture.pixels
    height, width = picture.pixels.shape[:2]
    across, down = width / picture.width, height / picture.height
    x, y, w, h = face.box
    box = (x * across, y * down, w * across, h * down)
    return face_crop(picture.pixels, box, face.tilt_degrees)


def describe(region: Region, picture: Picture) -> dict[str, Any]:
    """Box, score, landmarks, tilt and warnings, as `core.results.Face` has them."""
    box = original_box(region.box, picture)
    detection = region.detection
    if detection is None:
        return {"box": box, "score": 1.0}
    height, width = picture.pixels.shape[:2]
    places = detection.landmarks * (picture.width / width, picture.height / height)
    points = (Point(x, y) for x, y in places.round().astype(int).tolist())
    side_px = math.sqrt(box.w * box.h)
    return {
        "box": box,
        "score": detection.score,
        "landmarks": Landmarks(
            **dict(zip(Landmarks.model_fields, points, strict=True))
        ),
        "tilt_degrees": _whole_degrees(tilt_of(detection.landmarks)),
        "warnings": warnings_of(region.crop, side_px, detection.landmarks),
    }


def original_box(box: Rectangle, picture: Picture) -> Box:
    """A box in decoded pixels as whole pixels of the upright original, inside it.

    Args:
        box: x, y, width and height in pixels of `picture.pixels`.
        picture: the picture, which may have been decoded at a reduced size.
    """
    height, width = picture.pixels.shape[:2]
    left, right = _span(box[0], box[2], picture.width / width, picture.width)
    top, bottom = _span(box[1], box[3], picture.height / height, picture.height)
    return Box(left, top, right - left, bottom - top)


def _check_inside(box: Box, picture: Picture) -> None:
    x, y, w, h = box
    across = 0 <= x < x + w <= picture.width
    if not (across and 0 <= y < y + h <= picture.height):
        raise InputError(
            f"the face's box is {x}, {y}, {w}, {h} (x, y, width, height), which does "
            f"not lie inside the picture of {picture.width} x {picture.height} pixels; "
            "give the picture in which the face was found"
        )


def _span(start: float, length: float, scale: float, size: int) -> tuple[int, int]:
    """Rounded ends of an interval, at least one pixel long, inside 0..size."""
    low = min(max(round(start * scale), 0), size - 1)
    high = min(max(round((start + length) * scale), low + 1), size)
    return low, high


def _whole_degrees(degrees: float) -> int:
    """Rounded, -179 to 180."""
    rounded = round(degrees)
    return 180 if rounded == -180 else rounded  # half a turn
