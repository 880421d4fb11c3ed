"""Boxes and labels as numbers for an SVG, sharp at any size.

The places are those of `reporting.annotate`, so that the page and the saved picture
show the same.
"""

from dataclasses import dataclass

from mimika.core.results import Analysis, Box
from mimika.core.tasks import text_colour
from mimika.reporting.annotate import Placed, Rectangle, lay_out
from mimika.web.reports.presentation import marks_of


@dataclass(frozen=True)
class Plate:
    """A label.

    Attributes:
        area: the plate under the text.
        text: what is written.
        colour: of the letters, `#rrggbb`.
        x: where the text begins.
        y: on which height its letters stand.
        font_px: height of the letters.
        text_px: how wide the text is; browsers have other fonts and fit them in.
    """

    area: Rectangle
    text: str
    colour: str
    x: int
    y: int
    font_px: float
    text_px: int

    @property
    def width(self) -> int:
        """Of the plate."""
        return self.area.right - self.area.left

    @property
    def height(self) -> int:
        """Of the plate."""
        return self.area.bottom - self.area.top


@dataclass(frozen=True)
class Drawn:
    """A face's box, all lengths in pixels of the kept picture.

    Attributes:
        number: of the face, counted from 1.
        box: where it is.
        colour: of line and plate, `#rrggbb`.
        line_px: width of the line.
        halo_px: width of the dark line under it.
        plate: the label; None where none fits.
    """

    number: int
    box: Box
    colour: str
    line_px: int
    halo_px: int
    plate: Plate | None


def overlay_of(answer: Analysis) -> list[Drawn]:
    """What is drawn over the picture, in the order of the faces."""
    placed = lay_out((answer.width, answer.height), marks_of(answer))
    return [
        Drawn(
            number=number,
            box=Box(*(round(value) for value in box.mark.box)),
            colour=box.mark.colour,
            line_px=box.line_px,
            halo_px=box.line_px + 2 * max(1, box.line_px // 3),
            plate=_plate(box),
        )
        for number, box in enumerate(placed, start=1)
    ]


def _plate(box: Placed) -> Plate | None:
    label, area = box.label, box.plate
    if label is None or area is None:
        return None
    return Plate(
        area=area,
        text=label.text,
        colour=text_colour(box.mark.colour),
        x=area.left + label.pad,
        y=area.top + label.baseline,
        font_px=label.font.size,
        text_px=label.width - 2 * label.pad,
    )
