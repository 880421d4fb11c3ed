"""The page's JavaScript answers what the Python runtime answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from scenes import scenes

from mimika.core.preprocess import UInt8Array
from mimika.core.tasks import EMOTION
from mimika.runtime.faces import FaceDetector
from mimika.runtime.pipeline import Analyzer

pytestmark = pytest.mark.browser

MOST_PROBABILITY, MOST_PX = 2e-3, 1.0
Analyze = Callable[[UInt8Array], list[dict]]


@dataclass
class Compared:
    """How far the two are apart on some pictures.

    Attributes:
        pictures: how many there were.
        faces: how many faces both found on them.
        probability: largest difference of two probabilities.
        px: largest difference of two edges of boxes, in pixels.
        tilted: how many heads were straightened.
    """

    pictures: int = 0
    faces: int = 0
    probability: float = 0.0
    px: float = 0.0
    tilted: int = 0


def compare(
    pictures: Iterable[UInt8Array], analyzer: Analyzer, analyze: Analyze
) -> Compared:
    done, detector = Compared(), FaceDetector()
    for pixels in pictures:
        expected = analyzer.analyze(pixels, detail="fast").faces
        exact = detector.detect(pixels, "fast")  # boxes before they are rounded
        found = analyze(pixels)
        assert len(found) == len(expected), f"picture {done.pictures}"
        for theirs, ours, place in zip(found, expected, exact, strict=True):
            wanted = np.array([ours.probabilities[key] for key in EMOTION.keys])
            difference = np.abs(np.array(theirs["probabilities"]) - wanted).max()
            done.probability = max(done.probability, float(difference))
            edges = np.abs(np.array(theirs["box"]) - place.box)
            done.px = max(done.px, float(edges.max()))
            done.tilted += abs(ours.tilt_degrees) > 10
        done.faces += len(found)
        done.pictures += 1
    return done


def turned(pixels: UInt8Array, degrees: float, scale: float = 1.0) -> UInt8Array:
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, scale)
    return np.asarray(cv2.warpAffine(pixels, turn, (width, height)), np.uint8)


def variants(pixels: UInt8Array) -> Iterable[UInt8Array]:
    """A photograph as it is, tilted, cut off, and at odd sizes."""
    height, width = pixels.shape[:2]
    yield pixels
    yield from (turned(pixels, degrees) for degrees in (-40, -17, 14, 31, 60, 85))
    yield np.ascontiguousarray(pixels[height // 4 :, width // 3 :])
    yield np.ascontiguousarray(pixels[: height * 3 // 5, : width * 5 // 9])
    for wide in (97, 143, 211, 320, 453, 777):
        tall = round(wide * height / width) | 1
        yield np.asarray(cv2.resize(pixels, (wide, tall), interpolation=cv2.INTER_AREA))


def test_one_photograph_in_many_forms_gets_the_same_answers(
    photograph: Path, analyzer: Analyzer, analyze_in_browser: Analyze
) -> None:
    with Image.open(photograph) as image:
        pixels = np.asarray(image.convert("RGB"))
    done = compare(variants(pixels), analyzer, analyze_in_browser)
    print(done)  # noqa: T201  shown with -s: the figures in docs/web.md
    assert done.faces >= 10
    assert done.tilted >= 3
    assert done.probability <= MOST_PROBABILITY
    assert done.px <= MOST_PX


@pytest.mark.shared_data
def test_two_hundred_pictures_get_the_same_answers(
    shared_data: Path,
    fer_faces: dict[str, list[UInt8Array]],
    analyzer: Analyzer,
    analyze_in_browser: Analyze,
) -> None:
    faces = [face for several in fer_faces.values() for face in several]
    photographs = [
        np.asarray(Image.open(file).convert("RGB"))
        for file in sorted((shared_data / "faces").glob("*.jpg"))
    ]
    pictures = [*photographs, *(turned(x, 20, 0.8) for x in photographs)]
    pictures += scenes(faces, 200 - len(pictures), seed=1)
    done = compare(pictures, analyzer, analyze_in_browser)
    print(done)  # noqa: T201  shown with -s: the figures in docs/web.md
    assert done.pictures == 200
    assert done.faces >= 150
    assert done.tilted >= 20
    assert done.probability <= MOST_PROBABILITY
    assert done.px <= MOST_PX


def test_an_empty_wall_has_no_face(analyze_in_browser: Analyze) -> None:
    assert analyze_in_browser(np.full((240, 320, 3), 128, np.uint8)) == []
