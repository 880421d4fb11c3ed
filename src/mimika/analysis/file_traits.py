"""What one picture file is: size, colour mode, format, sharpness and a thumbnail."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mimika.analysis.colours import colours_of
from mimika.analysis.pictures import fit_within
from mimika.analysis.sharpness import sharpness_of
from mimika.core.errors import ImageError
from mimika.core.images import FORMATS, read_picture
from mimika.core.preprocess import UInt8Array, resize, to_grey
from mimika.data.samples import SIDE, BadRow

READ_PX = 512  # longest side at which sharpness is measured
THUMB_PX = 64


class FileTraits(NamedTuple):
    """A picture file that could be read.

    Attributes:
        size: width and height in pixels, upright.
        mode: Pillow's name of the colour mode.
        format: `JPEG`, `PNG`, `WEBP`, `BMP` (or `MPO`, a JPEG of two pictures).
        sharpness: see `sharpness.sharpness_of`.
        colours: float16 (144,), see `colours.colours_of`.
        thumbs: uint8 (48, 48) and (64, 64), grey.
    """

    size: tuple[int, int]
    mode: str
    format: str
    sharpness: float
    colours: NDArray[np.float16]
    thumbs: tuple[UInt8Array, UInt8Array]


def read_traits(path: Path) -> FileTraits | BadRow:
    """Reads a picture file, or says why it cannot be read."""
    try:
        picture = read_picture(path, reduce_to=READ_PX)
        with Image.open(path, formats=FORMATS) as image:
            mode, kind = image.mode, str(image.format)
    except ImageError as error:
        return BadRow(str(path), str(error))
    except OSError as error:
        return BadRow(str(path), f"cannot be read: {error.strerror or error}")
    pixels = fit_within(picture.pixels, READ_PX)
    grey = to_grey(pixels)
    thumbs = tuple(resize(grey, px, px, cv2.INTER_LINEAR) for px in (SIDE, THUMB_PX))
    return FileTraits(
        (picture.width, picture.height),
        mode,
        kind,
        sharpness_of(grey),
        colours_of(pixels),
        (thumbs[0], thumbs[1]),
    )


def read_many(paths: Sequence[Path]) -> list[FileTraits | BadRow]:
    """`read_traits` of several files."""
    return [read_traits(path) for path in paths]
