import cv2
import numpy as np
import pytest

from mimika.analysis.sharpness import sharpness_of


def test_it_is_the_deviation_of_the_laplacian():
    image = np.zeros((9, 9), np.uint8)
    image[4, 4] = 10
    laplacian = np.zeros((9, 9))
    laplacian[4, 4] = -40
    for y, x in ((3, 4), (5, 4), (4, 3), (4, 5)):
        laplacian[y, x] = 10
    assert sharpness_of(image) == pytest.approx(laplacian.std(), rel=1e-6)


def test_blur_lowers_it_and_a_flat_picture_has_none():
    image = np.random.default_rng(0).integers(0, 256, (48, 48), np.uint8)
    assert sharpness_of(cv2.GaussianBlur(image, (5, 5), 2)) < sharpness_of(image) / 2
    assert sharpness_of(np.full((1, 1), 9, np.uint8)) == 0
