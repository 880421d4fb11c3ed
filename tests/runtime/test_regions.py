"""What is cut out of a picture, and where that lies in the original."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from mimika.core.images import Picture, read_picture
from mimika.core.preprocess import UInt8Array
from mimika.core.results import Analysis, Face
from mimika.runtime.pipeline import Analyzer, load_analyzer
from mimika.runtime.regions import original_box, region_of


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return load_analyzer()


@pytest.fixture(scope="module")
def portrait(photograph: Path) -> UInt8Array:
    return read_picture(photograph).pixels


def only_face(answer: Analysis) -> Face:
    (face,) = answer.faces
    return face


def likeness(crop: UInt8Array, face: Face) -> float:
    """Correlation of a crop with what was classified."""
    assert face.crop is not None
    side = face.crop.shape[0]
    small = cv2.resize(crop, (side, side), interpolation=cv2.INTER_AREA)
    return float(np.corrcoef(small.ravel(), face.crop.ravel())[0, 1])


def leaning(pixels: UInt8Array, degrees: float) -> UInt8Array:
    """The picture turned clockwise about the face's middle."""
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((265, 226), -degrees, 1)
    border = cv2.BORDER_REPLICATE
    turned = cv2.warpAffine(pixels, turn, (width, height), borderMode=border)
    return np.asarray(turned, np.uint8)


def test_boxes_stay_whole_and_inside_the_original() -> None:
    random = np.random.default_rng(6)
    for _ in range(200):
        height, width = (int(side) for side in random.integers(1, 40, 2))
        factor = random.uniform(0.9, 8)
        picture = Picture(
            np.zeros((height, width, 3), np.uint8),
            max(1, round(width * factor)),
            max(1, round(height * factor)),
        )
        x, y = random.uniform(0, width), random.uniform(0, height)
        w, h = random.uniform(0, width - x), random.uniform(0, height - y)
        box = original_box((x, y, w, h), picture)
        assert min(box.x, box.y) >= 0
        assert min(box.w, box.h) >= 1
        assert box.x + box.w <= picture.width
        assert box.y + box.h <= picture.height


def test_landmarks_are_in_pixels_of_the_original(
    analyzer: Analyzer, portrait: UInt8Array
) -> None:
    marks = only_face(analyzer.analyze(portrait)).landmarks
    assert marks is not None
    assert marks.right_eye == pytest.approx((230, 188), abs=15)
    assert marks.left_eye == pytest.approx((300, 188), abs=15)
    assert marks.right_eye.x < marks.nose.x < marks.left_eye.x
    assert marks.right_mouth.x < marks.left_mouth.x


@pytest.mark.parametrize("degrees", [-35, 30])
def test_the_tilt_of_a_head_is_measured_and_taken_back(
    analyzer: Analyzer, portrait: UInt8Array, degrees: float
) -> None:
    upright = only_face(analyzer.analyze(portrait))
    picture = read_picture(leaning(portrait, degrees))
    face = only_face(analyzer.analyze(picture.pixels))
    # the detector's landmarks lean a little less than the head does
    assert face.tilt_degrees == pytest.approx(upright.tilt_degrees + degrees, abs=13)
    left_leaning = region_of(face.model_copy(update={"tilt_degrees": 0}), picture)
    assert face.crop is not None
    assert likeness(face.crop, upright) > likeness(left_leaning, upright) + 0.05


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_picture_that_lies_on_its_side_gives_the_upright_answer(
    analyzer: Analyzer, portrait: UInt8Array, quarters: int
) -> None:
    upright = only_face(analyzer.analyze(portrait))
    turned = np.ascontiguousarray(np.rot90(portrait, -quarters))
    face = only_face(analyzer.analyze(turned))
    difference = (face.tilt_degrees - 90 * quarters) % 360
    assert min(difference, 360 - difference) < 12
    assert face.label == upright.label
    assert face.probability == pytest.approx(upright.probability, abs=0.15)


def test_a_stored_face_is_cut_out_again_as_before(
    analyzer: Analyzer, portrait: UInt8Array
) -> None:
    face = only_face(analyzer.analyze(portrait))
    picture = read_picture(portrait)
    again = region_of(Face.model_validate_json(face.model_dump_json()), picture)
    assert likeness(again, face) > 0.97
