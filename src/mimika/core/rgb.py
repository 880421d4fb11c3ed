"""From any of Pillow's modes to RGB pixels, band by band.

A picture of 25 megapixels has 100 MB in Pillow's memory. Whatever is made of it on the
way (alpha on white, 16 bits as floating point) is made of a band of rows at a time, so
that a process stays far below twice that.
"""

import cv2
import numpy as np
from PIL import Image

from mimika.core.preprocess import UInt8Array

BAND_PIXELS = 1_000_000


def to_rgb(image: Image.Image, shrink: int = 1) -> UInt8Array:
    """The pixels of a decoded picture: alpha on white, 16 bits scaled down to 8.

    Args:
        image: of any mode, decoded.
        shrink: so many pixels of each row and column become one, their mean.

    Returns:
        uint8 (H, W, 3), RGB, 0..255.
    """
    if image.mode == "RGB" and shrink == 1 and not image.has_transparency_data:
        return np.asarray(image)  # read-only: no second copy of the pixels
    width, height = image.size
    rows = max(1, BAND_PIXELS // width // shrink) * shrink
    bands = []
    for top in range(0, height, rows):
        band = _band(image.crop((0, top, width, min(top + rows, height))))
        bands.append(_shrunk(band, shrink))
    return bands[0] if len(bands) == 1 else np.concatenate(bands)


def _shrunk(band: UInt8Array, shrink: int) -> UInt8Array:
    if shrink == 1:
        return band
    height, width = (max(1, round(side / shrink)) for side in band.shape[:2])
    small = cv2.resize(band, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _band(image: Image.Image) -> UInt8Array:
    if image.mode.startswith(("I", "F")):
        image = _eight_bit(image)
    if image.mode == "La":  # Pillow turns premultiplied grey only into plain grey
        image = image.convert("LA")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return np.array(image.convert("RGB"), np.uint8)


def _eight_bit(image: Image.Image) -> Image.Image:
    values = np.nan_to_num(np.asarray(image, np.float64))
    if image.mode.startswith("I"):
        values = values / 257  # 65535 becomes 255
    return Image.fromarray(values.round().clip(0, 255).astype(np.uint8))
