"""Figures for a classifier: accuracy, macro-F1, figures by class and their intervals.

scikit-learn computes them; what is ours is the interval: Wilson, "Probable Inference,
the Law of Succession, and Statistical Inference" (1927), which keeps its coverage near
0 and 1 and for small sets.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from mimika.core.preprocess import FloatArray

Labels = NDArray[np.int64]
Z95 = 1.959963984540054  # 97.5 % point of the normal distribution


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
        macro_f1: mean of the classes' F1, each class counting the same.
        nll: mean negative log-likelihood of the true class in nats.
        classes: figures by class, in the order of the labels.
        confusion: int64 (K, K), row: true class, column: predicted class.
    """

    images: int
    accuracy: Interval
    macro_f1: float
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
    return Evaluation(
        images=count,
        accuracy=wilson_interval(int((predicted == labels).sum()), count),
        macro_f1=float(np.mean(f1)),
        nll=float(-np.log(np.maximum(true, 1e-12)).mean()),
        classes=tuple(
            ClassFigures(float(p), float(r), float(f), int(n)) for p, r, f, n in rows
        ),
        confusion=np.asarray(confusion_matrix(labels, predicted, labels=names)),
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
