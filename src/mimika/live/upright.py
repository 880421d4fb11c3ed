"""From a decoded frame to pixels as a player shows them: upright, square, RGB.

A phone films lying down and writes beside the pictures how to turn them: the display
matrix of ISO/IEC 14496-12, section 6.2.2. Only its signs are used, so turns by
quarters and mirror images; other angles are left as they are. Checked against ffmpeg,
which turns by the same matrix.
"""

from fractions import Fraction
from typing import cast

import av
import cv2
import numpy as np
from av.buffer import Buffer

from mimika.core.preprocess import UInt8Array

MATRIX = "DISPLAYMATRIX"
# A pixel is hardly ever wider than these; a broken header may say anything.
NARROWEST, WIDEST = Fraction(1, 4), Fraction(4)
HD = 720  # rows from which on players take untagged colours as BT.709, not BT.601
UNTAGGED = 2  # AVCOL_SPC_UNSPECIFIED
Turn = tuple[int, int, int, int]  # where x goes in x and y, where y goes in x and y

# what the matrix says, and the OpenCV rotation and flip that do it
TURNS: dict[Turn, tuple[int | None, int | None]] = {
    (1, 0, 0, 1): (None, None),
    (0, 1, -1, 0): (cv2.ROTATE_90_CLOCKWISE, None),
    (-1, 0, 0, -1): (cv2.ROTATE_180, None),
    (0, -1, 1, 0): (cv2.ROTATE_90_COUNTERCLOCKWISE, None),
    (-1, 0, 0, 1): (None, 1),
    (1, 0, 0, -1): (None, 0),
    (0, 1, 1, 0): (cv2.ROTATE_90_CLOCKWISE, 1),
    (0, -1, -1, 0): (cv2.ROTATE_90_CLOCKWISE, 0),
}


def upright_pixels(frame: av.VideoFrame, pixel_aspect: Fraction | None) -> UInt8Array:
    """The picture as it is meant to be seen.

    Args:
        frame: of any pixel format and size.
        pixel_aspect: width of a pixel by its height, as stored; None or 0 where that
            is not known.

    Returns:
        uint8 (H, W, 3), RGB, 0..255, in one piece. Pixels that are not square are
        stretched, never reduced.
    """
    width, height = square_size(frame.width, frame.height, pixel_aspect)
    untagged_hd = frame.colorspace == UNTAGGED and frame.height >= HD
    converted = frame.reformat(
        width,
        height,
        "rgb24",
        src_colorspace="itu709" if untagged_hd else None,
        threads=1,  # the picture is small, and the networks want the other cores
    )
    return turned(cast(UInt8Array, converted.to_ndarray()), turn_of(frame))


def square_size(
    width: int, height: int, pixel_aspect: Fraction | None
) -> tuple[int, int]:
    """Width and height in square pixels of a picture of `width` x `height` pixels."""
    if not pixel_aspect or not NARROWEST <= pixel_aspect <= WIDEST:
        return width, height
    if pixel_aspect >= 1:
        return round(width * pixel_aspect), height
    return width, round(height / pixel_aspect)


def turn_of(frame: av.VideoFrame) -> Turn:
    """The signs of the frame's display matrix; no turn where it has none."""
    data = cast(Buffer | None, frame.side_data.get(MATRIX))
    if data is None:
        return (1, 0, 0, 1)
    matrix = np.frombuffer(bytes(data), np.int32)  # the nine of 3 x 3
    largest = max(abs(int(matrix[i])) for i in (0, 1, 3, 4))
    signs = [round(int(matrix[i]) / largest) if largest else 0 for i in (0, 1, 3, 4)]
    return (signs[0], signs[1], signs[2], signs[3])


def turned(pixels: UInt8Array, turn: Turn) -> UInt8Array:
    """Turns and mirrors; see `TURNS` for what is done.

    Args:
        pixels: uint8 (H, W, 3).
        turn: one of `TURNS`; others do nothing.
    """
    rotation, flip = TURNS.get(turn, (None, None))
    if rotation is not None:
        pixels = cast(UInt8Array, cv2.rotate(pixels, rotation))
    if flip is not None:
        pixels = cast(UInt8Array, cv2.flip(pixels, flip))
    return pixels
