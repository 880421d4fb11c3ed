"""Which parts of a picture an answer depends on."""

import numpy as np
import pytest

from mimika.core.preprocess import FloatArray, Images, UInt8Array
from mimika.runtime.explaining import Explanation, occlusion_map

SIDE = 48
MOUTH = (slice(32, 44), slice(16, 32))


@pytest.fixture
def crop() -> UInt8Array:
    """A dark picture with a bright mouth."""
    picture = np.full((SIDE, SIDE, 3), 40, np.uint8)
    picture[MOUTH] = 240
    return picture


def brightness_of_mouth(images: Images) -> FloatArray:
    """A network that is sure where the mouth is bright, and looks nowhere else."""
    mouths = np.stack([picture[MOUTH] for picture in images])
    return (mouths.mean(axis=(1, 2, 3)) / 255).astype(np.float32)


def test_the_place_that_an_answer_depends_on_stands_out(crop: UInt8Array) -> None:
    found = occlusion_map(brightness_of_mouth, crop)
    assert found.shape == (SIDE, SIDE)
    assert found.dtype == np.float32
    row, column = np.unravel_index(found.argmax(), found.shape)
    assert row >= 30
    assert 14 <= column < 34
    assert found.max() > 0.5
    assert np.abs(found[:6]).max() < 0.05


def test_what_speaks_against_the_class_is_negative(crop: UInt8Array) -> None:
    found = occlusion_map(lambda images: 1 - brightness_of_mouth(images), crop)
    assert found.min() < -0.5
    assert found.max() < 0.05


def test_an_answer_that_never_changes_gives_an_even_map(crop: UInt8Array) -> None:
    def certain(images: Images) -> FloatArray:
        return np.ones(len(images), np.float32)

    np.testing.assert_array_equal(occlusion_map(certain, crop), 0)


@pytest.mark.parametrize("side", [1, 2, 3, 7, 96])
def test_any_size_of_crop_gives_a_map(side: int) -> None:
    def mean(images: Images) -> FloatArray:
        return np.stack([i.mean() / 256 for i in images]).astype(np.float32)

    crop = np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8)
    found = occlusion_map(mean, crop)
    assert found.shape == (side, side)
    assert np.isfinite(found).all()


def test_the_overlay_is_warm_for_and_cold_against(crop: UInt8Array) -> None:
    values = np.zeros((SIDE, SIDE), np.float32)
    values[:, :10], values[:, -10:] = 2.0, -2.0
    shown = Explanation("happy", 0.9, crop, values).overlay(96).astype(int)
    assert shown.shape == (96, 96, 3)
    left, right = shown[20, 2], shown[20, -3]
    assert left[0] > left[2] + 50
    assert right[2] > right[0] + 50
    np.testing.assert_allclose(shown[20, 40], 40, atol=3)


def test_a_map_of_next_to_nothing_colours_next_to_nothing(crop: UInt8Array) -> None:
    faint = np.full((SIDE, SIDE), 0.001, np.float32)
    shown = Explanation("happy", 0.9, crop, faint).overlay(SIDE).astype(int)
    assert np.abs(shown - crop).max() < 5
