"""Does the exported model answer as its checkpoint does?

Checked on real pictures, through the same `Predictor` protocol that production uses,
so that preprocessing, softmax and temperature are compared as well; and with batches of
several sizes, because a dynamic batch is promised.
"""

from dataclasses import dataclass

import numpy as np

from mimika.core.errors import ParityError
from mimika.core.predictor import Predictor
from mimika.core.preprocess import FloatArray, Images

TOLERANCE = 1e-4
BATCH_SIZES = (1, 3, 64)


@dataclass(frozen=True)
class Parity:
    """How far two models are apart.

    Attributes:
        images: pictures compared.
        largest_difference: of any probability of any picture.
        same_answers: pictures on which the most probable class is the same.
    """

    images: int
    largest_difference: float
    same_answers: int


def check_parity(
    original: Predictor,
    exported: Predictor,
    images: Images,
    tolerance: float = TOLERANCE,
) -> Parity:
    """Compares the probabilities of two models.

    Args:
        original: the torch model.
        exported: the model read back from the file.
        images: uint8 (N, H, W) or (N, H, W, 3), or a sequence of pictures of different
            sizes; real ones.
        tolerance: largest difference of a probability that is let pass.

    Raises:
        ParityError: the models differ by more, or there are no pictures to compare.
    """
    if len(images) == 0:
        raise ParityError("no pictures to compare the exported model on")
    expected = original.predict(images)
    answers = [_in_batches(exported, images, size) for size in BATCH_SIZES]
    largest = max(float(np.abs(answer - expected).max()) for answer in answers)
    same = int((answers[-1].argmax(axis=1) == expected.argmax(axis=1)).sum())
    if not largest <= tolerance:
        raise ParityError(
            f"the exported model's probabilities differ from the checkpoint's by up to "
            f"{largest:.2e} on {len(images)} pictures; at most {tolerance:.0e} is "
            "accepted, so nothing was written"
        )
    return Parity(len(images), largest, same)


def _in_batches(model: Predictor, images: Images, size: int) -> FloatArray:
    starts = range(0, len(images), size)
    return np.concatenate([model.predict(images[i : i + size]) for i in starts])
