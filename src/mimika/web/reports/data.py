"""A result as JSON for programs, and many results as CSV for spreadsheets."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from mimika.core.results import WARNINGS, Face
from mimika.core.tasks import EMOTION
from mimika.web.reports.content import Report
from mimika.web.reports.presentation import certainty_of

SCHEMA = "mimika.result/1"  # the number rises when a reader has to change
SCHEMA_FILE = Path(__file__).parent / "result.schema.json"

BYTE_ORDER_MARK = "\ufeff"  # without it, spreadsheets take UTF-8 for something else
# A spreadsheet takes what starts like this for a formula and runs it.
FORMULA_STARTS = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")  # the last four are wide
OF_RESULT = (
    *("title", "file", "note", "analysed", "date_taken", "seen"),
    *("width", "height", "faces", "model", "model_digest"),
)
OF_FACE = (
    *("face", "x", "y", "w", "h", "label", "probability", "certainty"),
    *("score", "tilt_degrees", "warnings", "opinion"),
)

Cell = str | int | float


def to_json(report: Report) -> bytes:
    """All of a result but the picture; `result.schema.json` describes it.

    Args:
        report: what is saved; its pixels are not read.

    Returns:
        UTF-8, with a line break at the end.
    """
    value = {
        "schema": SCHEMA,
        "written": report.written.isoformat(),
        "form": _form(report),
        "answer": _answer(report),
        "model": {
            "name": report.model.name,
            "digest": report.model.digest,
            "accuracy": report.model.accuracy or None,
        },
    }
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def to_csv(
    reports: Iterable[Report], classes: Sequence[str] = EMOTION.keys
) -> Iterator[str]:
    """One line for each face, and one for a result without any.

    Text that a spreadsheet would run as a formula gets an apostrophe in front.

    Args:
        reports: what is saved, read one at a time; their pixels are not read.
        classes: keys of the classes that get a column; the probabilities of all others
            stand together in the last one.

    Yields:
        The head, which starts with a byte order mark, and then the lines.
    """
    probabilities = [f"p_{key}" for key in classes]
    head = [*OF_RESULT, *OF_FACE, *probabilities, "other_probabilities"]
    yield BYTE_ORDER_MARK + _line(head)
    for report in reports:
        of_result = _of_result(report)
        for number, face in enumerate(report.answer.faces, start=1):
            of_face = [*_of_face(number, face), report.opinions.get(number, "")]
            yield _line([*of_result, *of_face, *_of_classes(face, classes)])
        if not report.answer.faces:
            yield _line(of_result + [""] * (len(head) - len(of_result)))


def _form(report: Report) -> dict[str, Any]:
    """What the person wrote; null where nothing stands."""
    return {
        "title": report.title or None,
        "file": report.original_name or None,
        "note": report.note or None,
        "analysed": report.created.isoformat(),
        "date_taken": _day(report) or None,
        "seen": report.seen or None,
    }


def _day(report: Report) -> str:
    return report.taken.isoformat() if report.taken else ""


def _answer(report: Report) -> dict[str, Any]:
    """The answer as the processing service gives it, with numbers and words."""
    answer = report.answer
    value = answer.model_dump(mode="json")
    value["message"] = answer.message
    value["faces"] = [
        {
            "number": number,
            **face.model_dump(mode="json"),
            "certainty": certainty_of(face),
            "opinion": report.opinions.get(number) or None,
            "warnings": [{"key": key, "text": WARNINGS[key]} for key in face.warnings],
        }
        for number, face in enumerate(answer.faces, start=1)
    ]
    return value


def _of_result(report: Report) -> list[Cell]:
    answer, model = report.answer, report.model
    form: list[Cell] = [report.title, report.original_name, report.note]
    dates: list[Cell] = [report.created.isoformat(), _day(report)]
    size: list[Cell] = [answer.width, answer.height, len(answer.faces)]
    return [*form, *dates, report.seen, *size, model.name, model.digest]


def _of_face(number: int, face: Face) -> list[Cell]:
    answer: list[Cell] = [face.label, face.probability, certainty_of(face)]
    sureness: list[Cell] = [face.score, face.tilt_degrees, " ".join(face.warnings)]
    return [number, *face.box, *answer, *sureness]


def _of_classes(face: Face, classes: Sequence[str]) -> list[Cell]:
    """The probabilities in their columns; the last cell holds those without one."""
    others = face.probabilities.keys() - set(classes)
    rest = "; ".join(f"{key}={face.probabilities[key]}" for key in sorted(others))
    return [*(face.probabilities.get(key, "") for key in classes), rest]


def _line(cells: Sequence[Cell]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([_harmless(cell) for cell in cells])
    return buffer.getvalue()


def _harmless(cell: Cell) -> Cell:
    """Text that is no formula; numbers stay as they are, negative ones too."""
    if isinstance(cell, str) and cell.lstrip(" \n").startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell
