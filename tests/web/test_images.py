import io

import numpy as np
from PIL import Image

from mimika.core.errors import ImageTooLargeError
from mimika.web.images import ACCEPT, explain, to_jpeg


def test_the_accepted_types_are_named_one_by_one() -> None:
    assert ACCEPT == "image/jpeg,image/png,image/webp,image/bmp"


def test_a_limit_is_said_as_a_sentence() -> None:
    assert explain(ImageTooLargeError("the file has 16 MB")) == "The file has 16 MB."


def test_a_jpeg_holds_the_pixels_without_metadata() -> None:
    pixels = np.full((30, 40, 3), (200, 50, 20), np.uint8)
    with Image.open(io.BytesIO(to_jpeg(pixels, 88))) as image:
        assert image.format == "JPEG"
        assert not image.getexif()
        assert np.abs(np.array(image).astype(int) - pixels).max() < 6
