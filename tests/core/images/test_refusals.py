"""Pictures that are refused: other formats, too large ones, damaged ones."""

import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mimika.core.errors import (
    BrokenImageError,
    ImageError,
    ImageTooLargeError,
    UnsupportedImageError,
)
from mimika.core.images import DEFAULT_LIMITS, Limits, Picture, read_picture

RNG_SEED = 5
Maker = Callable[..., bytes]


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!doctype html><title>x</title>",
        encoded(Image.new("P", (9, 9)), "GIF"),
        encoded(Image.new("RGB", (9, 9)), "TIFF"),
        encoded(Image.new("RGB", (9, 9)), "ICO"),
        encoded(Image.new("RGB", (9, 9)), "PPM"),
        b"%PDF-1.7",
        b"BMW is not a picture",
        b"\0" * 100,
        b"x",
    ],
    ids=["svg", "html", "gif", "tiff", "ico", "ppm", "pdf", "text", "zeros", "a byte"],
)
def test_other_formats_are_refused(data: bytes) -> None:
    expected = "not a picture in an accepted .* JPEG, PNG, WebP or BMP"
    with pytest.raises(UnsupportedImageError, match=expected):
        read_picture(data)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.jpg"
    path.touch()
    for source in (b"", path):
        with pytest.raises(UnsupportedImageError, match="the file is empty"):
            read_picture(source)


def test_too_many_bytes_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.jpg"
    with path.open("wb") as file:
        file.truncate(DEFAULT_LIMITS.max_bytes + 1)  # sparse: takes no room
    with pytest.raises(ImageTooLargeError, match=r"has 15\.0 MB; at most 15 MB"):
        read_picture(path)
    with pytest.raises(ImageTooLargeError, match="at most 15 MB"):
        read_picture(bytes(DEFAULT_LIMITS.max_bytes + 1))


@pytest.fixture
def never_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(_self: Image.Image) -> None:
        raise AssertionError("a refused picture was decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", load)


@pytest.mark.parametrize("side", [12_000, 15_000, 60_000])
@pytest.mark.usefixtures("never_decoded")
def test_a_bomb_of_some_kilobytes_is_refused_without_decoding(
    side: int, png_of: Maker
) -> None:
    packer = zlib.compressobj(9)
    line = bytes(3 * side + 1)
    # Not all lines are needed: a decoder takes the memory that the header asks for.
    body = b"".join(packer.compress(line) for _ in range(1000)) + packer.flush()
    data = png_of(side, side, body)
    assert len(data) < 200_000
    with pytest.raises(ImageTooLargeError, match="pixels"):
        read_picture(data)


@pytest.mark.usefixtures("never_decoded")
def test_a_webp_that_claims_a_huge_canvas_is_refused() -> None:
    frames = {"save_all": True, "append_images": [Image.new("RGB", (16, 16), "blue")]}
    data = bytearray(encoded(Image.new("RGB", (16, 16), "red"), "WEBP", **frames))
    canvas = data.index(b"VP8X") + 12
    data[canvas : canvas + 6] = 2 * (9_999).to_bytes(3, "little")
    with pytest.raises(ImageTooLargeError, match="10000 x 10000 pixels"):
        read_picture(bytes(data))


@pytest.mark.usefixtures("never_decoded")
@pytest.mark.parametrize(
    ("form", "limits"),
    [
        ("PNG", Limits(max_pixels=1199)),
        ("JPEG", Limits(max_jpeg_pixels=1199)),
        ("BMP", Limits(max_side=39)),
    ],
)
def test_each_limit_is_kept(image: Image.Image, form: str, limits: Limits) -> None:
    with pytest.raises(ImageTooLargeError, match="40 x 30 pixels"):
        read_picture(encoded(image, form), limits)


def test_a_picture_exactly_at_its_limits_is_taken(image: Image.Image) -> None:
    data = encoded(image, "PNG")
    limits = Limits(max_bytes=len(data), max_pixels=1200, max_side=40)
    assert read_picture(data, limits).width == 40


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "BMP"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_truncated_picture_is_broken(form: str, part: float) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (200, 200, 3), np.uint8)
    data = encoded(Image.fromarray(noise), form)
    with pytest.raises(BrokenImageError, match="damaged or cut short"):
        read_picture(data[: int(len(data) * part)])


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "BMP"])
def test_a_file_cut_inside_its_header_is_broken_and_not_unknown(
    image: Image.Image, form: str
) -> None:
    with pytest.raises(BrokenImageError, match="header is damaged or cut short"):
        read_picture(encoded(image, form)[:20])


def test_a_header_that_promises_more_than_there_is_is_broken(
    png_of: Maker,
) -> None:
    with pytest.raises(BrokenImageError, match="damaged or cut short"):
        read_picture(png_of(4_000, 4_000, zlib.compress(bytes(13 * 30))))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "BMP"])
def test_random_damage_gives_a_picture_or_an_error_of_ours(
    image: Image.Image, form: str
) -> None:
    rng = np.random.default_rng(RNG_SEED)
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation
    whole = encoded(image, form, exif=exif)
    for _ in range(300):
        damaged = bytearray(whole)
        for place in rng.integers(0, rng.choice([80, len(whole)]), 3):
            damaged[place] = rng.integers(256)
        try:
            picture = read_picture(bytes(damaged), reduce_to=10)
        except ImageError:
            continue
        assert isinstance(picture, Picture)
        assert picture.pixels.size


def test_reading_warns_of_nothing_and_leaves_the_filters_alone(
    image: Image.Image, recwarn: pytest.WarningsRecorder
) -> None:
    read_picture(encoded(image, "PNG"))
    assert not recwarn.list
