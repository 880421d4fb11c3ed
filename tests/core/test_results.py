import json
from typing import Any

import pytest
from pydantic import ValidationError

from mimika.core.results import Analysis, Box, Face
from mimika.core.tasks import EMOTION


@pytest.fixture
def face() -> Face:
    probabilities = dict.fromkeys(EMOTION.keys, 0.05)
    probabilities["happy"] = 0.7
    return Face(
        box=Box(10, 20, 30, 40),
        score=0.9,
        label="happy",
        probability=0.7,
        probabilities=probabilities,
    )


def analysis(**changed: Any) -> Analysis:
    fields = {
        "width": 640,
        "height": 480,
        "faces": (),
        "faces_mode": "find",
        "detail": "fine",
        "task": "emotion",
        "model": "first",
        "model_digest": "0" * 64,
    }
    return Analysis.model_validate({**fields, **changed})


def test_an_analysis_survives_json(face: Face) -> None:
    whole = analysis(faces=(face, face))
    read = Analysis.model_validate_json(whole.model_dump_json())
    assert read == whole
    assert isinstance(read.faces[0].box, Box)
    assert read.faces[0].box.w == 30


def test_json_has_the_fields_that_others_read(face: Face) -> None:
    fields = json.loads(analysis(faces=(face,)).model_dump_json())
    assert fields["faces"][0]["box"] == [10, 20, 30, 40]
    assert list(fields["faces"][0]["probabilities"]) == list(EMOTION.keys)
    assert fields["faces"][0]["label"] == "happy"


def test_the_label_is_also_called_emotion(face: Face) -> None:
    assert face.emotion == "happy"


def test_the_message_counts_the_faces(face: Face) -> None:
    assert analysis().message == "No face was found in this picture."
    assert analysis(faces=(face,)).message == "1 face found."
    assert analysis(faces=(face, face)).message == "2 faces found."
    whole = analysis(faces=(face,), faces_mode="whole")
    assert whole.message == "The whole picture was classified."


@pytest.mark.parametrize("value", [-0.01, 1.01, float("nan")])
@pytest.mark.parametrize("field", ["score", "probability"])
def test_no_probability_is_outside_0_to_1(face: Face, field: str, value: float) -> None:
    with pytest.raises(ValidationError):
        Face.model_validate({**face.model_dump(), field: value})


def test_each_single_probability_is_checked(face: Face) -> None:
    wrong = {**face.probabilities, "sad": 1.5}
    with pytest.raises(ValidationError, match="less than or equal to 1"):
        Face.model_validate({**face.model_dump(), "probabilities": wrong})


def test_unknown_modes_and_fields_are_refused() -> None:
    with pytest.raises(ValidationError, match="'find' or 'whole'"):
        analysis(faces_mode="guess")
    with pytest.raises(ValidationError, match="Extra inputs"):
        analysis(mood="good")


def test_a_result_cannot_be_changed(face: Face) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        face.label = "sad"  # type: ignore[misc]  # that it is refused is the point
