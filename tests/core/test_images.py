"""Pictures are drawn here and judged by Pillow's own conversions or by hand."""

import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from mimika.core.errors import (
    BrokenImageError,
    ImageTooLargeError,
    UnsupportedImageError,
)
from mimika.core.images import Limits, read_picture

RNG_SEED = 5


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def turned(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


# forms of source


def test_a_path_bytes_a_pil_image_and_pixels_give_the_same(
    tmp_path: Path, image: Image.Image, pixels: NDArray[np.uint8]
) -> None:
    data = encoded(image, "PNG")
    path = tmp_path / "picture.dat"
    path.write_bytes(data)
    for source in (path, str(path), data, image, pixels):
        picture = read_picture(source)
        assert np.array_equal(picture.pixels, pixels)
        assert picture.pixels.dtype == np.uint8
        assert (picture.width, picture.height) == (40, 30)


def test_grey_pixels_become_three_equal_channels(pixels: NDArray[np.uint8]) -> None:
    grey = pixels[..., 0]
    read = read_picture(grey).pixels
    assert all(np.array_equal(read[..., channel], grey) for channel in range(3))


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((4, 4, 3), np.float32),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4,), np.uint8),
        np.zeros((1, 4, 4, 3), np.uint8),
        np.zeros((0, 4, 3), np.uint8),
    ],
    ids=["float", "four channels", "one axis", "four axes", "no pixels"],
)
def test_pixels_of_another_form_are_named(wrong: NDArray[np.uint8]) -> None:
    with pytest.raises(UnsupportedImageError, match="expected uint8 pixels") as caught:
        read_picture(wrong)
    assert str(wrong.dtype) in str(caught.value)
    assert str(wrong.shape) in str(caught.value)


def test_a_path_that_does_not_exist_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_picture(tmp_path / "none.jpg")


def test_a_pil_image_without_pixels_is_refused() -> None:
    with pytest.raises(UnsupportedImageError, match="0 x 0 pixels"):
        read_picture(Image.new("RGB", (0, 0)))


def test_a_pil_image_of_a_cut_file_is_broken(image: Image.Image) -> None:
    lazy = Image.open(io.BytesIO(encoded(image, "PNG")[:800]))
    with pytest.raises(BrokenImageError, match="damaged or cut short"):
        read_picture(lazy)


# colours


@pytest.mark.parametrize("form", ["PNG", "BMP", "WEBP"])
def test_lossless_formats_come_back_exactly(
    image: Image.Image, pixels: NDArray[np.uint8], form: str
) -> None:
    assert np.array_equal(
        read_picture(encoded(image, form, lossless=True)).pixels, pixels
    )


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}])
def test_jpeg_is_decoded_as_pillow_decodes_it(
    image: Image.Image, options: dict[str, Any]
) -> None:
    data = encoded(image, "JPEG", **options)
    expected = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    assert np.array_equal(read_picture(data).pixels, expected)


def test_grey_png_stays_grey(pixels: NDArray[np.uint8]) -> None:
    grey = pixels[..., 1]
    read = read_picture(encoded(Image.fromarray(grey), "PNG")).pixels
    assert np.array_equal(read, np.dstack([grey, grey, grey]))


def test_one_bit_becomes_black_and_white(pixels: NDArray[np.uint8]) -> None:
    mask = pixels[..., 0] > 127
    read = read_picture(encoded(Image.fromarray(mask), "PNG")).pixels
    assert np.array_equal(read[..., 0], np.where(mask, 255, 0))


def test_sixteen_bit_grey_is_scaled_to_eight() -> None:
    values = np.linspace(0, 65535, 1200).astype(np.uint16).reshape(30, 40)
    data = encoded(Image.fromarray(values), "PNG")
    read = read_picture(data).pixels
    assert np.array_equal(read[..., 0], np.round(values / 257))
    assert (read.min(), read.max()) == (0, 255)


def test_sixteen_bit_rgb_is_scaled_to_eight(png_of: Callable[..., bytes]) -> None:
    values = np.linspace(0, 65535, 6 * 5 * 3).astype(">u2").reshape(5, 6, 3)
    # a PNG that Pillow reads but cannot write
    lines = b"".join(b"\0" + line.tobytes() for line in values)
    read = read_picture(png_of(6, 5, zlib.compress(lines), depth=16)).pixels
    assert np.abs(read - values / 257.0).max() < 1


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_alpha_is_laid_on_white(
    pixels: NDArray[np.uint8], mode: str, form: str
) -> None:
    alpha = Image.fromarray(pixels[..., 2])
    image = Image.fromarray(pixels).convert(mode[:-1])
    image.putalpha(alpha)
    read = read_picture(encoded(image, form, lossless=True, exact=True)).pixels
    colour = np.asarray(image.convert("RGBA"), np.float64)[..., :3]
    part = np.asarray(alpha, np.float64)[..., None] / 255
    assert np.abs(read - (colour * part + 255 * (1 - part))).max() <= 1


