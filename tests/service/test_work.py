import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mimika.core.errors import ImageTooLargeError, InputError, ModelError
from mimika.core.results import Analysis, Box, Face
from mimika.runtime.pipeline import load_analyzer
from mimika.service.schemas import AnalyzeOptions, ExplainOptions
from mimika.service.work import Job, build_work


def test_the_works_answer_is_that_of_the_model_in_the_package() -> None:
    work = build_work({"model": None, "max_bytes": 10_000, "hardware": {}})
    (info,) = work.models
    buffer = io.BytesIO()
    Image.fromarray(np.full((48, 48), 90, np.uint8)).save(buffer, "PNG")
    options = AnalyzeOptions(faces="whole", detail="fast", task="emotion")
    done = work(Job(buffer.getvalue(), options))
    analysis = Analysis.model_validate_json(done.body)
    assert set(done.seconds) == {"decode", "classify"}
    assert all(0 < seconds < 5 for seconds in done.seconds.values())
    assert (analysis.width, analysis.height, len(analysis.faces)) == (48, 48, 1)
    assert analysis.model_digest == info.digest
    assert list(analysis.faces[0].probabilities) == [x.key for x in info.labels]
    with pytest.raises(ImageTooLargeError):
        work(Job(b"x" * 10_001, options))
    with pytest.raises(ModelError, match="no model 'other' here"):
        work(Job(buffer.getvalue(), AnalyzeOptions(model="other")))


def test_a_face_from_an_answer_is_explained_with_a_drawing(photograph: Path) -> None:
    work = build_work({"model": None, "max_bytes": 1_000_000, "hardware": {}})
    data = photograph.read_bytes()
    done = work(Job(data, AnalyzeOptions(detail="fast")))
    (face,) = Analysis.model_validate_json(done.body).faces
    drawn = work(Job(data, explain_options(face, side=100)))
    assert set(drawn.seconds) == {"decode", "explain"}
    assert drawn.faces == 0
    with Image.open(io.BytesIO(drawn.body)) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGB", (100, 100))
        pixels = np.asarray(image)
    expected = load_analyzer().explain(face, data).overlay(100)
    assert np.array_equal(pixels, expected)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"box": Box(500, 0, 20, 20)}, "not lie inside the picture of 512 x 600"),
        ({"box": Box(-1, 0, 20, 20)}, "the picture in which the face was found"),
        ({"box": Box(0, 590, 20, 20)}, "box is 0, 590, 20, 20"),
        ({"box": Box(0, 0, 0, 20)}, "box is 0, 0, 0, 20"),
        ({"label": "bored"}, "the face is 'bored', and this model answers angry"),
    ],
)
def test_a_face_of_another_picture_or_model_is_refused(
    photograph: Path, analysis: Analysis, changes: dict[str, Any], words: str
) -> None:
    work = build_work({"model": None, "max_bytes": 1_000_000, "hardware": {}})
    (face,) = analysis.faces
    other = face.model_copy(update={"label": "happy", **changes})
    with pytest.raises(InputError, match=words):
        work(Job(photograph.read_bytes(), explain_options(other)))


def explain_options(face: Face, **more: int) -> ExplainOptions:
    return ExplainOptions.model_validate({"face": face.model_dump_json(), **more})


def test_a_model_that_is_not_there_is_named() -> None:
    with pytest.raises(ModelError, match="nowhere"):
        build_work({"model": "nowhere.onnx", "max_bytes": 1, "hardware": {}})


def test_the_warm_up_runs_the_whole_way() -> None:
    work = build_work({"model": None, "max_bytes": 10_000, "hardware": {}})
    work.warm_up()
