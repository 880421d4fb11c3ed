"""Text for pictures that are drawn thirty times a second.

Letters are rendered once, as a mask that says how much of each pixel they cover, and
then laid over a picture wherever they are needed.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from mimika.core.preprocess import UInt8Array
from mimika.reporting.annotate import FONT_FILE

KEPT = 4096  # texts: a few hundred kilobytes


@lru_cache(maxsize=KEPT)
def text_mask(text: str, font_px: int) -> NDArray[np.uint16]:
    """How much of each pixel a line of text covers.

    Args:
        text: one line.
        font_px: height of the letters.

    Returns:
        uint16 (h, w), 0..256; not to be written to.
    """
    font = ImageFont.truetype(FONT_FILE, font_px)
    ascent, descent = font.getmetrics()
    width = max(1, int(np.ceil(font.getlength(text))))
    mask = Image.new("L", (width, ascent + descent))
    ImageDraw.Draw(mask).text((0, ascent), text, 255, font, anchor="ls")
    covered = np.array(mask, np.uint16)
    covered += covered >> 7  # 255 becomes 256, so that a shift divides
    covered.setflags(write=False)
    return covered


def stamp(
    pixels: UInt8Array,
    mask: NDArray[np.uint16],
    place: tuple[int, int],
    colour: tuple[int, int, int],
) -> None:
    """Lays a text over a picture; what is outside of it is cut off.

    Args:
        pixels: uint8 (H, W, 3), RGB; written to.
        mask: of the text.
        place: x and y of its upper left corner.
        colour: RGB, 0..255.
    """
    x, y = place
    left, top = max(-x, 0), max(-y, 0)
    part = pixels[max(y, 0) : y + mask.shape[0], max(x, 0) : x + mask.shape[1]]
    shown = mask[top : top + part.shape[0], left : left + part.shape[1], None]
    if part.size and shown.size:
        mixed = part * (256 - shown) + np.array(colour, np.uint16) * shown
        part[:] = mixed >> 8


def darken(pixels: UInt8Array, area: tuple[int, int, int, int]) -> None:
    """Leaves a quarter of the light of an area, so that text can be read on it.

    Args:
        pixels: uint8 (H, W, 3); written to.
        area: left, top, right and bottom in pixels; may reach over the border.
    """
    left, top, right, bottom = area
    part = pixels[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    part >>= 2