def test_a_palette_without_transparency_keeps_its_colours(image: Image.Image) -> None:
    palette = image.quantize(16)
    expected = np.asarray(palette.convert("RGB"))
    assert np.array_equal(read_picture(encoded(palette, "PNG")).pixels, expected)


@pytest.mark.parametrize("clear", [3, bytes([255, 255, 255, 0])])
def test_the_transparent_colour_of_a_palette_becomes_white(
    image: Image.Image, clear: int | bytes
) -> None:
    palette = image.quantize(16)
    read = read_picture(encoded(palette, "PNG", transparency=clear)).pixels
    expected = np.array(palette.convert("RGB"))
    expected[np.asarray(palette) == 3] = 255
    assert np.array_equal(read, expected)


def test_the_transparent_colour_of_an_rgb_png_becomes_white() -> None:
    image = Image.new("RGB", (4, 2), (10, 20, 30))
    image.putpixel((0, 0), (1, 2, 3))
    read = read_picture(encoded(image, "PNG", transparency=(1, 2, 3))).pixels
    assert read[0, 0].tolist() == [255, 255, 255]
    assert read[0, 1].tolist() == [10, 20, 30]


def test_cmyk_jpeg_has_its_right_colours() -> None:
    colours = {"red": (255, 0, 0), "white": (255, 255, 255), "navy": (0, 0, 128)}
    for name, rgb in colours.items():
        data = encoded(Image.new("RGB", (16, 16), name).convert("CMYK"), "JPEG")
        assert Image.open(io.BytesIO(data)).mode == "CMYK"
        assert np.abs(read_picture(data).pixels - np.array(rgb)).max() <= 3


def test_the_first_frame_of_an_animated_webp_is_taken(
    pixels: NDArray[np.uint8], image: Image.Image
) -> None:
    rest = [Image.fromarray(255 - pixels)]
    data = encoded(image, "WEBP", save_all=True, append_images=rest, lossless=True)
    assert np.array_equal(read_picture(data).pixels, pixels)


@pytest.mark.parametrize(
    "mode",
    ["1", "L", "P", "RGB", "RGBX", "CMYK", "YCbCr", "HSV", "I", "F", "I;16", "I;16B"],
)
def test_every_mode_of_pil_is_taken(mode: str) -> None:
    assert read_picture(Image.new(mode, (5, 4))).pixels.shape == (4, 5, 3)


@pytest.mark.parametrize("mode", ["RGBA", "RGBa", "LA", "La", "PA"])
def test_every_mode_of_pil_with_alpha_is_laid_on_white(mode: str) -> None:
    clear = Image.new("RGBA" if mode.startswith("RGB") else "LA", (5, 4), 0)
    image = clear.convert("RGBA").convert(mode) if mode == "PA" else clear.convert(mode)
    assert set(read_picture(image).pixels.ravel()) == {255}


def test_values_that_are_no_numbers_become_black() -> None:
    values = np.full((4, 4), np.nan, np.float32)
    assert read_picture(Image.fromarray(values)).pixels.max() == 0


# orientation


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["PNG", "WEBP", "JPEG"])
def test_orientation_is_applied_as_pillow_applies_it(
    image: Image.Image, form: str, orientation: int
) -> None:
    data = encoded(image, form, exif=turned(orientation), lossless=True)
    with Image.open(io.BytesIO(data)) as opened:
        upright = ImageOps.exif_transpose(opened).convert("RGB")
    picture = read_picture(data)
    assert np.array_equal(picture.pixels, np.asarray(upright))
    assert (picture.width, picture.height) == upright.size


def test_orientation_six_turns_clockwise() -> None:
    """By hand: the left edge of what the camera stored is the top of the picture."""
    stored = np.array([[10, 20, 30], [40, 50, 60]], np.uint8)
    data = encoded(Image.fromarray(stored), "PNG", exif=turned(6))
    expected = [[40, 10], [50, 20], [60, 30]]
    assert read_picture(data).pixels[..., 0].tolist() == expected


@pytest.mark.parametrize("wrong", [0, 9, 77])
def test_an_orientation_that_does_not_exist_counts_as_none(
    image: Image.Image, pixels: NDArray[np.uint8], wrong: int
) -> None:
    data = encoded(image, "PNG", exif=turned(wrong))
    assert np.array_equal(read_picture(data).pixels, pixels)


