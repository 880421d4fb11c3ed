"""The face detector on a photograph, on drawn pictures and on the annotated set."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from mimika.core.images import read_picture
from mimika.core.preprocess import UInt8Array
from mimika.core.results import Detail
from mimika.runtime.faces import Detection, FaceDetector

Rectangle = tuple[float, float, float, float]
TRUE_BOX = (174, 121, 182, 211)  # in the photograph, annotated by hand


@pytest.fixture(scope="module")
def detector() -> FaceDetector:
    return FaceDetector()


@pytest.fixture(scope="module")
def portrait(photograph: Path) -> UInt8Array:
    return read_picture(photograph).pixels


def overlap(one: Rectangle, other: Rectangle) -> float:
    """Intersection over union, from its definition."""
    left, top = max(one[0], other[0]), max(one[1], other[1])
    right = min(one[0] + one[2], other[0] + other[2])
    bottom = min(one[1] + one[3], other[1] + other[3])
    shared = max(right - left, 0) * max(bottom - top, 0)
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


@pytest.mark.parametrize("detail", ["fine", "fast"])
def test_the_face_in_a_photograph_is_found(
    detector: FaceDetector, portrait: UInt8Array, detail: Detail
) -> None:
    (face,) = detector.detect(portrait, detail)
    assert overlap(face.box, TRUE_BOX) > 0.75
    assert 0.8 < face.score <= 1


def test_landmarks_lie_where_eyes_nose_and_mouth_are(
    detector: FaceDetector, portrait: UInt8Array
) -> None:
    (face,) = detector.detect(portrait)
    assert face.landmarks.shape == (5, 2)
    assert face.landmarks.dtype == np.float32
    right_eye, left_eye, nose, right_mouth, left_mouth = face.landmarks
    assert right_eye[0] < nose[0] < left_eye[0]  # the person's right is our left
    assert right_mouth[0] < left_mouth[0]
    assert max(right_eye[1], left_eye[1]) < nose[1]
    assert nose[1] < min(right_mouth[1], left_mouth[1])
    x, y, w, h = face.box
    assert (face.landmarks > (x, y)).all()
    assert (face.landmarks < (x + w, y + h)).all()


@pytest.mark.parametrize("factor", [0.15, 0.5, 2, 5])
def test_a_face_is_found_in_any_size_of_picture(
    detector: FaceDetector, portrait: UInt8Array, factor: float
) -> None:
    scaled = cv2.resize(
        portrait, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA
    )
    (face,) = detector.detect(np.asarray(scaled, np.uint8))
    x, y, w, h = (value / factor for value in face.box)
    assert overlap((x, y, w, h), TRUE_BOX) > 0.7


@pytest.mark.parametrize("side", [48, 300, 1600])
def test_a_face_that_fills_the_picture_is_found(
    detector: FaceDetector, portrait: UInt8Array, side: int
) -> None:
    tight = np.asarray(cv2.resize(portrait[110:340, 150:380], (side, side)), np.uint8)
    (face,) = detector.detect(tight)
    assert face.box[2] > 0.6 * side


def test_faces_come_from_left_to_right(
    detector: FaceDetector, portrait: UInt8Array
) -> None:
    small = np.asarray(cv2.resize(portrait, (256, 300)), np.uint8)
    faces = detector.detect(np.tile(small, (2, 3, 1)))
    assert len(faces) == 6
    assert [face.box for face in faces] == sorted(face.box for face in faces)


def test_a_box_is_cut_off_at_the_pictures_border(
    detector: FaceDetector, portrait: UInt8Array
) -> None:
    cut = portrait[165:, :300]  # without the brow and the left cheek
    (face,) = detector.detect(cut)
    x, y, w, h = face.box
    assert (x, y) == pytest.approx((TRUE_BOX[0], 0), abs=20)
    assert x + w == 300
    assert y + h <= len(cut)


@pytest.mark.parametrize("detail", ["fine", "fast"])
@pytest.mark.parametrize(
    "shape", [(1, 1), (2, 3), (3, 2000), (2000, 3), (1, 20_000), (48, 48), (3000, 5000)]
)
def test_no_shape_of_picture_is_too_odd(
    detector: FaceDetector, shape: tuple[int, int], detail: Detail
) -> None:
    assert detector.detect(np.full((*shape, 3), 127, np.uint8), detail) == []


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_face_is_found_in_a_picture_without_an_upright_one(
    detector: FaceDetector, portrait: UInt8Array, quarters: int
) -> None:
    (upright,) = detector.detect(portrait)
    (face,) = detector.detect(np.ascontiguousarray(np.rot90(portrait, -quarters)))
    assert face.quarters == quarters  # these turns make it upright again
    height, width = portrait.shape[:2]
    x, y, w, h = upright.box
    boxes = {
        1: (height - y - h, x, h, w),
        2: (width - x - w, height - y - h, w, h),
        3: (y, width - x - w, h, w),
    }
    assert overlap(face.box, boxes[quarters]) > 0.8
    assert upright.quarters == 0


def test_an_eye_or_a_mouth_of_a_huge_face_is_not_a_face_of_its_own(
    detector: FaceDetector, portrait: UInt8Array
) -> None:
    huge = cv2.resize(portrait[120:330, 170:360], None, fx=15, fy=15)
    assert len(detector.detect(np.asarray(huge, np.uint8))) == 1


def test_noise_holds_no_face(detector: FaceDetector) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (480, 640, 3), np.uint8)
    assert detector.detect(noise) == []


# The figures of the detector's documentation for single-scale search at the picture's
# own size: further looks must not make them worse.
RECALL, PRECISION = 42 / 44, 1.0


@pytest.mark.shared_data
def test_the_annotated_faces_are_found_as_documented(
    detector: FaceDetector, shared_data: Path
) -> None:
    folder = shared_data / "faces"
    found = missed = false = 0
    for entry in json.loads((folder / "boxes.json").read_text())["images"]:
        pixels = read_picture(folder / entry["file"]).pixels
        hits, wrong = judge(detector.detect(pixels), entry["faces"])
        wanted = [f for f in entry["faces"] if not f["ignore"] and f["box"][2] >= 20]
        matched = sum(any(f is hit for hit in hits) for f in wanted)
        found, missed = found + matched, missed + len(wanted) - matched
        false += wrong
    assert found / (found + missed) >= RECALL
    assert found / (found + false) >= PRECISION


def judge(
    detections: list[Detection], faces: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], int]:
    """The annotated faces that were hit, and the number of false detections."""
    left = list(faces)
    hits, wrong = [], 0
    for detection in sorted(detections, key=lambda d: -d.score):
        overlaps = [overlap(detection.box, f["box"]) for f in left]
        if overlaps and max(overlaps) >= 0.4:
            hits.append(left.pop(int(np.argmax(overlaps))))
        else:
            wrong += 1
    return hits, wrong


def test_detections_compare_their_boxes_as_plain_numbers(
    detector: FaceDetector, portrait: UInt8Array
) -> None:
    (face,) = detector.detect(portrait)
    assert all(type(value) is float for value in (*face.box, face.score))
