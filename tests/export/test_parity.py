"""The check that keeps an exported model honest."""

import numpy as np
import pytest

from mimika.core.errors import ParityError
from mimika.export.parity import check_parity


class Fixed:
    """Answers 0.5 each, and a little more for bright pictures."""

    def __init__(self, extra, fails_in_batches=False):
        self.extra = extra
        self.fails_in_batches = fails_in_batches

    def predict(self, images):
        extra = self.extra * (images[:, 0, 0] > 200)
        if self.fails_in_batches and len(images) > 1:
            extra = np.zeros(len(images))
        return np.stack([0.5 + extra, 0.5 - extra], axis=1).astype(np.float32)


IMAGES = np.full((5, 4, 4), 255, np.uint8)


def test_equal_models_pass():
    parity = check_parity(Fixed(0.2), Fixed(0.2), IMAGES)
    assert (parity.images, parity.largest_difference) == (5, 0.0)
    assert parity.same_answers == 5


def test_a_difference_on_one_picture_fails():
    images = IMAGES.copy()
    images[:4] = 0
    with pytest.raises(ParityError, match=r"2\.00e-03"):
        check_parity(Fixed(0.2), Fixed(0.202), images)


def test_a_difference_in_one_size_of_batch_fails():
    with pytest.raises(ParityError):
        check_parity(Fixed(0.2), Fixed(0.2, fails_in_batches=True), IMAGES)


def test_an_answer_that_is_not_a_number_fails():
    with pytest.raises(ParityError):
        check_parity(Fixed(0.2), Fixed(float("nan")), IMAGES)


def test_without_pictures_nothing_is_proved():
    with pytest.raises(ParityError, match="no pictures"):
        check_parity(Fixed(0), Fixed(0), IMAGES[:0])
