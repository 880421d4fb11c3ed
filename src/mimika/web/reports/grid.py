"""The table of all faces and all classes."""

from mimika.web.reports.presentation import FaceView
from mimika.web.reports.sheet import MARGIN_MM, TRACK, Sheet

ABREAST = 8  # classes; more go into a table below
ROW_MM = 6.0
NUMBER_MM = 14.0
PAD_MM = 2.0


def draw_grid(sheet: Sheet, views: list[FaceView]) -> None:
    """Draws the table; its head is repeated on each page.

    Args:
        sheet: where to draw.
        views: at least one face.
    """
    for start in range(0, len(views[0].bars), ABREAST):
        columns = range(start, min(start + ABREAST, len(views[0].bars)))
        sheet.keep(3 * ROW_MM)
        _draw_head(sheet, views[0], columns)
        for view in views:
            if sheet.y + ROW_MM > sheet.page_break_trigger:
                sheet.add_page()
                _draw_head(sheet, view, columns)
            _draw_row(sheet, view, columns)
        sheet.set_y(sheet.y + 2)


def _draw_head(sheet: Sheet, view: FaceView, columns: range) -> None:
    sheet.box(MARGIN_MM, sheet.y, sheet.epw, ROW_MM, TRACK)
    _draw_cells(sheet, "Face", [(view.bars[i].name, False) for i in columns])


def _draw_row(sheet: Sheet, view: FaceView, columns: range) -> None:
    bars = [view.bars[i] for i in columns]
    _draw_cells(sheet, str(view.number), [(bar.percent, bar.top) for bar in bars])
    sheet.rule(sheet.y)


def _draw_cells(sheet: Sheet, first: str, others: list[tuple[str, bool]]) -> None:
    """One row; of the other cells, the text and whether it is bold."""
    y = sheet.y
    sheet.set_xy(MARGIN_MM + PAD_MM, y + 1)
    sheet.write_line(first, 8, width=NUMBER_MM - PAD_MM)
    width = (sheet.epw - NUMBER_MM - PAD_MM) / len(others)
    for column, (text, bold) in enumerate(others):
        sheet.set_xy(MARGIN_MM + NUMBER_MM + column * width, y + 1)
        sheet.write_line(text, 8, width=width, bold=bold, to_right=True)
    sheet.set_xy(MARGIN_MM, y + ROW_MM)
