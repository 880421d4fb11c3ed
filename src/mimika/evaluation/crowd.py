"""Beside crowd votes: how far a model's probabilities are from what people saw.

The divergence of Kullback and Leibler, "On Information and Sufficiency" (1951), from
the shares of the votes to the probabilities. Checked against SciPy's `entropy`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mimika.core.preprocess import FloatArray
from mimika.evaluation.intervals import Interval, wilson_interval
from mimika.evaluation.reliability import LEAST, Labels


@dataclass(frozen=True)
class Crowd:
    """A model and the labels against votes.

    Attributes:
        images: pictures with at least one vote for a class.
        divergence: mean Kullback-Leibler divergence from votes to probabilities, nats.
        agreement: share of pictures whose answer is a first choice of the raters.
        label_agreement: the same share for the data set's labels.
    """

    images: int
    divergence: float
    agreement: Interval
    label_agreement: Interval


def against_votes(
    probabilities: FloatArray, labels: Labels, counts: NDArray[np.int64]
) -> Crowd | None:
    """Compares probabilities and labels with votes.

    Args:
        probabilities: float32 (N, K), rows sum to 1.
        labels: int64 (N,), 0..K-1.
        counts: int64 (N, K), votes for each class; pictures without any are left out.

    Returns:
        None where no picture has votes.

    Raises:
        ValueError: votes of another shape than the probabilities.
    """
    if counts.shape != probabilities.shape:
        raise ValueError(
            f"expected votes of shape {probabilities.shape}, got {counts.shape}"
        )
    used = counts.sum(axis=1) > 0
    if not used.any():
        return None
    counts = counts[used]
    shares = counts / counts.sum(axis=1, keepdims=True)
    likely = np.maximum(probabilities[used].astype(np.float64), LEAST)
    # a class without a vote adds nothing
    parts = shares * (np.log(np.where(shares > 0, shares, 1)) - np.log(likely))
    first = counts == counts.max(axis=1, keepdims=True)
    number = np.arange(len(counts))

    def agreement(classes: Labels) -> Interval:
        return wilson_interval(int(first[number, classes].sum()), len(counts))

    return Crowd(
        len(counts),
        float(parts.sum(axis=1).mean()),
        agreement(likely.argmax(axis=1)),
        agreement(labels[used]),
    )
