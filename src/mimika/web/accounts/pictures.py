"""A person's picture: a small square JPEG at `MEDIA_ROOT/people/<id>/picture.jpg`."""

import os
import tempfile
from pathlib import Path

import cv2
from django.conf import settings

from mimika.core.images import read_picture
from mimika.core.preprocess import UInt8Array, resize
from mimika.web.images import to_jpeg

SIDE_PX = 256
DECODED_SIDE_PX = 2048  # of the longest side: the crop of a panorama is sharp as well
QUALITY = 90


def folder_of(user_id: int) -> Path:
    """The folder of one person."""
    return Path(settings.MEDIA_ROOT) / "people" / str(user_id)


def path_of(user_id: int) -> Path:
    """The path of a person's picture."""
    return folder_of(user_id) / "picture.jpg"


def portrait(data: bytes) -> bytes:
    """The middle of an upload as a small JPEG, upright and without its metadata.

    Args:
        data: the bytes of a JPEG, PNG, WebP or BMP file.

    Raises:
        ImageError: it is not a picture, too large or damaged.
    """
    square = middle(read_picture(data, reduce_to=DECODED_SIDE_PX).pixels)
    return to_jpeg(resize(square, SIDE_PX, SIDE_PX, cv2.INTER_CUBIC), QUALITY)


def middle(pixels: UInt8Array) -> UInt8Array:
    """The largest square in the middle of a picture.

    Args:
        pixels: uint8 (H, W, 3).

    Returns:
        uint8 (S, S, 3) with S the smaller of H and W.
    """
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return pixels[top : top + side, left : left + side]


def write(user_id: int, encoded: bytes) -> None:
    """Puts a picture in the place of the last one; a reader sees either, never half.

    Raises:
        OSError: it cannot be written; the last one is still there.
    """
    folder = folder_of(user_id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(encoded)
        Path(name).replace(path_of(user_id))
    except BaseException:
        Path(name).unlink()
        raise
