"""From a picture to its faces, with the shipped networks and with a small one."""

import io
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mimika.core.card import ModelCard
from mimika.core.errors import (
    BrokenImageError,
    ImageTooLargeError,
    InputError,
    ModelError,
    UnsupportedImageError,
)
from mimika.core.images import Limits, read_picture
from mimika.core.results import Analysis, Box, Detail, Face
from mimika.core.tasks import EMOTION
from mimika.runtime.faces import FaceDetector
from mimika.runtime.framing import face_crop, tilt_of, two_views
from mimika.runtime.pipeline import Analyzer, load_analyzer

DETAILS: tuple[Detail, ...] = ("fast", "fine")
TRUE_BOX = (174, 121, 182, 211)  # of the face in the photograph


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return load_analyzer()


def near(box: Box, expected: tuple[float, ...], tolerance: float) -> bool:
    return bool(np.abs(np.subtract(box, expected)).max() <= tolerance)


def as_jpeg(image: Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **options)
    return buffer.getvalue()


def test_a_photograph_gives_its_face_and_seven_probabilities(
    analyzer: Analyzer, photograph: Path
) -> None:
    answer = analyzer.analyze(photograph)
    assert (answer.width, answer.height) == (512, 600)
    assert (answer.task, answer.model) == ("emotion", analyzer.card.name)
    assert (answer.faces_mode, answer.detail) == ("find", "fine")
    assert answer.model_digest == analyzer.card.digest
    (face,) = answer.faces
    assert near(face.box, TRUE_BOX, 15)
    assert tuple(face.probabilities) == EMOTION.keys
    assert sum(face.probabilities.values()) == pytest.approx(1, abs=1e-12)
    assert face.probability == max(face.probabilities.values())
    assert face.probabilities[face.label] == face.probability
    assert face.emotion == face.label


def test_every_form_of_a_picture_gives_the_same_answer(
    analyzer: Analyzer, photograph: Path
) -> None:
    expected = analyzer.analyze(photograph)
    assert analyzer.analyze(str(photograph)) == expected
    assert analyzer.analyze(photograph.read_bytes()) == expected
    assert analyzer.analyze(read_picture(photograph).pixels) == expected
    with Image.open(photograph) as image:
        assert analyzer.analyze(image) == expected


def test_an_answer_survives_json(analyzer: Analyzer, photograph: Path) -> None:
    answer = analyzer.analyze(photograph)
    assert Analysis.model_validate_json(answer.model_dump_json()) == answer


