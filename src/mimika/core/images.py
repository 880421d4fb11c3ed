"""Safe decoding: from bytes that anybody may have sent to upright RGB pixels.

The size is read from the header and checked before a single pixel is decoded, because
a file of some kilobytes can ask for gigabytes. The format is found from the bytes,
never from a name or a header of HTTP.
"""

import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import ExifTags, Image

from mimika.core.errors import (
    BrokenImageError,
    ImageTooLargeError,
    UnsupportedImageError,
)
from mimika.core.preprocess import UInt8Array
from mimika.core.rgb import to_rgb

FORMATS = ("JPEG", "PNG", "WEBP", "BMP")
JPEG_FORMATS = ("JPEG", "MPO")  # MPO: a JPEG with a second picture, as phones write it
EXTENSIONS = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
MEGA = 1_000_000
START_OF_SCAN = b"\xff\xda"  # never among the values of a scan: there FF is escaped
MOST_SCANS = 100
SIDEWAYS = 5  # EXIF orientations from here on swap width and height
# EXIF orientation: OpenCV's flip (1 left-right, 0 top-bottom, -1 both) after the swap
FLIPS = {2: 1, 3: -1, 4: 0, 6: 1, 7: -1, 8: 0}

PictureSource = str | Path | bytes | Image.Image | UInt8Array


@dataclass(frozen=True)
class Limits:
    """What is accepted before decoding.

    Attributes:
        max_bytes: largest file.
        max_jpeg_pixels: most pixels of a JPEG, which can be decoded at a reduced size.
        max_pixels: most pixels of any other format, and of a progressive JPEG, all of
            which has to be in memory before a pixel is known.
        max_side: longest side in pixels.
    """

    max_bytes: int = 15 * MEGA
    max_jpeg_pixels: int = 50 * MEGA
    max_pixels: int = 25 * MEGA
    max_side: int = 20_000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Picture:
    """A decoded picture.

    Attributes:
        pixels: uint8 (H, W, 3), RGB, 0..255, upright; may be smaller than the original
            where that was asked for.
        width: width of the upright original in pixels.
        height: height of the upright original in pixels.
    """

    pixels: UInt8Array
    width: int
    height: int


def read_picture(
    source: PictureSource,
    limits: Limits = DEFAULT_LIMITS,
    reduce_to: int | None = None,
) -> Picture:
    """Reads a picture in any form in which people have it.

    Args:
        source: a path, the bytes of a file, a PIL image, or uint8 (H, W) grey or
            (H, W, 3) RGB pixels, 0..255.
        limits: what is accepted.
        reduce_to: lets a picture be decoded at a half, a quarter or an eighth of its
            size while its longest side stays at least this many pixels: for a JPEG of
            many megapixels several times faster, for others of less memory.

    Raises:
        OSError: the path does not exist, is a folder or may not be read.
        UnsupportedImageError: not JPEG, PNG, WebP or BMP, or pixels of another form.
        ImageTooLargeError: over a limit.
        BrokenImageError: truncated or damaged.
    """
    if isinstance(source, np.ndarray):
        return _from_pixels(source)
    if isinstance(source, Image.Image):
        return _from_pil(source)
    if isinstance(source, bytes):
        return decode_picture(source, limits, reduce_to)
    path = Path(source)
    _check_bytes(path.stat().st_size, limits)
    return decode_picture(path.read_bytes(), limits, reduce_to)


