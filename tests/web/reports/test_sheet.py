"""Pages are read back with pypdf."""

import io
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pypdf
import pytest

from mimika.web.reports.sheet import MARGIN_MM, Sheet


@pytest.fixture
def sheet() -> Iterator[Sheet]:
    with closing(Sheet("A heading", "a foot", 1)) as sheet:
        yield sheet


def pages(sheet: Sheet) -> list[str]:
    reader = pypdf.PdfReader(io.BytesIO(sheet.output()))
    return [page.extract_text() for page in reader.pages]


def test_every_page_but_the_first_has_the_heading(sheet: Sheet) -> None:
    sheet.add_page()
    first, second = pages(sheet)
    assert "A heading" not in first
    assert "A heading" in second
    assert "a foot" in first
    assert "a foot" in second


def test_a_page_is_started_only_where_there_is_too_little_room(sheet: Sheet) -> None:
    sheet.keep(200)
    assert sheet.page_no() == 1
    sheet.set_y(100)
    sheet.keep(200)
    assert sheet.page_no() == 2


def test_a_long_line_ends_in_an_ellipsis_inside_its_width(sheet: Sheet) -> None:
    sheet.write_line("word " * 100, 10, width=40)
    assert sheet.x == pytest.approx(MARGIN_MM + 40, abs=4)
    (text,) = pages(sheet)
    assert "word word" in text
    assert "…" in text


def test_a_block_goes_on_on_the_next_page(sheet: Sheet) -> None:
    sheet.write_block("\n".join(f"line {n}" for n in range(80)), 10)
    first, second = pages(sheet)
    assert "line 0\n" in first
    assert "line 79" in second
    both = first + second
    assert all(f"line {n}" in both for n in range(80))


@pytest.mark.parametrize(
    "text", ["one", "word " * 100, "x" * 300, "a\nb\n\nc", "عيد " * 80]
)
def test_the_height_of_a_block_is_known_before(text: str, sheet: Sheet) -> None:
    height = sheet.block_mm(text, 9, 60)
    start = sheet.y
    sheet.write_block(text, 9, width=60)
    assert sheet.y - start == pytest.approx(height)


def test_arabic_stands_at_the_right_and_latin_at_the_left(sheet: Sheet) -> None:
    sheet.set_y(100)
    sheet.write_block("hello\n\u0645\u0631\u062d\u0628\u0627", 10)
    starts: dict[str, float] = {}

    def note(text: str, _: object, place: list[float], *__: object) -> None:
        starts[text.strip()] = place[4] / 72 * 25.4

    reader = pypdf.PdfReader(io.BytesIO(sheet.output()))
    reader.pages[0].extract_text(visitor_text=note)
    assert starts["hello"] == pytest.approx(MARGIN_MM, abs=0.1)
    assert starts["\u0645\u0631\u062d\u0628\u0627"] > 150


def test_arabic_letters_are_joined(sheet: Sheet) -> None:
    sheet.pen(10)
    joined = sheet._measure("مرحبا")
    apart = sum(sheet._measure(letter) for letter in "مرحبا")
    assert joined < 0.95 * apart


def test_a_place_holder_that_a_person_wrote_stays(sheet: Sheet) -> None:
    sheet.write_block("{nb} pages", 10)
    assert "{nb} pages" in pages(sheet)[0]


def test_letters_that_only_the_plain_face_has_are_shown_among_bold_ones(
    sheet: Sheet,
) -> None:
    plain, bold = sheet.fonts["sans"].cmap, sheet.fonts["sansB"].cmap
    letter = chr(min(set(plain) - set(bold)))
    sheet.write_block(f"a {letter} b", 10, bold=True)
    assert letter in pages(sheet)[0]


def test_the_file_says_what_it_is(sheet: Sheet) -> None:
    sheet.describe("День \u202e祖", datetime(2026, 11, 22, 14, 5, tzinfo=UTC))
    reader = pypdf.PdfReader(io.BytesIO(sheet.output()))
    assert reader.metadata is not None
    assert reader.metadata.title == "День [not printable: 1 character]"
    assert reader.metadata.creator == "mimika"
    assert reader.metadata.creation_date == datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
    assert reader.root_object["/Lang"] == "en"
