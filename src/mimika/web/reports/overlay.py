"""The picture of a report with its boxes drawn: as a file, and as it is printed."""

import io

import cv2
from PIL import Image

from mimika.core.preprocess import UInt8Array, resize
from mimika.core.results import Box
from mimika.reporting.annotate import Mark, annotate
from mimika.web.reports.content import Report
from mimika.web.reports.presentation import marks_of

# Longest sides of a printed picture. More cannot be seen on paper: 2000 pixels are 290
# per inch there. A smaller one grows first, so that its labels are sharp.
LARGEST_PX = 2000
SMALLEST_PX = 1200
FACE_PX = 240  # side of a printed face
PRINT_QUALITY = 88  # of JPEG; as small as paper allows


def to_png(report: Report) -> bytes:
    """The picture at its full size with boxes and labels, as a PNG file."""
    buffer = io.BytesIO()
    drawn = annotate(report.pixels, marks_of(report.answer))
    Image.fromarray(drawn).save(buffer, "PNG")
    return buffer.getvalue()


def printed(report: Report) -> UInt8Array:
    """The picture with boxes and labels in a size that fits paper.

    Returns:
        uint8 (H, W, 3), RGB, with 1200 to 2000 pixels along the longest side.
    """
    height, width = report.pixels.shape[:2]
    longest = max(height, width)
    scale = min(max(longest, SMALLEST_PX), LARGEST_PX) / longest
    size = max(1, round(width * scale)), max(1, round(height * scale))
    pixels = resize(report.pixels, *size, cv2.INTER_CUBIC)
    return annotate(pixels, [_scaled(mark, scale) for mark in marks_of(report.answer)])


def face_square(pixels: UInt8Array, box: Box) -> UInt8Array:
    """A square around a face, as far as the picture reaches.

    Args:
        pixels: uint8 (H, W, 3), RGB, 0..255.
        box: where the face is, in pixels of `pixels`.

    Returns:
        uint8 (240, 240, 3), RGB.
    """
    height, width = pixels.shape[:2]
    side = min(max(box.w, box.h), height, width)
    left = _inside(box.x + (box.w - side) // 2, side, width)
    top = _inside(box.y + (box.h - side) // 2, side, height)
    square = pixels[top : top + side, left : left + side]
    return resize(square, FACE_PX, FACE_PX, cv2.INTER_CUBIC)


def _scaled(mark: Mark, scale: float) -> Mark:
    x, y, w, h = (scale * value for value in mark.box)
    return Mark((x, y, w, h), mark.text, mark.colour)


def _inside(start: int, length: int, limit: int) -> int:
    """The start moved so that `length` from it on ends before `limit`."""
    return min(max(start, 0), limit - length)
