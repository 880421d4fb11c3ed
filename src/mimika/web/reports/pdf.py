"""A result as a PDF file for printing and for passing on."""

from contextlib import closing
from datetime import datetime

from mimika.web.images import to_jpeg
from mimika.web.reports.cards import draw_rows, lay_out
from mimika.web.reports.content import Report
from mimika.web.reports.grid import draw_grid
from mimika.web.reports.overlay import PRINT_QUALITY, printed
from mimika.web.reports.presentation import (
    SURE_FROM,
    about_faces,
    face_views,
    likely_from,
    percent,
    summary,
)
from mimika.web.reports.sheet import MARGIN_MM, QUIET, Sheet

HEADING_MM = 10.0
KEY_MM = 34.0
NO_FACE = (
    "Faces are found best when they are well lit, look towards the camera and are not "
    "very small. Another picture may well work."
)
RESPONSIBLE = (
    "The answer is a guess about an expression, not about a feeling; it can be wrong, "
    "and nothing about a person may be decided by it."
)

OTHER_TASK = (
    "The model answers one of its classes, whatever a picture shows; the answer can be "
    "wrong. Check it before anything depends on it."
)


def to_pdf(report: Report) -> bytes:
    """A report on A4 pages; the same report always gives the same bytes.

    Args:
        report: what to print.
    """
    picture = to_jpeg(printed(report), PRINT_QUALITY)
    # How many pages there are is known only at the end.
    with closing(_new_sheet(report, 0)) as draft:
        _draw(draft, report, picture)
        pages = draft.page_no()
    with closing(_new_sheet(report, pages)) as sheet:
        _draw(sheet, report, picture)
        return bytes(sheet.output())


def moment(at: datetime) -> str:
    """A time for people, such as `22 November 2026, 14:05 UTC`."""
    return f"{at.day} {at:%B %Y, %H:%M %Z}"


def _new_sheet(report: Report, pages: int) -> Sheet:
    foot = f"mimika · written {moment(report.written)}"
    sheet = Sheet(report.heading, foot, pages)
    sheet.describe(report.heading, report.written)
    return sheet


def _draw(sheet: Sheet, report: Report, picture: bytes) -> None:
    _draw_title(sheet, report)
    _draw_picture(sheet, report, picture)
    _draw_pairs(sheet, _form(report))
    _draw_faces(sheet, report)
    _draw_model(sheet, report)


def advice_on(report: Report) -> str:
    """What to think of the answer."""
    return RESPONSIBLE if about_faces(report.answer) else OTHER_TASK


def _draw_title(sheet: Sheet, report: Report) -> None:
    about = "facial expressions" if about_faces(report.answer) else "a picture"
    sheet.write_line(f"mimika · report on {about}", 8, colour=QUIET)
    sheet.set_xy(MARGIN_MM, sheet.y + 7)
    sheet.write_block(report.heading, 20, bold=True)
    sheet.set_y(sheet.y + 2)
    sheet.write_block(sentence(report), 11)
    sheet.set_y(sheet.y + 4)


def _words(report: Report) -> str:
    """What `sure`, `likely` and `unsure` mean."""
    likely = likely_from(len(report.answer.faces[0].probabilities))
    return (
        f"Sure means a probability of {percent(SURE_FROM)} or more, likely "
        f"{percent(likely)} or more, unsure less than that."
    )


def sentence(report: Report) -> str:
    """The answer in one sentence."""
    message = report.answer.message
    if not report.answer.faces:
        return message
    return (
        f"{message.removesuffix('.')}: {summary(x.label for x in report.answer.faces)}."
    )


def _draw_picture(sheet: Sheet, report: Report, picture: bytes) -> None:
    """The picture across the page, but at most half a page high."""
    height, width = report.pixels.shape[:2]
    scale = min(sheet.epw / width, sheet.h / 2 / height)
    w, h = width * scale, height * scale
    sheet.keep(h)
    x, y = MARGIN_MM + (sheet.epw - w) / 2, sheet.y
    sheet.image(picture, x, y, w, h, alt_text=f"The picture. {sentence(report)}")
    sheet.set_xy(MARGIN_MM, y + h + 6)


def _form(report: Report) -> list[tuple[str, str]]:
    """What the person wrote, in the order of the form; the title stands on top."""
    answer = report.answer
    return [
        ("File", report.original_name),
        ("Size", f"{answer.width} by {answer.height} pixels"),
        ("Note", report.note),
        ("Date taken", _day(report)),
        ("Seen by you", report.seen_name),
        ("Analysed", moment(report.created)),
    ]


def _day(report: Report) -> str:
    taken = report.taken
    return f"{taken.day} {taken:%B %Y}" if taken else ""


def _draw_pairs(sheet: Sheet, pairs: list[tuple[str, str]]) -> None:
    """Names on the left, values on the right; what is empty is left out."""
    for name, value in pairs:
        if not value.strip():
            continue
        sheet.keep(6)
        y = sheet.y
        sheet.write_line(name, 9, width=KEY_MM, colour=QUIET)
        sheet.set_xy(MARGIN_MM + KEY_MM, y)
        sheet.write_block(value, 9, width=sheet.epw - KEY_MM)
        sheet.set_xy(MARGIN_MM, sheet.y + 1.8)


def _draw_heading(sheet: Sheet, text: str, follows_mm: float) -> None:
    """A heading on the page of what follows it."""
    sheet.set_y(sheet.y + 5)
    sheet.keep(HEADING_MM + follows_mm)
    sheet.start_section(text)
    sheet.write_block(text, 13, bold=True)
    sheet.set_y(sheet.y + 3)


def heading_of(report: Report) -> str:
    """What stands above the cards."""
    if not about_faces(report.answer):
        return "The answer"
    return "Faces" if len(report.answer.faces) > 1 else "The face"


def _draw_faces(sheet: Sheet, report: Report) -> None:
    """A card for each face, and a table of several; or why there is no face."""
    rows = lay_out(sheet, report)
    if not rows:
        _draw_heading(sheet, "Nothing to classify", 20)
        sheet.write_block(NO_FACE, 9.5)
        return
    _draw_heading(sheet, heading_of(report), rows[0].height)
    draw_rows(sheet, rows, report.pixels)
    sheet.keep(5)
    sheet.write_block(_words(report), 8, colour=QUIET)
    views = face_views(report.answer)
    if len(views) > 1:  # of a single one, its card says the same
        _draw_heading(sheet, "All probabilities", 20)
        draw_grid(sheet, views)


def _draw_model(sheet: Sheet, report: Report) -> None:
    """Which model answered, how good it is, and what its answer is not."""
    model = report.model
    _draw_heading(sheet, "About this answer", 30)
    facts = [
        ("Model", model.name),
        ("Digest", model.digest[:12]),
        ("Measured accuracy", model.accuracy),
    ]
    _draw_pairs(sheet, facts)
    sheet.set_y(sheet.y + 2)
    sheet.write_block(advice_on(report), 9.5, bold=True)
