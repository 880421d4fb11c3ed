"""Safe decoding: from bytes that anybody may have sent to upright RGB pixels.

The size is read from the header and checked before a single pixel is decoded, because
a file of some kilobytes can ask for gigabytes. The format is found from the bytes,
never from a name or a header of HTTP.
"""

import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from mimika.core.errors import (
    BrokenImageError,
    ImageTooLargeError,
    UnsupportedImageError,
)
from mimika.core.preprocess import UInt8Array

FORMATS = ("JPEG", "PNG", "WEBP", "BMP")
JPEG_FORMATS = ("JPEG", "MPO")  # MPO: a JPEG with a second picture, as phones write it
EXTENSIONS = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
MEGA = 1_000_000

PictureSource = str | Path | bytes | Image.Image | UInt8Array


@dataclass(frozen=True)
class Limits:
    """What is accepted before decoding.

    Attributes:
        max_bytes: largest file.
        max_jpeg_pixels: most pixels of a JPEG, which can be decoded at a reduced size.
        max_pixels: most pixels of any other format.
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
        pixels: uint8 (H, W, 3), RGB, 0..255, upright; a JPEG may be smaller than its
            original where that was asked for.
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
        reduce_to: lets a JPEG be decoded at a half, a quarter or an eighth of its size
            while its longest side stays at least this many pixels: several times
            faster for a photograph of many megapixels.

    Raises:
        FileNotFoundError: the path does not exist.
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
    image = _open(data)
    width, height = image.size
    _check_pixels(image, limits)
    if reduce_to is not None and image.format in JPEG_FORMATS:
        _reduce(image, reduce_to)
    try:
        image.load()
        upright = _upright(image)
        pixels = _rgb(upright)
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        raise BrokenImageError(
            f"the {image.format} picture is damaged or cut short ({error}); "
            "save or send it again"
        ) from error
    if (upright.width > upright.height) != (image.width > image.height):
        width, height = height, width
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
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageTooLargeError(
            f"the picture has far too many pixels ({error}); save it smaller"
        ) from error
    except UnidentifiedImageError as error:
        raise UnsupportedImageError(
            f"not a picture in an accepted format (it starts with {data[:8]!r}); "
            "expected JPEG, PNG, WebP or BMP"
        ) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise BrokenImageError(
            f"the picture's header is damaged ({error}); save or send it again"
        ) from error


def _check_pixels(image: Image.Image, limits: Limits) -> None:
    is_jpeg = image.format in JPEG_FORMATS
    most = limits.max_jpeg_pixels if is_jpeg else limits.max_pixels
    if image.width * image.height > most or max(image.size) > limits.max_side:
        raise ImageTooLargeError(
            f"the {image.format} picture is {image.width} x {image.height} pixels "
            f"({image.width * image.height / MEGA:.1f} megapixels); at most "
            f"{most / MEGA:g} megapixels and {limits.max_side} pixels a side are "
            "accepted: save it smaller"
        )


def _reduce(image: Image.Image, longest: int) -> None:
    """Asks the JPEG decoder for a reduced size that is not under `longest`."""
    for factor in (8, 4, 2):
        if max(image.size) >= longest * factor:
            image.draft(None, (image.width // factor, image.height // factor))
            return


def _upright(image: Image.Image) -> Image.Image:
    """Applies the EXIF orientation; a damaged EXIF block counts as none."""
    try:
        return ImageOps.exif_transpose(image)
    except (SyntaxError, ValueError, KeyError, TypeError, OSError):
        return image


def _rgb(image: Image.Image) -> UInt8Array:
    """uint8 (H, W, 3) of any mode: alpha on white, 16 bits scaled down to 8."""
    if image.mode.startswith(("I", "F")):
        image = _eight_bit(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return np.array(image.convert("RGB"), np.uint8)


def _eight_bit(image: Image.Image) -> Image.Image:
    values = np.asarray(image, np.float64)
    if image.mode.startswith("I"):
        values = values / 257  # 65535 becomes 255
    return Image.fromarray(values.round().clip(0, 255).astype(np.uint8))


def _from_pil(image: Image.Image) -> Picture:
    pixels = _rgb(_upright(image))
    return Picture(pixels, pixels.shape[1], pixels.shape[0])


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
