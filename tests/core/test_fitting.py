"""How a picture that is not square becomes square: `PreprocessSpec.fit`.

Judged by Pillow's `ImageOps`, and by pixels that were worked out by hand.
"""

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps
from pydantic import ValidationError

from mimika.core.fitting import Fit
from mimika.core.preprocess import PreprocessSpec, fitted, preprocess

MEAN = (0.1, 0.5, 0.9)
BORDER = (26, 128, 230)  # 25.5, 127.5 and 229.5, to the nearest even number
FITS: tuple[Fit, ...] = ("stretch", "crop", "pad", "keep-scale")
SHAPES = [(40, 90), (91, 40), (33, 47), (64, 64), (7, 5), (300, 11)]


def spec_of(
    fit: Fit, size: int = 8, channels: int = 1, **others: Any
) -> PreprocessSpec:
    mean = MEAN if channels == 3 else MEAN[:1]
    fields = {"size": size, "channels": channels, "mean": mean, "std": mean}
    return PreprocessSpec.model_validate({**fields, "fit": fit, **others})


def numbered(height: int, width: int) -> NDArray[np.uint8]:
    """uint8 (height, width): 1, 2, 3 and so on, which tell where they were."""
    return np.arange(1, height * width + 1, dtype=np.uint8).reshape(height, width)


def smooth(height: int, width: int) -> NDArray[np.uint8]:
    """uint8 (height, width, 3), in which half a pixel more or less changes little."""
    coarse = np.random.default_rng(height).integers(0, 256, (4, 4, 3), np.uint8)
    large = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(large, np.uint8)


def one(image: NDArray[np.uint8], spec: PreprocessSpec) -> NDArray[np.uint8]:
    """The one picture, without the axis of a grey one's channel."""
    return np.asarray(fitted([image], spec)[0].squeeze())


@pytest.mark.parametrize("fit", FITS)
def test_a_square_of_the_right_size_stays_as_it_is(fit: Fit) -> None:
    image = numbered(8, 8)
    assert np.array_equal(one(image, spec_of(fit)), image)


def test_crop_takes_the_square_in_the_middle() -> None:
    wide, tall = numbered(8, 13), numbered(14, 8)
    assert np.array_equal(one(wide, spec_of("crop")), wide[:, 2:10])
    assert np.array_equal(one(tall, spec_of("crop")), tall[3:11])


def test_pad_keeps_all_and_fills_with_the_mean() -> None:
    wide, tall = numbered(5, 8), numbered(8, 2)
    expected = np.full((8, 8), BORDER[0], np.uint8)
    expected[1:6] = wide
    assert np.array_equal(one(wide, spec_of("pad")), expected)
    expected = np.full((8, 8), BORDER[0], np.uint8)
    expected[:, 3:5] = tall
    assert np.array_equal(one(tall, spec_of("pad")), expected)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", [32, 33])
def test_crop_and_pad_are_those_of_pillow(shape: tuple[int, int], size: int) -> None:
    """The same geometry to within half a pixel, so nearly the same colours."""
    image = smooth(*shape)
    pillow, method = Image.fromarray(image), Image.Resampling.BILINEAR
    cropped = np.asarray(ImageOps.fit(pillow, (size, size), method), int)
    padded = np.asarray(ImageOps.pad(pillow, (size, size), method, BORDER), int)
    for fit, expected in (("crop", cropped), ("pad", padded)):
        found = one(image, spec_of(fit, size, 3))
        difference = np.abs(found - expected).mean(axis=2)
        line = 2 / size if fit == "pad" else 0  # a row or column more or less of border
        assert (difference > 20).mean() <= line
        assert np.median(difference) <= 4


def test_a_picture_smaller_than_the_input_lies_in_its_middle() -> None:
    image = numbered(3, 4)
    expected = np.full((8, 8), BORDER[0], np.uint8)
    expected[2:5, 2:6] = image
    assert np.array_equal(one(image, spec_of("keep-scale")), expected)


@pytest.mark.parametrize("height", [8, 9, 10, 21])
@pytest.mark.parametrize("width", [8, 9, 11, 12])
def test_a_picture_larger_than_the_input_is_cut_around_its_middle(
    height: int, width: int
) -> None:
    image = numbered(height, width)
    top, left = (height - 8) // 2, (width - 8) // 2
    found = one(image, spec_of("keep-scale"))
    assert np.array_equal(found, image[top : top + 8, left : left + 8])


def test_one_side_may_be_cut_and_the_other_filled() -> None:
    image = numbered(4, 12)
    expected = np.full((8, 8), BORDER[0], np.uint8)
    expected[2:6] = image[:, 2:10]
    assert np.array_equal(one(image, spec_of("keep-scale")), expected)


