"""Draws boxes with labels on a picture.

Lines have a dark halo around the colour and labels stand on a plate in that colour, so
both show on dark and on light pictures. Sizes follow the picture's, and those of the
boxes where there are many small ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mimika.core.preprocess import UInt8Array
from mimika.core.tasks import text_colour

# Pillow's own font lacks accented letters.
FONT_FILE = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
HALO = "#101010"
LEAST_FONT_PX = 7  # text that fits in no larger size than this is left out


@dataclass(frozen=True)
class Mark:
    """A box to draw.

    Attributes:
        box: x, y, width and height in pixels of the picture.
        text: what to write beside it, one line; empty for a box alone.
        colour: of the line and the plate, `#rrggbb`.
    """

    box: tuple[float, float, float, float]
    text: str
    colour: str


class Rectangle(NamedTuple):
    """Whole pixels from (left, top) up to, but not including, (right, bottom)."""

    left: int
    top: int
    right: int
    bottom: int

    def shared(self, other: "Rectangle") -> int:
        """The area in pixels that two rectangles share."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(width, 0) * max(height, 0)


def annotate(pixels: UInt8Array, marks: Sequence[Mark]) -> UInt8Array:
    """A copy of a picture with boxes and labels drawn on it.

    A label goes above its box, below it, or inside it, whichever is inside the picture
    and covers least of the boxes and of the labels before it.

    Args:
        pixels: uint8 (H, W, 3), RGB, 0..255.
        marks: what to draw; parts outside the picture are cut off.

    Returns:
        uint8 (H, W, 3), RGB.
    """
    image = Image.fromarray(pixels)
    draw = ImageDraw.Draw(image)
    placed = lay_out(image.size, marks)
    for box in placed:
        _draw_box(draw, box.outline, box.mark.colour, box.line_px)
    for box in placed:
        if box.label is not None and box.plate is not None:
            _draw_label(draw, box.label, box.plate, box.mark.colour)
    return np.array(image, np.uint8)


class Label(NamedTuple):
    """Text with its font and the size of its plate in pixels."""

    text: str
    font: ImageFont.FreeTypeFont
    pad: int
    width: int
    height: int

    @property
    def baseline(self) -> int:
        """How far below the plate's upper edge the letters stand."""
        return self.pad // 2 + int(self.font.getmetrics()[0])


class Placed(NamedTuple):
    """Where a mark is drawn, in pixels of the picture.

    Attributes:
        mark: what is drawn.
        outline: the outer edge of the box's halo.
        line_px: width of the coloured line.
        label: the text; None where there is none or it does not fit.
        plate: where it stands; None without one.
    """

    mark: Mark
    outline: Rectangle
    line_px: int
    label: Label | None
    plate: Rectangle | None


