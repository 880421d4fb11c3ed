"""Pixels of pictures of every mode, band by band."""

import numpy as np
import pytest
from PIL import Image

from mimika.core import rgb
from mimika.core.rgb import to_rgb

MODES = ["1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LA", "La", "I;16", "I", "F"]


@pytest.fixture
def drawn() -> Image.Image:
    values = np.random.default_rng(0).integers(0, 256, (61, 47, 4), np.uint8)
    return Image.fromarray(values)


def of_mode(drawn: Image.Image, mode: str) -> Image.Image:
    if mode in ("I;16", "I", "F"):
        grey = np.asarray(drawn.convert("L"), np.float64)
        kinds = {"I;16": np.uint16, "I": np.int32, "F": np.float32}
        factor = 1 if mode == "F" else 257
        return Image.fromarray((grey * factor).astype(kinds[mode]))
    if mode == "La":
        return drawn.convert("LA").convert("La")
    return drawn.convert(mode)


@pytest.mark.parametrize("mode", MODES)
def test_bands_give_what_the_whole_gives(
    drawn: Image.Image, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = of_mode(drawn, mode)
    assert image.mode == mode
    whole = to_rgb(image)
    assert whole.shape == (61, 47, 3)
    assert whole.dtype == np.uint8
    monkeypatch.setattr(rgb, "BAND_PIXELS", 5 * 47)
    np.testing.assert_array_equal(to_rgb(image), whole)


@pytest.mark.parametrize("shrink", [2, 4, 8])
def test_shrinking_averages_whatever_the_bands(
    drawn: Image.Image, shrink: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = drawn.convert("RGB").crop((0, 0, 40, 56))
    pixels = np.asarray(image, float)
    blocks = pixels.reshape(56 // shrink, shrink, 40 // shrink, shrink, 3)
    expected = blocks.mean((1, 3))
    monkeypatch.setattr(rgb, "BAND_PIXELS", 3 * shrink * 40)
    assert np.abs(to_rgb(image, shrink) - expected).max() <= 1


def test_a_side_that_cannot_be_divided_is_rounded(drawn: Image.Image) -> None:
    assert to_rgb(drawn, 4).shape == (15, 12, 3)
    assert to_rgb(drawn.crop((0, 0, 1, 1)), 8).shape == (1, 1, 3)
