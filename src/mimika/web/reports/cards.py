"""A card for each face: its picture, the answer in words, a bar for each class."""

from dataclasses import dataclass

from mimika.core.preprocess import UInt8Array
from mimika.core.results import WARNINGS, Face
from mimika.web.images import to_jpeg
from mimika.web.reports.content import Report
from mimika.web.reports.overlay import PRINT_QUALITY, face_square
from mimika.web.reports.presentation import Bar, FaceView, face_views
from mimika.web.reports.sheet import LINE, MARGIN_MM, QUIET, TRACK, Sheet

GAP_MM = 6.0
PAD_MM = 4.0
PORTRAIT_MM = 18.0
BAR_MM = 5.2  # from one bar to the next
NAME_MM = 19.0
FIGURE_MM = 12.0
CHART_CLASSES = 20  # of a model with more, the table alone shows the rest


@dataclass(frozen=True)
class Card:
    """What a card shows.

    Attributes:
        view: names, colours and figures.
        face: warnings and the exact probability.
    """

    view: FaceView
    face: Face

    @property
    def verdict(self) -> str:
        """How probable the answer is, with a word for it."""
        return f"{self.view.percent} · {self.view.certainty}"

    @property
    def warnings(self) -> str:
        """All warnings as sentences; empty where there is none."""
        return " ".join(WARNINGS[key] for key in self.face.warnings)

    @property
    def bars(self) -> list[Bar]:
        """The bars that are drawn: the longest ones where there are very many."""
        bars = list(self.view.bars)
        if len(bars) <= CHART_CLASSES:
            return bars
        longest = sorted(bars, key=lambda bar: -float(bar.width))
        return longest[:CHART_CLASSES]


@dataclass(frozen=True)
class Place:
    """Where a card goes, in mm: its upper left corner and its width."""

    x: float
    y: float
    width: float


@dataclass(frozen=True)
class Row:
    """Cards side by side; sizes in mm."""

    cards: list[Card]
    width: float
    height: float


def lay_out(sheet: Sheet, report: Report) -> list[Row]:
    """The cards of all faces: two abreast where there are several."""
    pairs = zip(face_views(report.answer), report.answer.faces, strict=True)
    cards = [Card(view, face) for view, face in pairs]
    abreast = min(len(cards), 2)
    width = (sheet.epw - GAP_MM * (abreast - 1)) / max(abreast, 1)
    rows = [cards[start : start + 2] for start in range(0, len(cards), 2)]
    return [
        Row(row, width, max(_card_mm(sheet, card, width) for card in row))
        for row in rows
    ]


def draw_rows(sheet: Sheet, rows: list[Row], pixels: UInt8Array) -> None:
    """Draws the cards, none of them across two pages.

    Args:
        sheet: where to draw.
        rows: from `lay_out`.
        pixels: uint8 (H, W, 3), RGB; the picture with the faces.
    """
    for row in rows:
        sheet.keep(row.height)
        y = sheet.y
        for column, card in enumerate(row.cards):
            place = Place(MARGIN_MM + column * (row.width + GAP_MM), y, row.width)
            _draw_card(sheet, card, place, row.height)
            _draw_head(sheet, card, place, pixels)
        sheet.set_xy(MARGIN_MM, y + row.height + GAP_MM)


def _card_mm(sheet: Sheet, card: Card, width: float) -> float:
    bars = BAR_MM * len(card.bars)
    return PAD_MM + PORTRAIT_MM + _warnings_mm(sheet, card, width) + 3 + bars + PAD_MM


def _warnings_mm(sheet: Sheet, card: Card, width: float) -> float:
    if not card.warnings:
        return 0
    return 3 + sheet.block_mm(card.warnings, 8, width - 2 * PAD_MM)


def _draw_card(sheet: Sheet, card: Card, place: Place, height: float) -> None:
    """The frame, the warnings and the bars."""
    sheet.set_draw_color(LINE)
    sheet.set_line_width(0.25)
    sheet.rect(
        place.x, place.y, place.width, height, round_corners=True, corner_radius=2
    )
    left, room = place.x + PAD_MM, place.width - 2 * PAD_MM
    y = place.y + PAD_MM + PORTRAIT_MM
    if card.warnings:
        sheet.set_xy(left, y + 3)
        sheet.write_block(card.warnings, 8, width=room, colour="#8a3b00")
        y += _warnings_mm(sheet, card, place.width)
    for number, bar in enumerate(card.bars):
        _draw_bar(sheet, bar, Place(left, y + 3 + number * BAR_MM, room))


def _draw_head(sheet: Sheet, card: Card, place: Place, pixels: UInt8Array) -> None:
    """The face itself, its number and the answer."""
    view = card.view
    x, y = place.x + PAD_MM, place.y + PAD_MM
    portrait = to_jpeg(face_square(pixels, view.box), PRINT_QUALITY)
    alt_text = view.what
    sheet.image(portrait, x, y, PORTRAIT_MM, PORTRAIT_MM, alt_text=alt_text)
    beside = x + PORTRAIT_MM + 4
    room = place.x + place.width - PAD_MM - beside
    sheet.set_xy(beside, y + 0.5)
    sheet.write_line(view.what, 8, width=room, colour=QUIET)
    sheet.box(beside, y + 6.2, 3.4, 3.4, view.colour, round_mm=0.6)
    sheet.set_xy(beside + 5, y + 5)
    sheet.write_line(view.name, 12, width=room - 5, bold=True)
    sheet.set_xy(beside, y + 12.5)
    sheet.write_line(card.verdict, 9.5, width=room)


def _draw_bar(sheet: Sheet, bar: Bar, place: Place) -> None:
    """The name, the bar on its track, and the figure."""
    sheet.set_xy(place.x, place.y)
    sheet.write_line(bar.name, 8, width=NAME_MM, bold=bar.top)
    x = place.x + NAME_MM + 1.5
    full = place.width - NAME_MM - FIGURE_MM - 1.5
    sheet.box(x, place.y + 0.3, full, 3.4, TRACK)
    sheet.box(x, place.y + 0.3, full * float(bar.width) / 100, 3.4, bar.colour)
    sheet.set_xy(x + full, place.y)
    sheet.write_line(bar.percent, 8, width=FIGURE_MM, bold=bar.top, to_right=True)
