"""Judged by Pillow and by plain arithmetic, never by OpenCV, which does the work."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pydantic import ValidationError

from mimika.core.images import read_picture
from mimika.core.preprocess import PreprocessSpec, preprocess, resize, to_grey

GREY = PreprocessSpec(size=48, channels=1, mean=(0.5,), std=(0.25,))
RGB = PreprocessSpec(
    size=32, channels=3, mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225)
)
LUMA = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601


@pytest.fixture
def colour() -> NDArray[np.uint8]:
    """uint8 (5, 48, 48, 3), random."""
    return np.random.default_rng(4).integers(0, 256, (5, 48, 48, 3), np.uint8)


def test_grey_of_the_right_size_is_only_normalised(colour: NDArray[np.uint8]) -> None:
    grey = colour[..., 0]
    result = preprocess(grey, GREY)
    assert result.shape == (5, 1, 48, 48)
    assert result.dtype == np.float32
    assert result.flags.c_contiguous
    assert np.allclose(result[:, 0], (grey / 255 - 0.5) / 0.25, atol=1e-6)


def test_golden_values_of_black_white_and_between() -> None:
    image = np.array([[0, 51], [204, 255]], np.uint8).repeat(24, 0).repeat(24, 1)
    result = preprocess(image[None], GREY)[0, 0]
    golden = [-2.0, -1.2, 1.2, 2.0]
    corners = [result[0, 0], result[0, -1], result[-1, 0], result[-1, -1]]
    assert corners == pytest.approx(golden, abs=1e-6)


def test_colour_becomes_luma(colour: NDArray[np.uint8]) -> None:
    result = preprocess(colour, GREY)[:, 0] * 0.25 + 0.5
    assert np.abs(result * 255 - colour @ LUMA).max() <= 0.51  # rounded to uint8
    pillow = np.stack([np.asarray(Image.fromarray(c).convert("L")) for c in colour])
    assert (
        np.abs(np.stack([to_grey(c) for c in colour]) - pillow.astype(int)).max() <= 1
    )


@pytest.mark.parametrize("value", [0, 1, 127, 128, 254, 255])
def test_grey_that_was_stored_as_colour_comes_back_exactly(value: int) -> None:
    assert set(to_grey(np.full((4, 4, 3), value, np.uint8)).ravel()) == {value}


def test_every_channel_has_its_own_mean_and_deviation() -> None:
    image = np.empty((40, 40, 3), np.uint8)
    image[:] = (10, 120, 230)
    result = preprocess(image[None], RGB)
    assert result.shape == (1, 3, 32, 32)
    expected = (np.array([10, 120, 230]) / 255 - RGB.mean) / RGB.std
    assert np.allclose(result.mean((0, 2, 3)), expected, atol=1e-5)


def test_grey_pictures_fill_three_channels() -> None:
    spec = PreprocessSpec(size=8, channels=3, mean=(0, 0, 0), std=(1, 1, 1))
    image = np.arange(64, dtype=np.uint8).reshape(8, 8)
    result = preprocess([image], spec)[0] * 255
    assert np.allclose(result, np.stack([image] * 3), atol=1e-4)


def test_shrinking_by_a_whole_factor_averages() -> None:
    image = np.random.default_rng(6).integers(0, 256, (144, 144), np.uint8)
    means = image.reshape(48, 3, 48, 3).mean((1, 3))
    result = (preprocess(image[None], GREY)[0, 0] * 0.25 + 0.5) * 255
    assert np.abs(result - means).max() <= 0.51


def test_shrinking_by_any_factor_is_pillows_box_filter() -> None:
    image = np.random.default_rng(7).integers(0, 256, (113, 67), np.uint8)
    box = np.asarray(Image.fromarray(image).resize((48, 48), Image.Resampling.BOX))
    area = resize(image, 48, 48, 1).astype(int)
    # Pillow's box takes whole pixels, area averaging takes parts of them too.
    assert np.abs(area - box).mean() < 25
    assert area.mean() == pytest.approx(image.mean(), abs=0.5)


def test_enlarging_is_pillows_bilinear() -> None:
    image = np.random.default_rng(8).integers(0, 256, (24, 24), np.uint8)
    method = Image.Resampling.BILINEAR
    pillow = np.asarray(Image.fromarray(image).resize((48, 48), method))
    result = (preprocess(image[None], GREY)[0, 0] * 0.25 + 0.5) * 255
    assert np.abs(result - pillow).max() < 1.01


def test_interpolation_is_chosen_by_the_spec() -> None:
    image = np.random.default_rng(8).integers(0, 256, (1, 24, 24), np.uint8)
    bicubic = GREY.model_copy(update={"interpolation": "bicubic"})
    assert not np.allclose(preprocess(image, GREY), preprocess(image, bicubic))


def test_pictures_of_different_sizes_and_colours_go_together(
    colour: NDArray[np.uint8],
) -> None:
    others = [np.zeros((9, 200), np.uint8), np.full((300, 50, 3), 255, np.uint8)]
    result = preprocess([colour[0], *others], GREY)
    assert result.shape == (3, 1, 48, 48)
    assert np.array_equal(result[:1], preprocess(colour[:1], GREY))
    assert result[1].max() == pytest.approx(-2)
    assert result[2].min() == pytest.approx(2)


def test_a_picture_gives_the_same_alone_as_in_a_batch(
    colour: NDArray[np.uint8],
) -> None:
    together = preprocess(colour, RGB)
    for place in range(5):
        assert np.array_equal(preprocess(colour[place][None], RGB)[0], together[place])


def test_no_pictures_give_no_rows() -> None:
    assert preprocess([], GREY).shape == (0, 1, 48, 48)
    assert preprocess(np.empty((0, 48, 48), np.uint8), GREY).shape == (0, 1, 48, 48)


def test_what_is_given_is_not_changed(colour: NDArray[np.uint8]) -> None:
    before = colour.copy()
    preprocess(colour, RGB)
    preprocess(colour, GREY)
    assert np.array_equal(colour, before)


def test_views_and_read_only_pictures_are_taken(colour: NDArray[np.uint8]) -> None:
    flipped = colour[:, ::-1, ::2]
    flipped.setflags(write=False)
    assert np.array_equal(preprocess(flipped, RGB), preprocess(flipped.copy(), RGB))


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((1, 4, 4), np.float32),
        np.zeros((1, 4, 4), np.int64),
        np.zeros((1, 4, 4, 4), np.uint8),
        np.zeros((1, 4, 4, 1), np.uint8),
        np.zeros((4, 4), np.uint8),
        np.zeros((1, 0, 4), np.uint8),
    ],
    ids=["float", "int", "four channels", "one channel", "no batch", "no pixels"],
)
def test_pictures_of_another_form_are_named(wrong: NDArray[np.uint8]) -> None:
    with pytest.raises(ValueError, match="expected a uint8 picture") as caught:
        preprocess(wrong, GREY)
    assert str(wrong.dtype) in str(caught.value)
    assert str(wrong[0].shape) in str(caught.value)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"mean": (0.5, 0.5)}, "need 1 values each, one a channel; got 2 and 1"),
        ({"std": (0.0,)}, "std must be positive"),
        ({"size": 4}, "greater than or equal to 8"),
        ({"channels": 2}, "Input should be 1 or 3"),
        ({"interpolation": "cubic"}, "Input should be 'nearest', 'bilinear'"),
        ({"gamma": 2.2}, "Extra inputs are not permitted"),
    ],
)
def test_an_impossible_spec_is_refused(
    changed: dict[str, object], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        PreprocessSpec.model_validate({**GREY.model_dump(), **changed})


def test_a_spec_survives_json_and_cannot_be_changed() -> None:
    assert PreprocessSpec.model_validate_json(RGB.model_dump_json()) == RGB
    with pytest.raises(ValidationError, match="frozen"):
        RGB.size = 64  # type: ignore[misc]  # that it is refused is the point


def test_a_grey_png_and_its_pixels_give_the_same_input() -> None:
    """What the runtime reads from a file is what training had from the data set."""
    face = np.random.default_rng(9).integers(0, 256, (48, 48), np.uint8)
    file = io.BytesIO()
    Image.fromarray(face).save(file, "PNG")
    read = read_picture(file.getvalue()).pixels
    assert np.array_equal(preprocess(read[None], GREY), preprocess(face[None], GREY))
