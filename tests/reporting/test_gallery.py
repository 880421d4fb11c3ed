import base64
import io

import numpy as np
import pytest
from PIL import Image

from mimika.reporting.gallery import data_uri


def decode(uri):
    head, data = uri.split(",")
    return head, Image.open(io.BytesIO(base64.b64decode(data)))


@pytest.mark.parametrize("shape", [(48, 48), (20, 48, 3), (1, 1)])
def test_small_pictures_come_back_exactly(shape):
    pixels = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    head, image = decode(data_uri(pixels))
    assert head == "data:image/png;base64"
    assert (np.asarray(image) == pixels).all()


def test_photographs_are_jpeg_with_red_still_red():
    pixels = np.zeros((100, 80, 3), np.uint8)
    pixels[..., 0] = 250
    head, image = decode(data_uri(pixels))
    assert head == "data:image/jpeg;base64"
    assert np.abs(np.asarray(image).mean(axis=(0, 1)) - (250, 0, 0)).max() < 4
