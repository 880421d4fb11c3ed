"""Differences between models that answered about the same pictures.

Two models that see the same pictures are right and wrong on much the same ones, so
their difference is known far better than either figure:

- McNemar, "Note on the sampling error of the difference between correlated proportions"
  (1947), in its exact form: of the pictures on which exactly one of two models is
  right, either has half, if they are equally good. Checked against SciPy's `binomtest`.
- The paired bootstrap: pictures are drawn with replacement, the same ones for every
  model (Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), section 8.3;
  percentiles as in section 13.3). Checked against the normal approximation.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mimika.evaluation.intervals import DRAWS
from mimika.evaluation.reliability import Labels


def mcnemar_p(only_first: int, only_second: int) -> float:
    """Two-sided exact p-value of McNemar's test.

    Args:
        only_first: pictures on which only the first model is right.
        only_second: pictures on which only the second one is.

    Returns:
        The probability of a split at least as uneven among equally good models, 0..1.

    Raises:
        ValueError: a negative count.
    """
    if only_first < 0 or only_second < 0:
        raise ValueError(f"expected counts, got {only_first} and {only_second}")
    trials = only_first + only_second
    ways = term = 1  # integers: exact for any number of pictures
    for k in range(min(only_first, only_second)):
        term = term * (trials - k) // (k + 1)
        ways += term
    return min(1.0, 2 * ways / (1 << trials))


def draw_confusions(
    predicted: Sequence[Labels], labels: Labels, classes: int, seed: int = 0
) -> NDArray[np.int64]:
    """Confusion matrices of several models on pictures drawn with replacement.

    Args:
        predicted: int64 (N,) for each of R models, 0..K-1.
        labels: int64 (N,), the true classes, 0..K-1.
        classes: K.
        seed: seeds the draws, which are the same for all models.

    Returns:
        int64 (R, DRAWS, K, K), row: true class, column: predicted class.
    """
    rng = np.random.default_rng(seed)
    cells = [labels * classes + answers for answers in predicted]
    counts = np.empty((len(cells), DRAWS, classes * classes), np.int64)
    for draw in range(DRAWS):
        places = rng.integers(0, len(labels), len(labels))
        for model, cell in enumerate(cells):
            counts[model, draw] = np.bincount(cell[places], minlength=classes * classes)
    return counts.reshape(len(cells), DRAWS, classes, classes)


def accuracies(confusions: NDArray[np.int64]) -> NDArray[np.float64]:
    """Share of right answers, float64 (R,), of matrices int64 (R, K, K)."""
    hits = np.trace(confusions, axis1=1, axis2=2)
    return np.asarray(hits / confusions.sum(axis=(1, 2)), np.float64)
