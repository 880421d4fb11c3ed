import io
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image

from mimika.core.errors import BrokenImageError, ImageError, UnsupportedImageError
from mimika.web.accounts.pictures import (
    SIDE_PX,
    folder_of,
    middle,
    path_of,
    portrait,
    write,
)
from mimika.web.images import explain


def wide(red_at_left: bool = True) -> Image.Image:
    """400 x 200 pixels: the left half red, the right half blue, or the other way."""
    pixels = np.zeros((200, 400, 3), np.uint8)
    pixels[:, :200, 0] = pixels[:, 200:, 2] = 255
    return Image.fromarray(pixels if red_at_left else pixels[:, ::-1])


def encoded(image: Image.Image, form: str = "JPEG", **more: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **more)
    return buffer.getvalue()


def test_the_square_in_the_middle_is_kept_small() -> None:
    made = Image.open(io.BytesIO(portrait(encoded(wide()))))
    assert (made.format, made.size) == ("JPEG", (SIDE_PX, SIDE_PX))
    left, right = made.getpixel((10, 128)), made.getpixel((245, 128))
    assert left[0] > 200 > 50 > left[2]  # type: ignore[index]  # three channels
    assert right[2] > 200 > 50 > right[0]  # type: ignore[index]  # three channels


def test_it_is_turned_upright_and_its_metadata_is_dropped() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # to be turned clockwise: left comes up
    exif[ExifTags.Base.Make] = "a camera"
    sent = encoded(wide(), exif=exif)
    made = Image.open(io.BytesIO(portrait(sent)))
    top, bottom = made.getpixel((128, 10)), made.getpixel((128, 245))
    assert top[0] > 200 > 50 > bottom[0]  # type: ignore[index]  # three channels
    assert b"a camera" in sent
    assert len(made.getexif()) == 0


@pytest.mark.parametrize("size", [(1, 1), (3, 300), (300, 3), (5, 5)])
def test_the_middle_is_a_square_of_the_smaller_side(size: tuple[int, int]) -> None:
    pixels = np.zeros((*size, 3), np.uint8)
    assert middle(pixels).shape == (min(size), min(size), 3)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "BMP"])
def test_the_other_formats_become_a_jpeg_as_well(form: str) -> None:
    assert portrait(encoded(wide(), form)).startswith(b"\xff\xd8\xff")


def test_a_new_picture_takes_the_place_of_the_last(media: Path) -> None:
    write(7, b"first")
    write(7, b"second")
    assert path_of(7) == media / "people" / "7" / "picture.jpg"
    assert path_of(7).read_bytes() == b"second"
    assert [path.name for path in folder_of(7).iterdir()] == ["picture.jpg"]


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (b"no picture", UnsupportedImageError, "not a picture in an accepted format"),
        (encoded(wide())[:500], BrokenImageError, "damaged or cut short"),
    ],
)
def test_what_is_no_picture_is_said_in_simple_words(
    data: bytes, kind: type[ImageError], words: str
) -> None:
    with pytest.raises(kind) as info:
        portrait(data)
    assert words in explain(info.value)
