"""How far confidence and accuracy are apart, and how unlikely the true classes were.

Expected calibration error of the most probable class over bins of equal mass: Nixon et
al., "Measuring Calibration in Deep Learning" (2019), their adaptive scheme; Guo et al.,
"On Calibration of Modern Neural Networks" (2017), bin by equal width. Checked against
worked examples and scikit-learn.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mimika.core.preprocess import FloatArray
from mimika.evaluation.intervals import Interval, wilson_interval

Labels = NDArray[np.int64]
BINS = 15
DRAWS = 200
LEAST = 1e-12  # smaller probabilities count as this one, so that no loss is infinite


@dataclass(frozen=True)
class Bin:
    """Pictures of similar confidence.

    Attributes:
        images: how many.
        confidence: mean probability of their most probable class.
        accuracy: share of right answers among them.
    """

    images: int
    confidence: float
    accuracy: Interval


def expected_calibration_error(
    probabilities: FloatArray, labels: Labels, bins: int = BINS
) -> float:
    """Mean distance of confidence and accuracy over bins, weighted by their pictures.

    Args:
        probabilities: float32 (N, K), rows sum to 1.
        labels: int64 (N,), 0..K-1.
        bins: see `reliability`.

    Returns:
        0..1. It is above 0 by chance even for a perfectly calibrated model.
    """
    rows = reliability(probabilities, labels, bins)
    gaps = [row.images * abs(row.accuracy.value - row.confidence) for row in rows]
    return sum(gaps) / len(labels)


def error_by_chance(
    probabilities: FloatArray, bins: int = BINS, seed: int = 0
) -> float:
    """The calibration error that perfectly calibrated probabilities would show.

    Few pictures a bin have shares of right answers that vary by chance. Here the right
    answers are drawn with the stated confidence, and the errors of many draws averaged.

    Args:
        probabilities: float32 (N, K), rows sum to 1; at least one.
        bins: see `reliability`.
        seed: seeds the draws.
    """
    confidence = probabilities.max(axis=1).astype(np.float64)
    bin_of = _bins(confidence, bins)
    rng = np.random.default_rng(seed)
    total = 0.0
    for _ in range(DRAWS):
        gaps = (rng.random(len(confidence)) < confidence) - confidence
        total += float(np.abs(np.bincount(bin_of, weights=gaps)).sum())
    return total / DRAWS / len(confidence)


def reliability(
    probabilities: FloatArray, labels: Labels, bins: int = BINS
) -> tuple[Bin, ...]:
    """Confidence and accuracy of pictures in bins of equal mass.

    Pictures are ranked by the probability of their most probable class and parted into
    bins whose sizes differ by at most one. Equal confidences share the bin of the first
    of them, so that the order of the pictures does not matter; a bin that gets no
    picture is left out.

    Args:
        probabilities: float32 (N, K), rows sum to 1.
        labels: int64 (N,), 0..K-1.
        bins: how many, at least 1.

    Returns:
        The bins from the least to the most confident.

    Raises:
        ValueError: arrays that do not fit each other.
    """
    check_predictions(probabilities, labels)
    confidence = probabilities.max(axis=1).astype(np.float64)
    right = probabilities.argmax(axis=1) == labels
    bin_of = _bins(confidence, bins)
    rows = []
    for number in np.unique(bin_of):
        chosen = bin_of == number
        images = int(chosen.sum())
        accuracy = wilson_interval(int(right[chosen].sum()), images)
        rows.append(Bin(images, float(confidence[chosen].mean()), accuracy))
    return tuple(rows)


def log_loss(probabilities: FloatArray, labels: Labels) -> float:
    """Mean negative log-likelihood of the true class in nats.

    Args:
        probabilities: float32 (N, K), rows sum to 1.
        labels: int64 (N,), 0..K-1.
    """
    true = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(np.maximum(true, LEAST)).mean())


def check_predictions(probabilities: FloatArray, labels: Labels) -> None:
    """Refuses probabilities and labels that do not belong together.

    Raises:
        ValueError: no pictures, lengths that differ or labels outside 0..K-1.
    """
    if probabilities.ndim != 2 or len(probabilities) == 0:
        raise ValueError(
            f"expected probabilities (N, K) with N > 0, got {probabilities.shape}"
        )
    if labels.shape != probabilities.shape[:1]:
        raise ValueError(
            f"expected one label a row, got {labels.shape} labels for "
            f"{len(probabilities)} rows"
        )
    if labels.min() < 0 or labels.max() >= probabilities.shape[1]:
        raise ValueError(
            f"expected labels in 0..{probabilities.shape[1] - 1}, got "
            f"{labels.min()}..{labels.max()}"
        )


def _bins(confidence: NDArray[np.float64], bins: int) -> NDArray[np.int64]:
    """int64 (N,), the bin of each confidence, 0..bins-1, rising with it."""
    ranks = np.searchsorted(np.sort(confidence), confidence)
    return np.asarray(ranks * bins // len(confidence), np.int64)