@pytest.mark.parametrize("detail", DETAILS)
def test_a_face_is_answered_as_the_mean_of_its_views_is(
    analyzer: Analyzer, photograph: Path, detail: Detail
) -> None:
    (face,) = analyzer.analyze(photograph, detail=detail).faces
    pixels = read_picture(photograph).pixels
    (detection,) = FaceDetector().detect(pixels, detail)
    place = (pixels, detection.box, tilt_of(detection.landmarks))
    views = two_views(*place) if detail == "fine" else (face_crop(*place),)
    expected = analyzer.classify(views).mean(axis=0)
    found = list(face.probabilities.values())
    np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"faces": "all"}, "faces='all': expected 'find' or 'whole'"),
        ({"detail": "quick"}, "detail='quick': expected 'fast' or 'fine'"),
    ],
)
def test_another_word_is_refused_before_any_work(
    analyzer: Analyzer, words: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        analyzer.analyze("nosuch.jpg", **words)


def test_several_faces_keep_their_own_views(
    analyzer: Analyzer, photograph: Path
) -> None:
    pixels = read_picture(photograph).pixels
    both = np.concatenate([pixels, 255 - (255 - pixels) // 2], axis=1)
    faces = analyzer.analyze(both).faces
    assert faces[0].box.x < pixels.shape[1] <= faces[1].box.x
    for face, found in zip(faces, FaceDetector().detect(both, "fine"), strict=True):
        views = two_views(both, found.box, tilt_of(found.landmarks))
        expected = analyzer.classify(views).mean(axis=0)
        answer = list(face.probabilities.values())
        np.testing.assert_allclose(answer, expected, atol=1e-6)
    assert faces[0].probabilities != faces[1].probabilities


def test_boxes_are_in_pixels_of_a_jpeg_that_was_decoded_smaller(
    analyzer: Analyzer, photograph: Path
) -> None:
    with Image.open(photograph) as image:
        large = image.resize((5120, 6000))
    answer = analyzer.analyze(as_jpeg(large))
    assert (answer.width, answer.height) == (5120, 6000)
    (face,) = answer.faces
    assert near(face.box, tuple(10 * value for value in TRUE_BOX), 150)


def test_boxes_are_in_the_upright_picture(analyzer: Analyzer, photograph: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise by 90 degrees
    with Image.open(photograph) as image:
        lying = as_jpeg(image.transpose(Image.Transpose.ROTATE_90), exif=exif)
    answer = analyzer.analyze(lying)
    assert (answer.width, answer.height) == (512, 600)
    (face,) = answer.faces
    assert near(face.box, TRUE_BOX, 15)


def test_several_faces_come_from_left_to_right(
    analyzer: Analyzer, photograph: Path
) -> None:
    pixels = np.tile(read_picture(photograph).pixels, (1, 3, 1))
    boxes = [face.box for face in analyzer.analyze(pixels, detail="fast").faces]
    assert len(boxes) == 3
    assert boxes == sorted(boxes)


def test_a_picture_without_a_face_gives_none_and_says_so(analyzer: Analyzer) -> None:
    answer = analyzer.analyze(np.full((300, 400, 3), 200, np.uint8))
    assert answer.faces == ()
    assert answer.message == "No face was found in this picture."


def test_a_whole_picture_can_be_taken_as_one_face(analyzer: Analyzer) -> None:
    crop = np.random.default_rng(2).integers(0, 256, (48, 48), np.uint8)
    answer = analyzer.analyze(crop, faces="whole")
    (face,) = answer.faces
    assert (face.box, face.score) == ((0, 0, 48, 48), 1.0)
    assert answer.faces_mode == "whole"
    (row,) = analyzer.classify(crop[None])
    np.testing.assert_allclose(list(face.probabilities.values()), row, atol=1e-6)


def test_a_task_without_faces_takes_the_whole_picture(
    make_model: Callable[..., Path], photograph: Path
) -> None:
    answer = load_analyzer(make_model()).analyze(photograph)
    assert answer.faces_mode == "whole"
    (face,) = answer.faces
    assert face.box == (0, 0, 512, 600)
    assert set(face.probabilities) == {"apple", "pear", "red_currant"}


def test_crops_are_classified_in_any_form(analyzer: Analyzer) -> None:
    grey = np.random.default_rng(4).integers(0, 256, (3, 48, 48), np.uint8)
    colour = np.repeat(grey[..., None], 3, axis=3)
    expected = analyzer.classify(grey)
    assert expected.shape == (3, 7)
    assert expected.dtype == np.float32
    np.testing.assert_allclose(analyzer.classify(colour), expected, atol=1e-6)
    np.testing.assert_array_equal(analyzer.classify(list(grey)), expected)
    assert analyzer.classify([]).shape == (0, 7)


@pytest.mark.parametrize("shape", [(48, 48), (48, 48, 3), (1, 1, 48, 48, 3)])
def test_a_single_crop_is_refused_with_the_way_to_give_it(
    analyzer: Analyzer, shape: tuple[int, ...]
) -> None:
    with pytest.raises(UnsupportedImageError, match=r"give crop\[None\]"):
        analyzer.classify(np.zeros(shape, np.uint8))


def test_crops_of_another_dtype_are_refused(analyzer: Analyzer) -> None:
    crops = np.zeros((2, 48, 48), np.float32)
    with pytest.raises(UnsupportedImageError, match="got float32"):
        analyzer.classify(crops)  # type: ignore[arg-type]  # that is the point


def test_pictures_that_cannot_be_used_raise(
    analyzer: Analyzer, photograph: Path, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        analyzer.analyze(tmp_path / "none.jpg")
    with pytest.raises(BrokenImageError):
        analyzer.analyze(photograph.read_bytes()[:5000])
    with pytest.raises(ImageTooLargeError):
        analyzer.analyze(photograph, limits=Limits(max_jpeg_pixels=1000))


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"other\.onnx: no such model file; give"):
        load_analyzer(str(tmp_path / "other.onnx"))


def test_the_analyzer_shows_card_and_task(
    make_model: Callable[..., Path], make_card: Callable[..., ModelCard]
) -> None:
    small = load_analyzer(make_model())
    assert small.card == make_card()
    assert small.task.names == ("Apple", "Pear", "Red Currant")


def test_an_answer_is_explained_by_the_parts_of_its_face(
    analyzer: Analyzer, photograph: Path
) -> None:
    (face,) = analyzer.analyze(photograph).faces
    found = analyzer.explain(face)
    side = analyzer.card.preprocess.size
    assert found.map.shape == (side, side)
    assert (found.label, found.probability) == (face.label, face.probability)
    assert np.ptp(found.map) > 0.05
    assert found.overlay().shape == (192, 192, 3)


def test_a_face_from_json_is_explained_with_its_picture(
    analyzer: Analyzer, photograph: Path
) -> None:
    (face,) = analyzer.analyze(photograph).faces
    stored = Face.model_validate_json(face.model_dump_json())
    with pytest.raises(InputError, match=r"give the picture as well"):
        analyzer.explain(stored)
    again = analyzer.explain(stored, photograph)
    assert (
        np.corrcoef(again.map.ravel(), analyzer.explain(face).map.ravel())[0, 1] > 0.8
    )


def test_a_face_of_another_task_is_not_explained(
    analyzer: Analyzer, photograph: Path, make_model: Callable[..., Path]
) -> None:
    (face,) = analyzer.analyze(photograph).faces
    with pytest.raises(InputError, match=r"this model answers apple, pear"):
        load_analyzer(make_model()).explain(face)


def test_a_face_that_lies_outside_the_picture_is_not_explained(
    analyzer: Analyzer, photograph: Path
) -> None:
    (face,) = analyzer.analyze(photograph).faces
    with pytest.raises(InputError, match=r"inside the picture of 48 x 48 pixels"):
        analyzer.explain(face, np.zeros((48, 48), np.uint8))


def test_threads_may_share_an_analyzer_and_one_may_close_it(photograph: Path) -> None:
    shared = load_analyzer()
    alone = {detail: shared.analyze(photograph, detail=detail) for detail in DETAILS}
    asked = DETAILS * 8
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda x: shared.analyze(photograph, detail=x), asked)
        assert [alone[detail] for detail in asked] == list(answers)
        waiting = pool.submit(shared.analyze, photograph)
        shared.close()
    error = waiting.exception()  # it had begun, or it had not
    assert (
        waiting.result() == alone["fine"] if error is None else "closed" in str(error)
    )


def test_memory_does_not_grow_with_the_number_of_pictures(photograph: Path) -> None:
    """`benchmarks/memory.py` does the same with 20,000."""
    code = (
        "import sys\n"
        "import mimika\n"
        "from mimika.core.memory import resident_mb\n"
        "from PIL import Image\n"
        "picture = Image.open(sys.argv[1])\n"
        "sizes = [(320, 240), (512, 600), (200, 480)]\n"
        "pictures = [picture.resize(size) for size in sizes]\n"
        "with mimika.load() as analyzer:\n"
        "    for number in range(400):\n"
        "        if number == 100:\n"
        "            before = resident_mb()\n"
        "        detail = ('fast', 'fine')[number % 2]\n"
        "        analyzer.analyze(pictures[number % 3], detail=detail)\n"
        "    print(resident_mb() - before)\n"
    )
    command = [sys.executable, "-c", code, str(photograph)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) <= 4
