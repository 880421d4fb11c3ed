"""Figures for a classifier: accuracy, macro-F1, calibration, figures by class.

scikit-learn computes those by class; the others are checked against it. The intervals
are those of `intervals`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from mimika.core.card import Metric
from mimika.core.preprocess import FloatArray
from mimika.evaluation.intervals import (
    Interval,
    drawn_again,
    percentile_interval,
    wilson_interval,
)
from mimika.evaluation.reliability import (
    Labels,
    check_predictions,
    expected_calibration_error,
    log_loss,
)

__all__ = [
    "ClassFigures",
    "Evaluation",
    "Interval",
    "balanced_accuracy",
    "evaluate_probabilities",
    "macro_f1",
    "wilson_interval",
]

Matrices = NDArray[np.int64]


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
        balanced_accuracy: mean recall of the classes that occur.
        macro_f1: mean of the classes' F1, each class counting the same; a class that
            never occurs counts as 0.
        top2: share of pictures whose class is one of the two most probable.
        nll: log loss: mean negative log-likelihood of the true class in nats.
        ece: expected calibration error, 15 bins of equal mass, 0..1.
        classes: figures by class, in the order of the labels.
        confusion: int64 (K, K), row: true class, column: predicted class.
    """

    images: int
    accuracy: Interval
    balanced_accuracy: Interval
    macro_f1: Interval
    top2: Interval
    nll: float
    ece: float
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
    check_predictions(probabilities, labels)
    count, width = probabilities.shape
    predicted = probabilities.argmax(axis=1)
    names = np.arange(width)
    figures = precision_recall_fscore_support(
        labels, predicted, labels=names, zero_division=0.0
    )
    confusion = np.asarray(confusion_matrix(labels, predicted, labels=names))
    drawn = drawn_again(confusion)
    return Evaluation(
        images=count,
        accuracy=wilson_interval(int((predicted == labels).sum()), count),
        balanced_accuracy=percentile_interval(
            float(balanced_accuracy(confusion[None])[0]), balanced_accuracy(drawn)
        ),
        macro_f1=percentile_interval(
            float(macro_f1(confusion[None])[0]), macro_f1(drawn)
        ),
        top2=wilson_interval(int((_ranks(probabilities, labels) < 2).sum()), count),
        nll=log_loss(probabilities, labels),
        ece=expected_calibration_error(probabilities, labels),
        classes=tuple(
            ClassFigures(float(p), float(r), float(f), int(n))
            for p, r, f, n in zip(*figures, strict=True)
        ),
        confusion=confusion,
    )


def card_figures(evaluation: Evaluation, split: str) -> dict[str, Metric]:
    """The figures that a model's card shows.

    Args:
        evaluation: of its answers.
        split: what these were about.
    """
    figures = {"accuracy": evaluation.accuracy, "macro_f1": evaluation.macro_f1}
    return {
        name: Metric(
            value=figure.value,
            low=figure.low,
            high=figure.high,
            split=split,
            images=evaluation.images,
        )
        for name, figure in figures.items()
    }


def macro_f1(matrices: Matrices) -> NDArray[np.float64]:
    """Mean F1 of the classes, a class that never occurs counting as 0.

    Args:
        matrices: int64 (R, K, K), confusion matrices, rows true, columns predicted.

    Returns:
        float64 (R,).
    """
    hits = np.diagonal(matrices, axis1=1, axis2=2)  # (R, K)
    both = matrices.sum(axis=1) + matrices.sum(axis=2)  # predicted and true
    f1: NDArray[np.float64] = 2 * hits / np.maximum(both, 1)
    return np.asarray(f1.mean(axis=1))


def balanced_accuracy(matrices: Matrices) -> NDArray[np.float64]:
    """Mean recall of the classes that occur, with arguments as `macro_f1`."""
    hits = np.diagonal(matrices, axis1=1, axis2=2)  # (R, K)
    images = matrices.sum(axis=2)
    recall = hits / np.maximum(images, 1)
    return np.asarray(recall.sum(axis=1) / np.maximum((images > 0).sum(axis=1), 1))


def _ranks(probabilities: FloatArray, labels: Labels) -> NDArray[np.int64]:
    """int64 (N,): 0 where the true class is the answer; the first of equals leads."""
    order = np.argsort(-probabilities, axis=1, kind="stable")
    return np.asarray(np.argmax(order == labels[:, None], axis=1))
