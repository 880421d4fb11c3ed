"""What every upload of a picture shares: accepted types, words for faults, JPEG."""

import io

from PIL import Image

from mimika.core.errors import BrokenImageError, ImageError, ImageTooLargeError
from mimika.core.images import FORMATS
from mimika.core.preprocess import UInt8Array

# Named one by one: a phone then converts what its camera writes, such as HEIC.
ACCEPT = ",".join(f"image/{name.lower()}" for name in FORMATS)


def to_jpeg(pixels: UInt8Array, quality: int) -> bytes:
    """A JPEG file of uint8 (H, W, 3) RGB pixels, without metadata."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def explain(error: ImageError) -> str:
    """What a fault of a picture means to the person who sent it."""
    if isinstance(error, ImageTooLargeError):
        text = str(error)
        return text[:1].upper() + text[1:] + "."
    if isinstance(error, BrokenImageError):
        return "This picture is damaged or cut short. Choose another file."
    return (
        "This file is not a picture in an accepted format. "
        "Choose a JPEG, PNG, WebP or BMP file."
    )
