"""The learned enlargement learns, and is judged fairly."""

import numpy as np
import pytest
import torch

from mimika.core.errors import DataError
from mimika.models.super_resolution import SubPixelUpscaler
from mimika.training.upscaler import as_tensor, halved, judge, psnr, train_upscaler


@pytest.fixture(scope="module")
def stripes():
    """Pictures with sharp edges in random places, uint8 (96, 48, 48)."""
    rng = np.random.default_rng(0)
    images = np.full((96, 48, 48), 40, np.uint8)
    for image in images:
        for start in rng.integers(0, 44, 3):
            image[:, start : start + 4] = 220
            image[start : start + 3] = 130
    return images


def test_untrained_it_is_the_bilinear_enlargement(stripes):
    figures = judge(SubPixelUpscaler(), stripes).psnr_db
    assert figures["learned"] == pytest.approx(figures["bilinear"], abs=0.1)


def test_it_gives_halved_pictures_back_better_than_every_interpolation(stripes):
    errors = []
    network = train_upscaler(
        stripes[:64], 200, 0, lambda _, error: errors.append(error)
    )
    figures = judge(network, stripes[64:]).psnr_db
    assert errors[-1] < 0.8 * errors[0]
    assert max(figures, key=figures.get) == "learned"


def test_the_same_seed_gives_the_same_weights(stripes):
    one, two = (train_upscaler(stripes[:8], 2, 5, lambda *_: None) for _ in range(2))
    pairs = zip(one.parameters(), two.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


def test_the_ratio_is_that_of_its_definition():
    truth = torch.zeros(2, 1, 4, 4)
    answers = truth + torch.tensor([0.1, 0.01])[:, None, None, None]
    assert psnr(answers, truth) == pytest.approx((20 + 40) / 2, abs=1e-3)


def test_halving_takes_the_mean_of_four_pixels():
    image = np.arange(48 * 48, dtype=np.uint16).reshape(48, 48) % 251
    expected = image.reshape(24, 2, 24, 2).mean(axis=(1, 3))
    assert np.abs(halved(image.astype(np.uint8)[None])[0] - expected).max() <= 0.5


def test_blank_pictures_do_not_count(stripes):
    blank = np.zeros((3, 48, 48), np.uint8)
    both = judge(SubPixelUpscaler(), np.concatenate([stripes, blank]))
    assert both == judge(SubPixelUpscaler(), stripes)
    assert both.images == len(stripes)


def test_pictures_become_values_from_0_to_1():
    assert as_tensor(np.array([[[0, 255]]], np.uint8)).tolist() == [[[[0.0, 1.0]]]]


def test_without_pictures_it_says_so():
    with pytest.raises(DataError, match="no pictures"):
        train_upscaler(np.zeros((0, 48, 48), np.uint8), 1, 0, lambda *_: None)
