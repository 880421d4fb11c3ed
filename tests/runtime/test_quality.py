"""Warnings about faces that cannot be seen well."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from mimika.core.images import read_picture
from mimika.core.preprocess import UInt8Array
from mimika.core.results import WARNINGS
from mimika.runtime.pipeline import Analyzer, load_analyzer
from mimika.runtime.quality import sharpness_of, turned_share, warnings_of

FRONT = np.array([(10, 10), (30, 10), (20, 20), (12, 30), (28, 30)], np.float32)


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return load_analyzer()


@pytest.fixture(scope="module")
def portrait(photograph: Path) -> UInt8Array:
    return read_picture(photograph).pixels


@pytest.fixture(scope="module")
def crop(portrait: UInt8Array) -> UInt8Array:
    return portrait[120:335, 160:375]


def test_a_large_sharp_face_from_the_front_needs_no_warning(crop: UInt8Array) -> None:
    assert warnings_of(crop, 200.0, FRONT) == ()


def test_a_small_face_is_named_small_and_not_blurred_as_well(crop: UInt8Array) -> None:
    tiny = np.asarray(cv2.resize(crop, (12, 12)), np.uint8)
    assert warnings_of(tiny, 12.0, FRONT) == ("small",)


def test_a_blurred_face_is_named_blurred(crop: UInt8Array) -> None:
    blurred = np.asarray(cv2.GaussianBlur(crop, (0, 0), 9), np.uint8)
    assert warnings_of(blurred, 200.0, FRONT) == ("blurred",)
    assert sharpness_of(blurred) < sharpness_of(crop) / 10


def test_sharpness_does_not_depend_on_contrast_brightness_or_size(
    crop: UInt8Array,
) -> None:
    faded = (crop * 0.4 + 90).astype(np.uint8)
    assert sharpness_of(faded) == pytest.approx(sharpness_of(crop), rel=0.1)
    larger = np.asarray(cv2.resize(crop, None, fx=3, fy=3), np.uint8)
    assert sharpness_of(larger) == pytest.approx(sharpness_of(crop), rel=0.1)
    assert sharpness_of(np.full((48, 48, 3), 90, np.uint8)) == 0


@pytest.mark.parametrize("degrees", [0, 35, -120])
@pytest.mark.parametrize(("nose", "expected"), [(20, 0), (25, 0.25), (10, 0.5)])
def test_the_nose_tells_how_far_a_face_is_turned_however_it_leans(
    nose: float, expected: float, degrees: float
) -> None:
    marks = FRONT.copy()
    marks[2, 0] = nose
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    leaning = (marks @ turn.T).astype(np.float32)
    assert turned_share(leaning) == pytest.approx(expected, abs=1e-5)


def test_a_profile_is_named_turned(crop: UInt8Array) -> None:
    profile = FRONT.copy()
    profile[2, 0] = 35
    assert warnings_of(crop, 200.0, profile) == ("turned",)
    profile[:2] = 5  # both eyes at one place
    assert warnings_of(crop, 200.0, profile) == ("turned",)


def test_warnings_reach_the_answer_and_have_words(
    analyzer: Analyzer, portrait: UInt8Array
) -> None:
    (face,) = analyzer.analyze(portrait).faces
    assert face.warnings == ()
    blurred = np.asarray(cv2.GaussianBlur(portrait, (0, 0), 9), np.uint8)
    (face,) = analyzer.analyze(blurred).faces
    assert face.warnings == ("blurred",)
    small = np.asarray(cv2.resize(portrait, None, fx=0.1, fy=0.1), np.uint8)
    (face,) = analyzer.analyze(small).faces
    assert "small" in face.warnings
    assert all(WARNINGS[key].endswith(".") for key in WARNINGS)
