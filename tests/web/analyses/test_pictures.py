import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import ExifTags, Image

from mimika.core.errors import BrokenImageError, UnsupportedImageError
from mimika.core.images import DEFAULT_LIMITS
from mimika.web.analyses.pictures import KEPT_SIDE_PX, prepare, shrink, thumbnail


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def with_exif() -> bytes:
    """A red upper half, lying on its side, with a place and a camera."""
    image = Image.new("RGB", (80, 40), "red")
    image.paste("blue", (0, 20, 80, 40))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Model] = "Secret camera"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (52.0, 30.0, 0.0)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif, comment=b"Secret comment")
    return buffer.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "BMP"])
def test_every_accepted_format_becomes_a_jpeg(
    form: str, picture_bytes: Callable[..., bytes]
) -> None:
    prepared = prepare(picture_bytes(form=form))
    assert opened(prepared.encoded).format == "JPEG"
    assert prepared.pixels.shape == (240, 320, 3)


def test_place_camera_and_comment_are_gone_and_the_picture_stands_upright() -> None:
    original = with_exif()
    assert b"Secret camera" in original
    encoded = prepare(original).encoded
    image = opened(encoded)
    assert b"Secret" not in encoded
    assert not image.getexif()
    assert image.size == (40, 80)
    red_right, blue_left = image.getpixel((35, 40)), image.getpixel((5, 40))
    assert isinstance(red_right, tuple)
    assert isinstance(blue_left, tuple)
    assert red_right[0] > 200
    assert blue_left[2] > 200


def test_bytes_hidden_behind_the_picture_are_gone(
    picture_bytes: Callable[..., bytes],
) -> None:
    hidden = picture_bytes() + b"<script>alert(1)</script>"
    assert b"script" not in prepare(hidden).encoded


def test_a_large_picture_is_kept_smaller_in_its_proportions(
    picture_bytes: Callable[..., bytes],
) -> None:
    prepared = prepare(picture_bytes(width=4000, height=1000))
    assert prepared.pixels.shape == (768, KEPT_SIDE_PX, 3)
    assert opened(prepared.encoded).size == (KEPT_SIDE_PX, 768)


def test_the_worst_picture_stays_within_the_services_limit() -> None:
    side = KEPT_SIDE_PX
    noise = np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "JPEG", quality=80)
    assert len(buffer.getvalue()) <= DEFAULT_LIMITS.max_bytes
    assert len(prepare(buffer.getvalue()).encoded) <= DEFAULT_LIMITS.max_bytes


def test_a_picture_is_never_enlarged_and_never_loses_a_side() -> None:
    small = np.zeros((10, 20, 3), np.uint8)
    assert shrink(small, 100) is small
    assert shrink(np.zeros((1, 1000, 3), np.uint8), 100).shape == (1, 100, 3)


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(UnsupportedImageError):
        prepare(b"%PDF-1.4")


def test_a_truncated_picture_is_refused(picture_bytes: Callable[..., bytes]) -> None:
    with pytest.raises(BrokenImageError):
        prepare(picture_bytes(form="PNG")[:400])


def test_a_thumbnail_keeps_the_proportions() -> None:
    pixels = np.full((480, 640, 3), 128, np.uint8)
    small = opened(thumbnail(pixels))
    assert small.size == (320, 240)
    assert np.abs(np.asarray(small, int) - 128).max() < 5
