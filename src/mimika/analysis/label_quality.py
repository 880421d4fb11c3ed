"""Suspect labels, by confident learning.

Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset
Labels" (2021), sections 3.1 and 3.2: a class's threshold is the mean probability that
its own pictures get for it; a picture counts for the class, over its threshold, that is
most probable. Those counted for another class than their label are suspects, ranked by
the margin of the label to the best other class (their "normalized margin"). The
probabilities come from `quick_model`, fitted without the picture.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mimika.analysis.pictures import Pictures
from mimika.analysis.quick_model import out_of_fold
from mimika.core.preprocess import FloatArray

LEAST_PICTURES = 10  # of a class, to be judged
MOST_CLASSES = 100
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class LabelQuality:
    """What a quick model thinks of the labels.

    Attributes:
        classes: numbers of the classes that were judged, K of them.
        left_out: names of the classes that were not: too few pictures, or too many
            classes.
        judged: int64 (M,), positions of the pictures judged.
        accuracy: share of these whose label the model names.
        majority: what always naming the largest class would reach.
        joint: int64 (K, K), confident joint: row label, column class counted for.
        suspects: int64 (S,), positions, the most suspect first.
        suggested: int64 (S,), number of the class that the model would give.
        given_share: float32 (S,), probability of the label.
        suggested_share: float32 (S,), probability of the suggested class.
    """

    classes: tuple[int, ...]
    left_out: tuple[str, ...]
    judged: Positions
    accuracy: float
    majority: float
    joint: NDArray[np.int64]
    suspects: Positions
    suggested: Positions
    given_share: FloatArray
    suggested_share: FloatArray

    @property
    def clear(self) -> int:
        """Suspects whose label has under 5 % and whose other class has over 50 %."""
        is_clear = (self.given_share < 0.05) & (self.suggested_share > 0.5)
        return int(is_clear.sum())

    @property
    def noise(self) -> tuple[float | None, ...]:
        """By judged class, the share of its confident pictures counted elsewhere."""
        totals = self.joint.sum(axis=1)
        kept = np.diagonal(self.joint)
        return tuple(
            float(1 - k / n) if n else None for k, n in zip(kept, totals, strict=True)
        )


def judge_labels(
    pictures: Pictures,
    features: FloatArray,
    groups: NDArray[np.int64],
    seed: int,
    progress: Callable[[float], None],
) -> LabelQuality | None:
    """Ranks the pictures whose label is suspect.

    Args:
        pictures: the data set.
        features: float32 (N, D).
        groups: int64 (N,), groups of near-copies.
        seed: draws folds.
        progress: called with the share that is done.

    Returns:
        None where fewer than two classes have 10 pictures.
    """
    counts = np.bincount(
        pictures.labels[pictures.labelled], minlength=len(pictures.classes)
    )
    largest = np.argsort(-counts, kind="stable")[:MOST_CLASSES]
    classes = np.sort(largest[counts[largest] >= LEAST_PICTURES])
    if len(classes) < 2:
        return None
    judged = np.flatnonzero(np.isin(pictures.labels, classes))
    labels = np.searchsorted(classes, pictures.labels[judged])  # 0..K-1 of the judged
    shares = out_of_fold(features[judged], labels, groups[judged], seed, progress)
    left_out = set(range(len(pictures.classes))) - set(classes.tolist())
    joint, counted = confident_joint(shares, labels)
    order = rank(shares, labels, counted)
    return LabelQuality(
        tuple(classes.tolist()),
        tuple(pictures.classes[label].name for label in sorted(left_out)),
        judged,
        float((shares.argmax(axis=1) == labels).mean()),
        float(np.bincount(labels).max() / len(labels)),
        joint,
        judged[order],
        classes[counted[order]],
        shares[order, labels[order]],
        shares[order, counted[order]],
    )


def confident_joint(
    shares: FloatArray, labels: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The paper's count of labels against the classes that pictures count for.

    Args:
        shares: float32 (M, K), probabilities.
        labels: int64 (M,), 0..K-1, each at least once.

    Returns:
        int64 (K, K), row label, column class; int64 (M,), the class that each picture
        counts for, -1 where none is over its threshold.
    """
    width = shares.shape[1]
    totals = np.bincount(labels, weights=shares[np.arange(len(labels)), labels])
    thresholds = totals / np.bincount(labels)
    over = np.where(shares >= thresholds, shares, -1)
    counted = np.where(over.max(axis=1) >= 0, over.argmax(axis=1), -1)
    sure = counted >= 0
    joint = np.zeros((width, width), np.int64)
    np.add.at(joint, (labels[sure], counted[sure]), 1)
    return joint, counted


def rank(
    shares: FloatArray, labels: NDArray[np.int64], counted: NDArray[np.int64]
) -> Positions:
    """Positions of the pictures that count for another class, the worst first."""
    off = np.flatnonzero((counted >= 0) & (counted != labels))
    margin = shares[off, labels[off]] - shares[off, counted[off]]
    return np.asarray(off[np.argsort(margin, kind="stable")])
