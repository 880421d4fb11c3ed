"""Changes of a batch, compared with OpenCV and numpy picture by picture."""

import math

import cv2
import numpy as np
import pytest
import torch

from mimika.augmentation.batched import (
    affine_batch,
    blur_batch,
    erase_batch,
    gamma_batch,
    perspective_batch,
    tone_batch,
)


@pytest.fixture
def images():
    """float32 (6, 1, 48, 48) of smooth random values in 0..1."""
    rng = np.random.default_rng(3)
    drawn = [cv2.GaussianBlur(rng.random((48, 48)), (9, 9), 3) for _ in range(6)]
    stacked = torch.tensor(np.array(drawn), dtype=torch.float32)[:, None]
    return (stacked - stacked.min()) / (stacked.max() - stacked.min())


def turned(degrees):
    angle = math.radians(degrees)
    cosine, sine = math.cos(angle), math.sin(angle)
    return torch.tensor([[cosine, -sine, 0.1], [sine, cosine, -0.2]])


def test_an_affine_change_is_what_opencv_makes_of_the_same_matrix(images):
    matrices = torch.stack([turned(degrees) for degrees in (0, 5, -9, 20, 45, 90)])
    changed = affine_batch(images, matrices, fill=0.5)
    # from places in -1..1 to pixels: 24 pixels are 1, and the centre is at 23.5
    to_pixels = np.array([[24, 0, 23.5], [0, 24, 23.5], [0, 0, 1]])
    for picture, result, matrix in zip(images, changed, matrices, strict=True):
        whole = np.vstack([matrix.numpy(), [0, 0, 1]])
        pixels = to_pixels @ whole @ np.linalg.inv(to_pixels)
        expected = cv2.warpAffine(
            picture[0].numpy(),
            pixels[:2],
            (48, 48),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderValue=0.5,
        )
        # OpenCV rounds places to 1/32 of a pixel
        assert np.abs(result[0].numpy() - expected).max() < 0.03


def test_a_perspective_without_a_vanishing_point_is_an_affine_change(images):
    matrices = torch.stack([turned(degrees) for degrees in (0, 5, -9, 20, 45, 90)])
    last = torch.tensor([0.0, 0, 2]).expand(6, 1, 3)
    doubled = torch.cat([2 * matrices, last], dim=1)
    expected = affine_batch(images, matrices, fill=0.3)
    assert torch.allclose(perspective_batch(images, doubled, 0.3), expected, atol=1e-4)


def test_a_perspective_is_what_opencv_makes_of_the_same_matrix(images):
    matrix = torch.tensor([[1.0, 0.1, 0.05], [0, 0.9, 0], [0.2, -0.1, 1]])
    changed = perspective_batch(images, matrix.expand(6, 3, 3), 0.0)
    to_pixels = np.array([[24, 0, 23.5], [0, 24, 23.5], [0, 0, 1]])
    pixels = to_pixels @ matrix.numpy() @ np.linalg.inv(to_pixels)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    for picture, result in zip(images, changed, strict=True):
        expected = cv2.warpPerspective(
            picture[0].numpy(), pixels, (48, 48), flags=flags
        )
        assert np.abs(result[0].numpy() - expected).max() < 0.03


def test_what_comes_in_from_outside_has_the_fill_value(images):
    away = torch.tensor([[1.0, 0, 4], [0, 1, 0]]).expand(6, 2, 3)
    assert torch.equal(affine_batch(images, away, 0.25), torch.full_like(images, 0.25))


def test_tone_is_a_gain_and_an_offset_for_each_picture(images):
    gain, offset = torch.rand(6), torch.rand(6)
    changed = tone_batch(images, gain, offset)
    for n in range(6):
        assert torch.equal(changed[n], images[n] * gain[n] + offset[n])


def test_gamma_is_a_power_for_each_picture(images):
    gamma = torch.tensor([0.5, 0.8, 1.0, 1.25, 2.0, 3.0])
    changed = gamma_batch(images, gamma).numpy()
    for n in range(6):
        expected = np.power(images[n].numpy(), float(gamma[n]))
        assert np.allclose(changed[n], expected, atol=1e-6)


def test_each_picture_is_blurred_by_its_own_gaussian(images):
    rough = torch.rand(6, 2, 48, 48, generator=torch.Generator().manual_seed(1))
    sigma = torch.tensor([0.1, 0.3, 0.6, 1.0, 1.4, 2.0])
    changed = blur_batch(rough, sigma, 2.0).numpy()
    assert np.array_equal(changed[0], rough[0].numpy())
    for n in range(1, 6):
        reach = int(float(sigma[n]) * 3.5)
        kernel = cv2.getGaussianKernel(2 * reach + 1, float(sigma[n]))
        for channel in range(2):
            expected = cv2.sepFilter2D(rough[n, channel].numpy(), -1, kernel, kernel)
            assert np.allclose(changed[n, channel], expected, atol=1e-5)


def test_a_rectangle_is_erased_where_it_was_chosen(images):
    centre = torch.tensor([[0.5, 0.25]]).expand(6, 2)
    share = torch.tensor([[0.25, 0.125]]).expand(6, 2)
    chosen = torch.tensor([True, False] * 3)
    changed = erase_batch(images, centre, share, chosen, fill=-1.0)
    expected = images.clone()
    expected[::2, :, 18:30, 9:15] = -1
    assert torch.equal(changed, expected)


def test_the_given_pictures_stay_as_they_are(images):
    before = images.clone()
    somewhere, everyone = torch.full((6, 2), 0.5), torch.ones(6) > 0
    erase_batch(images, somewhere, somewhere, everyone)
    tone_batch(images, torch.ones(6), torch.ones(6))
    affine_batch(images, turned(10).expand(6, 2, 3), 0.5)
    assert torch.equal(images, before)