def test_damaged_exif_never_spoils_a_picture(
    image: Image.Image, pixels: NDArray[np.uint8]
) -> None:
    rng = np.random.default_rng(RNG_SEED)
    exif = turned(1)
    exif[0x010F] = "maker"
    exif[0x8769] = {0x9000: b"0232"}
    whole = exif.tobytes()
    for _ in range(200):
        damaged = bytearray(whole)
        for place in rng.integers(6, len(whole), 4):
            damaged[place] = rng.integers(256)
        picture = read_picture(encoded(image, "PNG", exif=bytes(damaged)))
        assert sorted(picture.pixels.ravel()) == sorted(pixels.ravel())


# reduced decoding


@pytest.mark.parametrize(
    ("longest", "size"),
    [(100, (800, 600)), (400, (800, 600)), (401, (800, 600)), (99, (1002, 1001))],
)
@pytest.mark.parametrize("orientation", [1, 6])
def test_a_reduced_jpeg_keeps_the_size_of_its_original(
    longest: int, size: tuple[int, int], orientation: int
) -> None:
    data = encoded(Image.new("RGB", size), "JPEG", exif=turned(orientation))
    picture = read_picture(data, reduce_to=longest)
    upright = size[::-1] if orientation == 6 else size
    assert (picture.width, picture.height) == upright
    height, width, _ = picture.pixels.shape
    assert longest <= max(width, height) < 2 * longest + 8 or (width, height) == upright
    assert abs(width / height - upright[0] / upright[1]) < 0.02


def test_a_jpeg_much_wider_than_high_can_be_reduced() -> None:
    data = encoded(Image.new("RGB", (8000, 4)), "JPEG")
    picture = read_picture(data, reduce_to=320)
    assert (picture.width, picture.height) == (8000, 4)
    assert picture.pixels.shape[1] >= 320


def test_a_reduced_jpeg_looks_like_its_original() -> None:
    ramp = np.tile(np.linspace(0, 255, 512).astype(np.uint8), (512, 1))
    data = encoded(Image.fromarray(ramp), "JPEG", quality=95)
    reduced = read_picture(data, reduce_to=128).pixels[..., 0]
    assert reduced.shape == (128, 128)
    assert np.abs(reduced - ramp.reshape(128, 4, 128, 4).mean((1, 3))).max() <= 3


@pytest.mark.parametrize("form", ["PNG", "BMP", "WEBP"])
def test_other_formats_are_reduced_by_averaging(form: str) -> None:
    ramp = np.tile(np.linspace(0, 255, 512).astype(np.uint8), (256, 1))
    data = encoded(Image.fromarray(ramp).convert("RGB"), form)
    picture = read_picture(data, reduce_to=128)
    assert (picture.width, picture.height) == (512, 256)
    assert picture.pixels.shape == (64, 128, 3)
    averaged = ramp.reshape(64, 4, 128, 4).mean((1, 3))
    assert np.abs(picture.pixels[..., 0] - averaged).max() <= 4


def test_a_progressive_jpeg_may_have_no_more_pixels_than_other_formats() -> None:
    limits = Limits(max_pixels=1_000, max_jpeg_pixels=10_000)
    image = Image.new("RGB", (80, 80), "red")
    assert read_picture(encoded(image, "JPEG"), limits).pixels.shape == (80, 80, 3)
    with pytest.raises(ImageTooLargeError, match="80 x 80"):
        read_picture(encoded(image, "JPEG", progressive=True), limits)


def test_a_progressive_jpeg_of_hundreds_of_scans_is_refused() -> None:
    data = encoded(Image.new("RGB", (64, 64), "red"), "JPEG", progressive=True)
    start, end = data.rindex(b"\xff\xda"), data.rindex(b"\xff\xd9")
    many = data[:end] + data[start:end] * 100 + data[end:]
    with pytest.raises(BrokenImageError, match=r"scans; at most 100 are accepted"):
        read_picture(many)
    assert read_picture(data).pixels.shape == (64, 64, 3)


def test_a_phones_jpeg_with_a_second_picture_is_read_as_its_first() -> None:
    first, second = Image.new("RGB", (400, 200), "red"), Image.new("RGB", (400, 200))
    options: dict[str, Any] = {"save_all": True, "append_images": [second]}
    data = encoded(first, "MPO", exif=turned(6), **options)
    picture = read_picture(data, reduce_to=50)
    assert (picture.width, picture.height) == (200, 400)
    assert picture.pixels.shape == (50, 25, 3)
    assert np.abs(picture.pixels - np.array([255, 0, 0])).max() <= 3
