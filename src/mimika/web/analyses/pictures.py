"""From an upload to the two pictures that are kept: no Django, no disk."""

from dataclasses import dataclass, replace

import cv2

from mimika.core.images import DEFAULT_LIMITS, read_picture
from mimika.core.preprocess import UInt8Array, resize
from mimika.web.images import to_jpeg

KEPT_SIDE_PX = 3072  # enough for a full screen; a phone's 12 megapixels are 4000 wide
THUMBNAIL_SIDE_PX = 320
# what the service takes for such a model
WHOLE_LIMITS = replace(DEFAULT_LIMITS, max_jpeg_pixels=DEFAULT_LIMITS.max_pixels)
QUALITIES = (
    92,
    85,
    75,
)  # the next where the file is over the service's limit


@dataclass(frozen=True)
class Prepared:
    """An upload that was read, turned upright, made smaller and encoded again.

    Attributes:
        pixels: uint8 (H, W, 3), RGB, 0..255.
        encoded: the same as a JPEG, without any metadata of the upload.
    """

    pixels: UInt8Array
    encoded: bytes


def prepare(data: bytes, *, is_whole: bool = False) -> Prepared:
    """Reads an upload.

    Args:
        data: the bytes of a JPEG, PNG, WebP or BMP file.
        is_whole: whether all its pixels are kept, as a model needs that judges how
            large things are.

    Raises:
        ImageError: it is not a picture, too large or damaged.
    """
    if is_whole:
        pixels = read_picture(data, WHOLE_LIMITS).pixels
        return Prepared(pixels, _within_limit(pixels))
    pixels = shrink(read_picture(data, reduce_to=KEPT_SIDE_PX).pixels, KEPT_SIDE_PX)
    return Prepared(pixels, _within_limit(pixels))


def thumbnail(pixels: UInt8Array) -> bytes:
    """A small JPEG for lists.

    Args:
        pixels: uint8 (H, W, 3), RGB, 0..255.
    """
    return to_jpeg(shrink(pixels, THUMBNAIL_SIDE_PX), 85)


def shrink(pixels: UInt8Array, side_px: int) -> UInt8Array:
    """The picture with its longest side at most `side_px`.

    Args:
        pixels: uint8 (H, W, 3).
        side_px: longest side of the result in pixels.
    """
    height, width = pixels.shape[:2]
    scale = side_px / max(height, width)
    if scale >= 1:
        return pixels
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return resize(pixels, *size, cv2.INTER_AREA)


def _within_limit(pixels: UInt8Array) -> bytes:
    for quality in QUALITIES:
        encoded = to_jpeg(pixels, quality)
        if len(encoded) <= DEFAULT_LIMITS.max_bytes:
            break
    return encoded
