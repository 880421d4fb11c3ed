"""Reports are read back with pypdf."""

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pypdf
import pytest

from mimika.web.reports.content import ModelFacts, Report
from mimika.web.reports.pdf import moment, sentence, to_pdf

Make = Callable[..., Report]


def read(report: Report) -> list[str]:
    """The text of each page."""
    reader = pypdf.PdfReader(io.BytesIO(to_pdf(report)))
    texts = [page.extract_text() for page in reader.pages]
    return [text.replace("\u00a0", " ") for text in texts]


def test_a_report_says_what_was_found_and_by_which_model(make_report: Make) -> None:
    text = "\n".join(read(make_report()))
    for words in (
        "Garden party",
        "1 face found: Angry.",
        "IMG_2031.jpg",
        "400 by 300 pixels",
        "Just before the speech.",
        "4 July 2026",
        "Seen by you Happy",
        "20 November 2026, 09:05 UTC",
        "70 % · likely",
        "test-model",
        "0123456789ab\n",
        "0.711 on 3,589 pictures",
        "not about a feeling",
        "written 22 November 2026, 14:05 UTC",
    ):
        assert words in text


@pytest.mark.parametrize(("faces", "pages"), [(0, 2), (1, 2), (3, 2), (40, 9)])
def test_every_page_has_its_number(faces: int, pages: int, make_report: Make) -> None:
    texts = read(make_report(faces))
    assert len(texts) == pages
    for number, text in enumerate(texts, start=1):
        assert f"Page {number} of {pages}" in text


def test_every_face_has_its_card_and_its_line(make_report: Make) -> None:
    text = "\n".join(read(make_report(40)))
    for number in range(1, 41):
        assert len(re.findall(rf"^Face {number}$", text, re.M)) == 1
        assert len(re.findall(rf"^{number} \d+ %", text, re.M)) == 1


def test_a_heading_stands_on_the_page_of_what_follows(make_report: Make) -> None:
    for lines in range(0, 60, 6):
        texts = read(make_report(2, note="line\n" * lines + "end"))
        (page,) = [text for text in texts if "Faces\n" in text]
        assert "Face 1\n" in page
        (page,) = [text for text in texts if "All probabilities" in text]
        assert re.search(r"^1 \d+ %", page, re.M)
        (page,) = [text for text in texts if "About this answer" in text]
        assert "nothing about a person may be decided by it" in page


def test_without_a_face_it_is_said_kindly(make_report: Make) -> None:
    text = "\n".join(read(make_report(0)))
    assert "No face was found in this picture." in text
    assert "Another\npicture may well work" in text
    assert "All probabilities" not in text


def test_what_was_left_empty_takes_no_room(make_report: Make) -> None:
    text = "\n".join(
        read(
            make_report(
                title="",
                note="",
                seen="",
                taken=None,
                model=ModelFacts("m", "d" * 64, ""),
            )
        )
    )
    assert text.count("IMG_2031.jpg") >= 2  # as heading and as file
    for name in ("Note", "Seen by you", "Date taken", "Measured accuracy"):
        assert name not in text


def test_warnings_are_in_words(make_report: Make) -> None:
    report = make_report()
    face = report.answer.faces[0].model_copy(update={"warnings": ("blurred",)})
    answer = report.answer.model_copy(update={"faces": (face,)})
    text = "\n".join(read(make_report(answer=answer)))
    assert "The face is so blurred that the answer means little." in text


def test_notes_of_many_scripts_are_legible_or_visibly_replaced(
    make_report: Make,
) -> None:
    note = "День рождения\nψύξη\nعيد ميلاد\n祖母 and 🎉\n{nb} **bold**"
    text = "\n".join(read(make_report(note=note)))
    for words in (
        "День рождения",
        "ψύξη",
        "عيد ميلاد",
        "[not printable: 2 characters] and [not printable: 1 character]",
        "{nb} **bold**",
    ):
        assert words in text


@pytest.mark.parametrize(
    "fields",
    [
        {"note": "x" * 500, "title": "y" * 200, "original_name": "z" * 255},
        {"note": "ن" * 500},
        {"note": "祖" * 500},
        {"note": "\n".join("abc" for _ in range(250))},
    ],
)
def test_long_texts_flow(fields: dict[str, Any], make_report: Make) -> None:
    text = "".join(read(make_report(**fields)))
    assert "Page 1 of" in text
    for value in fields.values():
        letter = value[0]
        shown = text.count(letter)
        assert shown >= value.count(letter) or "[not printable: 500 characters]" in text


@pytest.mark.parametrize("size", [(48, 48), (600, 2400), (4000, 300), (2, 900)])
def test_the_picture_fits_at_most_half_a_page(
    size: tuple[int, int], make_report: Make
) -> None:
    reader = pypdf.PdfReader(io.BytesIO(to_pdf(make_report(0, *size))))
    page = reader.pages[0]
    drawn = re.findall(
        r"q ([\d.]+) 0 0 ([\d.]+) [\d.]+ [\d.]+ cm /I\d+ Do",
        page.get_contents().get_data().decode("latin-1"),  # type: ignore[union-attr]
    )
    ((width, height),) = drawn
    assert float(width) <= 174 / 25.4 * 72 + 0.1
    assert float(height) <= float(page.mediabox.height) / 2 + 0.1
    assert float(width) / float(height) == pytest.approx(size[0] / size[1], rel=0.02)


def test_pages_are_a4(make_report: Make) -> None:
    reader = pypdf.PdfReader(io.BytesIO(to_pdf(make_report())))
    for page in reader.pages:
        assert float(page.mediabox.width) == pytest.approx(595.28)
        assert float(page.mediabox.height) == pytest.approx(841.89)


def test_the_picture_is_described_for_those_who_cannot_see_it(
    make_report: Make,
) -> None:
    data = to_pdf(make_report())
    assert "The picture. 1 face found: Angry.".encode("utf-16-be") in data or (
        b"The picture. 1 face found: Angry." in data
    )


def test_the_same_report_gives_the_same_bytes(make_report: Make) -> None:
    assert to_pdf(make_report(3)) == to_pdf(make_report(3))
    assert to_pdf(make_report(3)) != to_pdf(make_report(3, note="Another."))


def test_a_report_has_bookmarks(make_report: Make) -> None:
    reader = pypdf.PdfReader(io.BytesIO(to_pdf(make_report(2))))
    titles = [entry.title for entry in reader.outline]  # type: ignore[union-attr]
    assert titles == ["Faces", "All probabilities", "About this answer"]


def test_a_whole_picture_is_named_as_such(make_report: Make) -> None:
    answer = make_report().answer.model_copy(update={"faces_mode": "whole"})
    words = sentence(make_report(answer=answer))
    assert words == "The whole picture was classified: Angry."


def test_times_name_their_zone() -> None:
    at = datetime(2026, 3, 2, 9, 5, tzinfo=timezone(timedelta(hours=2)))
    assert moment(at) == "2 March 2026, 09:05 UTC+02:00"
