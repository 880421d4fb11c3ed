"""Figures for a classifier: accuracy, macro-F1, figures by class and their intervals.

scikit-learn computes them; what is ours are the intervals. Accuracy has that of Wilson,
"Probable Inference, the Law of Succession, and Statistical Inference" (1927), which
keeps its coverage near 0 and 1 and for small sets. Macro-F1, which is no share of
trials, has a percentile bootstrap: Efron and Tibshirani, "An Introduction to the
Bootstrap" (1993), section 13.3. Both are checked against other implementations.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from mimika.core.preprocess import FloatArray

Labels = NDArray[np.int64]
Z95 = 1.959963984540054  # 97.5 % point of the normal distribution
DRAWS = 2000  # the ends of the bootstrap interval then vary by about 0.0005 at N = 3589


@dataclass(frozen=True)
class Interval:
    """A figure with its 95 % interval, all fractions in 0..1."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class ClassFigures:
    """Figures of one class; 0 where the class was never predicted or never occurs.

    Attributes:
        precision: share of its predictions that are right.
        recall: share of its pictures that are found.
        f1: harmonic mean of both.
        images: number of its pictures.
    """

    precision: float
    recall: float
    f1: float
    images: int


@dataclass(frozen=True)
class Evaluation:
    """Everything measured on one set.

    Attributes:
        images: number of pictures.
        accuracy: share of right answers.
        macro_f1: mean of the classes' F1, each class counting the same; a class that
            never occurs counts as 0.
        nll: mean negative log-likelihood of the true class in nats.
        classes: figures by class, in the order of the labels.
        confusion: int64 (K, K), row: true class, column: predicted class.
    """

    images: int
    accuracy: Interval
    macro_f1: Interval
    nll: float
    classes: tuple[ClassFigures, ...]
    confusion: NDArray[np.int64]


def evaluate_probabilities(probabilities: FloatArray, labels: Labels) -> Evaluation:
    """Measures predictions against labels.

    Args:
        probabilities: float32 (N, K), rows sum to 1.
        labels: int64 (N,), 0..K-1.

    Raises:
        ValueError: no pictures, lengths that differ or labels outside 0..K-1.
    """
    _check(probabilities, labels)
    count, width = probabilities.shape
    predicted = probabilities.argmax(axis=1)
    names = np.arange(width)
    precision, recall, f1, support = precision_recall_fscore_support(
        labels, predicted, labels=names, zero_division=0.0
    )
    rows = zip(precision, recall, f1, support, strict=True)
    true = probabilities[np.arange(count), labels].astype(np.float64)
    confusion = np.asarray(confusion_matrix(labels, predicted, labels=names))
    return Evaluation(
        images=count,
        accuracy=wilson_interval(int((predicted == labels).sum()), count),
        macro_f1=bootstrap_macro_f1(confusion),
        nll=float(-np.log(np.maximum(true, 1e-12)).mean()),
        classes=tuple(
            ClassFigures(float(p), float(r), float(f), int(n)) for p, r, f, n in rows
        ),
        confusion=confusion,
    )


def wilson_interval(successes: int, trials: int) -> Interval:
    """Wilson's score interval at 95 %.

    Raises:
        ValueError: no trials, or successes outside 0..trials.
    """
    if trials < 1 or not 0 <= successes <= trials:
        raise ValueError(
            f"expected 0 <= successes <= trials and at least one trial, got "
            f"{successes} of {trials}"
        )
    share = successes / trials
    scale = 1 + Z95**2 / trials
    middle = (share + Z95**2 / (2 * trials)) / scale
    spread = share * (1 - share) / trials + Z95**2 / (4 * trials**2)
    half = Z95 * math.sqrt(spread) / scale
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))


def bootstrap_macro_f1(confusion: NDArray[np.int64], seed: int = 0) -> Interval:
    """Macro-F1 with its percentile bootstrap interval at 95 %.

    To draw N pictures with replacement and count their confusion matrix is to draw that
    matrix from a multinomial distribution, so single pictures are not needed.

    Args:
        confusion: int64 (K, K), row: true class, column: predicted class; not all 0.
        seed: seeds the draws, so that the same matrix has the same interval.
    """
    value = float(_macro_f1(confusion[None])[0])
    count = int(confusion.sum())
    shares = confusion.ravel() / count
    drawn = np.random.default_rng(seed).multinomial(count, shares, DRAWS)
    resampled = _macro_f1(drawn.reshape(-1, *confusion.shape))
    low, high = np.quantile(resampled, (0.025, 0.975))
    return Interval(value, min(value, float(low)), max(value, float(high)))


def _macro_f1(matrices: NDArray[np.int64]) -> NDArray[np.float64]:
    """float64 (R,) from confusion matrices int64 (R, K, K)."""
    hits = np.diagonal(matrices, axis1=1, axis2=2)  # (R, K)
    both = matrices.sum(axis=1) + matrices.sum(axis=2)  # predicted and true
    f1: NDArray[np.float64] = 2 * hits / np.maximum(both, 1)
    return np.asarray(f1.mean(axis=1))


def _check(probabilities: FloatArray, labels: Labels) -> None:
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