def test_the_scale_is_the_same_for_every_picture() -> None:
    """A square of 40 px is one of 10 px at a quarter, however much lies around it."""
    spec = spec_of("keep-scale", 64, scale=0.25)
    for height, width in [(40, 40), (60, 200), (256, 256), (900, 411)]:
        image = np.zeros((height, width), np.uint8)
        top, left = (height - 40) // 2, (width - 40) // 2
        image[top : top + 40, left : left + 40] = 255
        area = one(image, spec)
        border = area == BORDER[0]  # which no pixel of the square has
        assert area[~border].sum() / 255 == pytest.approx(100, rel=0.05)


def test_shrinking_at_the_scale_averages() -> None:
    image = np.random.default_rng(3).integers(0, 256, (24, 30), np.uint8)
    means = image.reshape(8, 3, 10, 3).mean((1, 3))[:, 1:9]
    found = one(image, spec_of("keep-scale", scale=1 / 3))
    assert np.abs(found - means).max() <= 0.51


def test_enlarging_at_the_scale_repeats_pixels() -> None:
    image = numbered(6, 6)
    nearest = spec_of("keep-scale", scale=2, interpolation="nearest")
    expected = image.repeat(2, 0).repeat(2, 1)[2:10, 2:10]
    assert np.array_equal(one(image, nearest), expected)


def test_enlarging_a_large_picture_takes_no_memory() -> None:
    """Scaled before it is cut, this would be a picture of 150 gigabytes."""
    image = np.broadcast_to(np.uint8(77), (6000, 6000))
    assert set(one(image, spec_of("keep-scale", scale=64)).ravel()) == {77}


def test_a_line_of_pixels_does_not_vanish() -> None:
    found = one(np.full((1, 400), 255, np.uint8), spec_of("keep-scale", scale=0.02))
    assert (found == 255).sum() == 8
    assert (one(np.full((1, 400), 255, np.uint8), spec_of("pad")) == 255).sum() == 8


@pytest.mark.parametrize("fit", ["pad", "keep-scale"])
def test_the_border_has_the_mean_of_each_channel(fit: Fit) -> None:
    for image in (numbered(2, 4), np.zeros((2, 4, 3), np.uint8)):
        spec = spec_of(fit, 16, 3)
        found = one(image, spec)
        assert tuple(found[0, 0]) == tuple(found[-1, -1]) == BORDER
        values = preprocess([image], spec)[0, :, 0, 0]
        assert np.abs(values).max() < 0.5 / 255 / min(MEAN) + 1e-6  # but for rounding


def test_a_grey_models_pictures_are_shown_in_colour() -> None:
    """As `runtime.pipeline` shows them: the specification's channels replaced."""
    spec = spec_of("keep-scale").model_copy(update={"channels": 3})
    image = np.zeros((2, 2, 3), np.uint8)
    image[:] = (200, 10, 90)
    found = one(image, spec)
    assert tuple(found[0, 0]) == (BORDER[0],) * 3
    assert tuple(found[3, 3]) == (200, 10, 90)


def test_pictures_in_colour_are_fitted_as_grey_ones_are() -> None:
    grey = np.random.default_rng(5).integers(0, 256, (21, 34), np.uint8)
    colour = np.repeat(grey[:, :, None], 3, axis=2)
    for fit in FITS:
        spec = spec_of(fit)
        assert np.array_equal(one(grey, spec), one(colour, spec))


@pytest.mark.parametrize("fit", FITS)
def test_what_was_fitted_is_not_fitted_again(fit: Fit) -> None:
    scale = 0.3 if fit == "keep-scale" else 1
    spec = spec_of(fit, 16, 3, scale=scale)
    image = smooth(31, 54)
    again = preprocess(fitted([image], spec), spec.of_fitted())
    assert np.array_equal(again, preprocess([image], spec))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"fit": "squeeze"}, "'stretch', 'crop', 'pad' or 'keep-scale'"),
        (
            {"fit": "pad", "scale": 0.5},
            "scale = 0.5 needs fit = 'keep-scale', got 'pad'",
        ),
        ({"scale": 0.5}, "got 'stretch'; leave it out, or keep the scale"),
        ({"fit": "keep-scale", "scale": 0}, "greater than 0"),
        ({"fit": "keep-scale", "scale": 65}, "less than or equal to 64"),
        ({"fit": "keep-scale", "scale": float("nan")}, "finite number"),
    ],
)
def test_an_impossible_fit_is_refused(changed: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        PreprocessSpec.model_validate({**spec_of("stretch").model_dump(), **changed})


def test_a_card_names_the_fit_only_where_it_says_something() -> None:
    """So that models that stretch keep the cards they had before there was a choice."""
    stretched = spec_of("stretch").model_dump()
    assert set(stretched) == {"size", "channels", "mean", "std", "interpolation"}
    assert PreprocessSpec.model_validate(stretched).fit == "stretch"
    assert "scale" not in spec_of("crop").model_dump()
    kept = spec_of("keep-scale", scale=0.5)
    assert '"fit":"keep-scale","scale":0.5' in kept.model_dump_json()
    for spec in (spec_of("crop"), spec_of("pad"), kept):
        assert PreprocessSpec.model_validate_json(spec.model_dump_json()) == spec
