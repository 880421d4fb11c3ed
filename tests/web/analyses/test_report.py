"""From a stored result to a report, and what it says about the model."""

from datetime import date

import numpy as np
import pytest

from mimika.service.schemas import ModelInfo
from mimika.web.analyses.models import Analysis
from mimika.web.analyses.report import accuracy_of, report_of

MEASURED = {
    "accuracy": {
        "value": 0.7113,
        "low": 0.6963,
        "high": 0.7259,
        "split": "PublicTest",
        "images": 3589,
    }
}


@pytest.fixture
def own_model(model: ModelInfo, result: Analysis) -> ModelInfo:
    """The model that answered."""
    fields = model.model_dump()
    fields |= {"digest": result.answer.model_digest, "metrics": MEASURED}
    return ModelInfo.model_validate(fields)


def test_a_report_holds_what_was_written_and_answered(result: Analysis) -> None:
    result.title, result.note = "Sea", "with Ann"
    result.taken, result.seen = date(2026, 8, 1), "sad"
    pixels = np.zeros((240, 320, 3), np.uint8)
    report = report_of(result, pixels)
    assert (report.title, report.note) == ("Sea", "with Ann")
    assert report.original_name == "photo.jpg"
    assert (report.taken, report.seen) == (date(2026, 8, 1), "sad")
    assert report.created == result.created <= report.written
    assert report.answer == result.answer
    assert report.pixels is pixels
    facts = report.model
    assert (facts.name, facts.digest) == ("test-model", "0123456789abcdef")


def test_the_accuracy_is_told_with_its_interval_and_pictures(
    result: Analysis, own_model: ModelInfo
) -> None:
    told = report_of(result, model=own_model).model.accuracy
    assert told == "0.711 (0.696-0.726) on 3,589 pictures of PublicTest"


def test_of_another_model_than_the_one_that_answered_nothing_is_told(
    result: Analysis, own_model: ModelInfo
) -> None:
    newer = own_model.model_copy(update={"digest": "f" * 64})
    assert accuracy_of(result.answer, newer) == ""
    assert accuracy_of(result.answer, None) == ""


def test_of_a_model_that_was_not_measured_nothing_is_told(
    result: Analysis, own_model: ModelInfo
) -> None:
    bare = own_model.model_copy(update={"metrics": {}})
    assert accuracy_of(result.answer, bare) == ""