def lay_out(size: tuple[int, int], marks: Sequence[Mark]) -> list[Placed]:
    """Where boxes and labels go, each mark in its turn.

    Args:
        size: width and height of the picture.
        marks: what to draw.
    """
    font_px = _font_px(size, marks)
    line_px = max(1, font_px // 6)
    outlines = [_outline(mark, line_px, size) for mark in marks]
    placed: list[Placed] = []
    for mark, outline in zip(marks, outlines, strict=True):
        label, plate = _fit_label(mark.text, font_px, size), None
        if label is not None:
            taken = [box.plate for box in placed if box.plate is not None]
            plate = _place(label, outline, size, (outlines, taken))
        placed.append(Placed(mark, outline, line_px, label, plate))
    return placed


def _font_px(size: tuple[int, int], marks: Sequence[Mark]) -> int:
    """Height of the letters: by the picture, and smaller where boxes are small."""
    longest = max(size)
    largest = max(11.0, 6 + 0.014 * longest)
    smallest = max(11.0, 0.009 * longest)
    typical = median([mark.box[2] for mark in marks]) if marks else longest
    return round(min(max(0.16 * typical, smallest), largest))


def _halo_px(line_px: int) -> int:
    return max(1, line_px // 3)


def _outline(mark: Mark, line_px: int, size: tuple[int, int]) -> Rectangle:
    """The outer edge of a box's halo, inside the picture."""
    x, y, w, h = mark.box
    out = line_px / 2 + _halo_px(line_px)
    left, top = round(x - out), round(y - out)
    right, bottom = round(x + w + out), round(y + h + out)
    width, height = size
    left, top = min(max(left, 0), width - 1), min(max(top, 0), height - 1)
    return Rectangle(
        left, top, min(max(right, left + 1), width), min(max(bottom, top + 1), height)
    )


def _draw_box(
    draw: ImageDraw.ImageDraw, outline: Rectangle, colour: str, line_px: int
) -> None:
    """A dark line, and the coloured one in its middle."""
    halo = _halo_px(line_px)
    left, top, right, bottom = outline
    edge = (left, top, right - 1, bottom - 1)
    draw.rectangle(edge, outline=HALO, width=line_px + 2 * halo)
    inner = (left + halo, top + halo, right - 1 - halo, bottom - 1 - halo)
    if inner[0] <= inner[2] and inner[1] <= inner[3]:
        draw.rectangle(inner, outline=colour, width=line_px)


def _fit_label(text: str, font_px: int, size: tuple[int, int]) -> Label | None:
    """The label in the largest size up to `font_px` that fits in the picture."""
    text = " ".join(text.split())
    if not text:
        return None
    for px in range(font_px, LEAST_FONT_PX - 1, -1):
        label = _measure(text, px)
        if label.width <= size[0] and label.height <= size[1]:
            return label
    return None


def _measure(text: str, font_px: int) -> Label:
    font = ImageFont.truetype(FONT_FILE, font_px)
    pad = max(2, round(font_px / 4))
    ascent, descent = font.getmetrics()
    width = int(np.ceil(font.getlength(text))) + 2 * pad
    return Label(text, font, pad, width, ascent + descent + pad)


def _place(
    label: Label,
    outline: Rectangle,
    size: tuple[int, int],
    others: tuple[list[Rectangle], list[Rectangle]],
) -> Rectangle:
    """Where the plate goes: the first of the places that covers least."""
    boxes, plates = others
    places = [_inside(place, size) for place in _places(label, outline)]

    def covered(place: Rectangle) -> int:
        # A label under another cannot be read: worse than a corner of a face.
        on_plates = sum(map(place.shared, plates))
        return sum(map(place.shared, boxes)) + 4 * on_plates

    return min(places, key=covered)


def _places(label: Label, outline: Rectangle) -> list[Rectangle]:
    """Above, below and inside the box; from its left, from its right and centred."""
    left, top, right, bottom = outline
    centre = (left + right - label.width) // 2
    rows = (top - label.height, bottom, bottom - label.height)
    columns = (left, right - label.width, centre)
    beside = [(right, top), (left - label.width, top)]
    corners = [(x, y) for y in rows[:2] for x in columns] + beside + [(left, rows[2])]
    return [Rectangle(x, y, x + label.width, y + label.height) for x, y in corners]


def _inside(place: Rectangle, size: tuple[int, int]) -> Rectangle:
    """The rectangle moved so that it lies inside the picture, which has room for it."""
    width, height = place.right - place.left, place.bottom - place.top
    left = min(max(place.left, 0), size[0] - width)
    top = min(max(place.top, 0), size[1] - height)
    return Rectangle(left, top, left + width, top + height)


def _draw_label(
    draw: ImageDraw.ImageDraw, label: Label, plate: Rectangle, colour: str
) -> None:
    left, top, right, bottom = plate
    line = max(1, label.pad // 4)
    edge = (left, top, right - 1, bottom - 1)
    draw.rectangle(edge, fill=colour, outline=HALO, width=line)
    start = (left + label.pad, top + label.baseline)
    draw.text(start, label.text, text_colour(colour), label.font, anchor="ls")
