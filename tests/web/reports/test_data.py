import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from mimika.core.results import Face, Landmarks, Point
from mimika.core.tasks import EMOTION
from mimika.web.reports.content import ModelFacts, Report
from mimika.web.reports.data import BYTE_ORDER_MARK, SCHEMA_FILE, to_csv, to_json

Make = Callable[..., Report]
MakeFace = Callable[..., Face]


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    """The published form of the JSON."""
    form = json.loads(SCHEMA_FILE.read_text())
    Draft202012Validator.check_schema(form)
    return Draft202012Validator(
        form, format_checker=Draft202012Validator.FORMAT_CHECKER
    )


def read(report: Report) -> Any:
    return json.loads(to_json(report))


def with_face(report: Report, **changes: Any) -> Report:
    """The report with its only face changed."""
    face = report.answer.faces[0].model_copy(update=changes)
    answer = report.answer.model_copy(update={"faces": (face,)})
    fields = {**vars(report), "answer": answer}
    return Report(**fields)


@pytest.mark.parametrize("faces", [0, 1, 40])
def test_the_json_follows_the_published_schema(
    faces: int, make_report: Make, schema: Draft202012Validator
) -> None:
    schema.validate(read(make_report(faces)))


def test_a_form_left_empty_follows_it_too(
    make_report: Make, schema: Draft202012Validator
) -> None:
    value = read(
        make_report(
            title="",
            original_name="",
            note="",
            taken=None,
            seen="",
            model=ModelFacts("m", "d", ""),
        )
    )
    schema.validate(value)
    assert value["form"]["title"] is None
    assert value["form"]["date_taken"] is None
    assert value["model"]["accuracy"] is None


def test_landmarks_and_warnings_follow_it_too(
    make_report: Make, schema: Draft202012Validator
) -> None:
    eye = Point(-3, 4)
    marks = Landmarks(
        right_eye=eye, left_eye=eye, nose=eye, right_mouth=eye, left_mouth=eye
    )
    report = with_face(
        make_report(), landmarks=marks, warnings=("small",), tilt_degrees=-90
    )
    value = read(report)
    schema.validate(value)
    (face,) = value["answer"]["faces"]
    assert face["landmarks"]["nose"] == [-3, 4]
    assert face["warnings"][0]["key"] == "small"
    assert "so small" in face["warnings"][0]["text"]


def test_what_the_person_sees_in_a_face_stands_beside_the_answer(
    make_report: Make, schema: Draft202012Validator
) -> None:
    report = make_report(2, opinions={2: "happy"})
    value = read(report)
    schema.validate(value)
    assert [face["opinion"] for face in value["answer"]["faces"]] == [None, "happy"]
    lines = list(csv.DictReader(io.StringIO("".join(to_csv([report])))))
    assert [line["opinion"] for line in lines] == ["", "happy"]


@pytest.mark.parametrize(
    "path",
    [("schema",), ("form", "seen"), ("answer", "faces", 0, "box"), ("model", "name")],
)
def test_the_schema_misses_what_is_missing(
    path: tuple[str | int, ...], make_report: Make, schema: Draft202012Validator
) -> None:
    value = read(make_report())
    inner = value
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    assert not schema.is_valid(value)


def test_the_json_holds_the_form_the_answer_and_the_model(make_report: Make) -> None:
    value = read(make_report(2))
    assert value["schema"] == "mimika.result/1"
    assert value["form"] == {
        "title": "Garden party",
        "file": "IMG_2031.jpg",
        "note": "Just before the speech.",
        "analysed": "2026-11-20T09:05:00+00:00",
        "date_taken": "2026-07-04",
        "seen": "happy",
    }
    first, second = value["answer"]["faces"]
    assert (first["number"], second["number"]) == (1, 2)
    assert first["box"] == [0, 0, 40, 40]
    assert (first["label"], first["probability"]) == ("angry", 0.7)
    assert first["certainty"] == "likely"
    assert list(first["probabilities"]) == list(EMOTION.keys)
    assert value["model"]["accuracy"] == "0.711 on 3,589 pictures"


def test_times_have_their_zone(make_report: Make) -> None:
    zone = timezone(timedelta(hours=5, minutes=30))
    written = datetime(2026, 11, 22, 14, 5, tzinfo=zone)
    assert read(make_report(written=written))["written"] == "2026-11-22T14:05:00+05:30"


def test_letters_of_all_scripts_stay_letters(make_report: Make) -> None:
    data = to_json(make_report(note="день 祖母 🎂"))
    assert "день 祖母 🎂".encode() in data
    assert data.endswith(b"}\n")


def table(*reports: Report, **more: Any) -> list[dict[str, str]]:
    """The lines of the CSV by the names of their columns."""
    text = "".join(to_csv(reports, **more))
    assert text.startswith(BYTE_ORDER_MARK)
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), strict=True))


def test_each_face_has_a_line(make_report: Make) -> None:
    lines = table(make_report(2), make_report(3, title="Second"))
    assert [line["face"] for line in lines] == ["1", "2", "1", "2", "3"]
    assert [line["title"] for line in lines[1:3]] == ["Garden party", "Second"]
    second = lines[1]
    assert [second[key] for key in ("x", "y", "w", "h")] == ["50", "0", "40", "40"]
    assert (second["label"], second["probability"]) == ("disgust", "0.7")
    assert (second["p_disgust"], second["p_neutral"]) == ("0.7", "0.05")
    assert second["certainty"] == "likely"
    assert second["analysed"] == "2026-11-20T09:05:00+00:00"


def test_a_result_without_a_face_has_a_line_of_its_own(make_report: Make) -> None:
    (line,) = table(make_report(0))
    assert (line["title"], line["faces"], line["face"]) == ("Garden party", "0", "")
    assert None not in line.values()  # as long as the head


def test_classes_without_a_column_are_not_lost(make_report: Make) -> None:
    (line,) = table(make_report(), classes=("angry", "tired"))
    assert line["p_angry"] == "0.7"
    assert line["p_tired"] == ""
    assert "happy=0.05; neutral=0.05" in line["other_probabilities"]
    assert "angry" not in line["other_probabilities"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\uff1d", " ="])
def test_a_spreadsheet_runs_nothing_that_a_person_wrote(
    start: str, make_report: Make
) -> None:
    text = f"{start}cmd|' /C calc'!A0"
    fields = {"title": text, "original_name": text, "note": text, "seen": text}
    (line,) = table(make_report(**fields))
    for key in ("title", "file", "note", "seen"):
        assert line[key] == f"'{text}"


def test_a_negative_number_is_no_formula(make_report: Make) -> None:
    (line,) = table(with_face(make_report(), tilt_degrees=-12))
    assert line["tilt_degrees"] == "-12"


def test_quotes_commas_and_line_breaks_come_back(make_report: Make) -> None:
    note = 'one, "two"\nthree; =four'
    (line,) = table(make_report(note=note))
    assert line["note"] == note


def test_the_next_result_is_read_only_when_its_line_is_asked_for(
    make_report: Make,
) -> None:
    read_so_far = []

    def reports() -> Iterator[Report]:
        for number in range(3):
            read_so_far.append(number)
            yield make_report()

    lines = to_csv(reports())
    next(lines)
    assert read_so_far == []
    next(lines)
    assert read_so_far == [0]


def test_no_pixels_are_needed(make_report: Make) -> None:
    report = make_report(pixels=np.empty((0, 0, 3), np.uint8))
    assert len(table(report)) == 1
    assert read(report)["answer"]["width"] == 400