def decode_picture(
    data: bytes, limits: Limits = DEFAULT_LIMITS, reduce_to: int | None = None
) -> Picture:
    """Decodes the bytes of a picture file: see `read_picture`."""
    _check_bytes(len(data), limits)
    with warnings.catch_warnings():
        # Pillow warns about damaged metadata, and about sizes that are checked below.
        warnings.simplefilter("ignore")
        image = _open(data)
        size = image.size
        _check_pixels(image, limits)
        shrink = 1 if reduce_to is None else _shrink(image, reduce_to)
        if image.format in JPEG_FORMATS:
            _check_scans(data)
            if shrink > 1:
                width, height = (max(1, side // shrink) for side in size)
                image.draft(None, (width, height))
            shrink = 1
        return _decode(image, size, shrink)


def _decode(image: Image.Image, size: tuple[int, int], shrink: int = 1) -> Picture:
    """Decodes an opened picture whose original has this width and height."""
    try:
        image.load()
        orientation = _orientation(image)
        pixels = _upright(to_rgb(image, shrink), orientation)
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        raise BrokenImageError(
            f"the {image.format or 'given'} picture is damaged or cut short ({error}); "
            "save or send it again"
        ) from error
    width, height = size[::-1] if orientation >= SIDEWAYS else size
    return Picture(pixels, width, height)


def _check_bytes(size: int, limits: Limits) -> None:
    if size > limits.max_bytes:
        raise ImageTooLargeError(
            f"the file has {size / MEGA:.1f} MB; at most "
            f"{limits.max_bytes / MEGA:g} MB are accepted: save it smaller"
        )
    if size == 0:
        raise UnsupportedImageError("the file is empty; expected a picture")


def _open(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise ImageTooLargeError(
            f"the picture has far too many pixels ({error}); save it smaller"
        ) from error
    except (OSError, SyntaxError, ValueError) as error:
        if _begins_as_accepted(data):
            raise BrokenImageError(
                f"the picture's header is damaged or cut short ({error}); "
                "save or send it again"
            ) from error
        raise UnsupportedImageError(
            f"not a picture in an accepted format (it starts with {data[:8]!r}); "
            "expected JPEG, PNG, WebP or BMP"
        ) from error


def _begins_as_accepted(data: bytes) -> bool:
    """Whether the first bytes are those of a format that is accepted."""
    if data.startswith(BEGINNINGS) or data[8:12] == b"WEBP":
        return True
    return data.startswith(b"BM") and data[6:10] == bytes(4)  # reserved, always 0


def _check_pixels(image: Image.Image, limits: Limits) -> None:
    is_reducible = image.format in JPEG_FORMATS and "progressive" not in image.info
    most = limits.max_jpeg_pixels if is_reducible else limits.max_pixels
    if image.width * image.height > most or max(image.size) > limits.max_side:
        raise ImageTooLargeError(
            f"the {image.format} picture is {image.width} x {image.height} pixels "
            f"({image.width * image.height / MEGA:.1f} megapixels); at most "
            f"{most / MEGA:g} megapixels and {limits.max_side} pixels a side are "
            "accepted: save it smaller"
        )


def _shrink(image: Image.Image, longest: int) -> int:
    """8, 4, 2 or 1: the most that leaves the longest side at least this long."""
    fits = (factor for factor in (8, 4, 2) if max(image.size) >= longest * factor)
    return next(fits, 1)


def _check_scans(data: bytes) -> None:
    """Refuses a progressive JPEG whose scans would take minutes.

    Each scan goes over the whole picture, and hundreds fit in a small file. Encoders
    write about ten; the previews inside a file count as well here.
    """
    scans = data.count(START_OF_SCAN)
    if scans > MOST_SCANS:
        raise BrokenImageError(
            f"the JPEG has {scans} scans; at most {MOST_SCANS} are accepted: save it "
            "again, not progressive"
        )


def _orientation(image: Image.Image) -> int:
    """EXIF's orientation, 1..8; a damaged EXIF block counts as none."""
    try:
        found = image.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # Pillow raises nearly anything on metadata made to harm
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _upright(pixels: UInt8Array, orientation: int) -> UInt8Array:
    """Turns pixels as EXIF asks.

    Not by Pillow's `exif_transpose`: it also writes the EXIF block anew, and fails with
    errors of many kinds where the block cannot be written.
    """
    if orientation >= SIDEWAYS:
        pixels = np.asarray(cv2.transpose(pixels), np.uint8)
    if orientation in FLIPS:
        pixels = np.asarray(cv2.flip(pixels, FLIPS[orientation]), np.uint8)
    return pixels


def _from_pil(image: Image.Image) -> Picture:
    if 0 in image.size:
        raise UnsupportedImageError(
            f"the picture is {image.width} x {image.height} pixels; expected some"
        )
    return _decode(image, image.size)


def _from_pixels(pixels: UInt8Array) -> Picture:
    right = pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] == 3)
    if pixels.dtype != np.uint8 or not right or pixels.size == 0:
        raise UnsupportedImageError(
            "expected uint8 pixels (H, W) grey or (H, W, 3) RGB, got "
            f"{pixels.dtype} {pixels.shape}"
        )
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[:, :, None], 3, axis=2)
    return Picture(pixels, pixels.shape[1], pixels.shape[0])
