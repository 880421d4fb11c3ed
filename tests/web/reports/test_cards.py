import io
import re
from collections.abc import Callable, Iterator
from contextlib import closing

import pypdf
import pytest

from mimika.core.results import Analysis, Face
from mimika.core.tasks import EMOTION
from mimika.web.reports.cards import Card, draw_rows, lay_out
from mimika.web.reports.content import Report
from mimika.web.reports.presentation import face_views
from mimika.web.reports.sheet import Sheet

Make = Callable[..., Report]


@pytest.fixture
def sheet() -> Iterator[Sheet]:
    with closing(Sheet("A heading", "a foot", 1)) as sheet:
        yield sheet


def card(report: Report, **changes: object) -> Card:
    """The card of a report's first face."""
    face = report.answer.faces[0].model_copy(update=changes)
    answer = report.answer.model_copy(update={"faces": (face,)})
    return Card(face_views(answer)[0], face)


def many_classes(answer: Analysis, classes: int) -> Analysis:
    shares = {
        f"class_{n:02}": (n + 1) * 2 / classes / (classes + 1) for n in range(classes)
    }
    label = f"class_{classes - 1:02}"
    face = Face(
        box=answer.faces[0].box,
        score=1,
        label=label,
        probability=shares[label],
        probabilities=shares,
    )
    return answer.model_copy(update={"task": "other", "faces": (face,)})


def test_the_verdict_has_the_figure_and_a_word(make_report: Make) -> None:
    assert card(make_report()).verdict == "70 % · likely"
    assert card(make_report(), probability=0.93).verdict == "93 % · sure"


def test_warnings_are_sentences(make_report: Make) -> None:
    assert card(make_report()).warnings == ""
    words = card(make_report(), warnings=("small", "turned")).warnings
    assert words.startswith("The face is so small")
    assert words.endswith("turned so far away that the answer means little.")


def test_all_classes_have_a_bar_in_the_order_of_the_task(make_report: Make) -> None:
    assert [bar.name for bar in card(make_report()).bars] == list(EMOTION.names)


def test_of_very_many_classes_the_most_probable_are_drawn(make_report: Make) -> None:
    answer = many_classes(make_report().answer, 60)
    bars = Card(face_views(answer)[0], answer.faces[0]).bars
    assert len(bars) == 20
    assert bars[0].name == "Class 59"
    assert bars[-1].name == "Class 40"


@pytest.mark.parametrize(
    ("faces", "rows"), [(0, []), (1, [1]), (2, [2]), (5, [2, 2, 1])]
)
def test_several_cards_stand_two_abreast(
    faces: int, rows: list[int], make_report: Make, sheet: Sheet
) -> None:
    laid = lay_out(sheet, make_report(faces))
    assert [len(row.cards) for row in laid] == rows
    widths = {round(row.width) for row in laid}
    assert widths == ({174} if faces == 1 else {84} if faces else set())


def test_a_row_is_as_high_as_its_highest_card(make_report: Make, sheet: Sheet) -> None:
    report = make_report(2)
    plain, warned = report.answer.faces
    warned = warned.model_copy(update={"warnings": ("small", "blurred")})
    answer = report.answer.model_copy(update={"faces": (plain, warned)})
    (row,) = lay_out(sheet, Report(**{**vars(report), "answer": answer}))
    (bare,) = lay_out(sheet, report)
    assert row.height > bare.height + 8


def test_no_card_is_cut_by_the_end_of_a_page(make_report: Make, sheet: Sheet) -> None:
    report = make_report(40)
    draw_rows(sheet, lay_out(sheet, report), report.pixels)
    reader = pypdf.PdfReader(io.BytesIO(sheet.output()))
    texts = [page.extract_text() for page in reader.pages]
    heads = [text.count("likely") for text in texts]
    assert sum(heads) == 40
    # each card is whole: on its page are all of its seven classes, too
    for name in ("Angry", "Neutral"):
        extra = [text.count(name) - text.count("likely") for text in texts]
        assert min(extra) >= 0
        assert sum(extra) == sum(EMOTION.names[n % 7] == name for n in range(40))


def test_bars_are_vectors_in_the_colours_of_the_classes(
    make_report: Make, sheet: Sheet
) -> None:
    sheet.set_compression(False)
    report = make_report()
    draw_rows(sheet, lay_out(sheet, report), report.pixels)
    fills = re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) rg", bytes(sheet.output()))
    used = {tuple(round(255 * float(part)) for part in fill) for fill in fills}
    for label in EMOTION.labels[:-1]:  # grey is written as one number
        assert tuple(bytes.fromhex(label.colour[1:])) in used
