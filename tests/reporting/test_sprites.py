"""Text for pictures that are drawn thirty times a second."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from mimika.reporting.annotate import FONT_FILE
from mimika.reporting.sprites import darken, stamp, text_mask


def test_a_text_looks_as_pillow_draws_it():
    mask = text_mask("Sad 51 %", 24)
    pixels = np.zeros((*mask.shape, 3), np.uint8)
    stamp(pixels, mask, (0, 0), (255, 255, 255))
    font = ImageFont.truetype(FONT_FILE, 24)
    expected = Image.new("RGB", mask.shape[::-1])
    place = (0, font.getmetrics()[0])
    ImageDraw.Draw(expected).text(place, "Sad 51 %", "white", font, anchor="ls")
    np.testing.assert_allclose(pixels.astype(int), np.array(expected), atol=2)
    assert pixels.max() > 250


def test_letters_have_the_colour_and_leave_the_rest():
    pixels = np.full((60, 200, 3), 40, np.uint8)
    mask = text_mask("I", 40)
    stamp(pixels, mask, (10, 5), (200, 100, 50))
    part = pixels[5 : 5 + mask.shape[0], 10 : 10 + mask.shape[1]]
    full = part[mask == 256].astype(int)
    assert len(full) > 20
    assert np.abs(full - (200, 100, 50)).max() <= 1
    assert (part[mask == 0] == 40).all()
    assert (pixels[:, 100:] == 40).all()


@pytest.mark.parametrize("place", [(-8, -4), (190, 50), (400, 10), (-500, 0)])
def test_what_is_outside_of_the_picture_is_cut_off(place):
    pixels = np.zeros((60, 200, 3), np.uint8)
    wide = np.zeros((260, 600, 3), np.uint8)
    mask = text_mask("mimika", 20)
    stamp(pixels, mask, place, (255, 255, 255))
    stamp(wide, mask, (place[0] + 200, place[1] + 100), (255, 255, 255))
    np.testing.assert_array_equal(pixels, wide[100:160, 200:400])


def test_a_mask_is_made_once():
    assert text_mask("twice", 15) is text_mask("twice", 15)
    with pytest.raises(ValueError, match="read-only"):
        text_mask("twice", 15)[0, 0] = 3


def test_darkening_leaves_a_quarter_inside_the_area():
    pixels = np.full((40, 40, 3), 200, np.uint8)
    darken(pixels, (-10, 30, 20, 90))
    assert (pixels[30:, :20] == 50).all()
    assert (pixels[:30] == 200).all()
    assert (pixels[:, 20:] == 200).all()
