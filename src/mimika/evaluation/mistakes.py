"""The answers that were most certain and wrong."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mimika.core.preprocess import FloatArray
from mimika.evaluation.reliability import Labels

MOST = 60


@dataclass(frozen=True)
class Mistake:
    """A wrong answer.

    Attributes:
        place: position of the picture among those that were judged.
        row: where it stood in its source.
        true: number of its class.
        answer: number of the class that the model named.
        confidence: the answer's probability.
        true_probability: that of its class.
    """

    place: int
    row: int
    true: int
    answer: int
    confidence: float
    true_probability: float


def confident_mistakes(
    probabilities: FloatArray, labels: Labels, rows: NDArray[np.int64], most: int = MOST
) -> tuple[Mistake, ...]:
    """The most certain mistakes of each class, so that no class hides the others.

    Args:
        probabilities: float32 (N, K), rows sum to 1.
        labels: int64 (N,), 0..K-1.
        rows: int64 (N,), where each picture stood in its source.
        most: how many in all; each class has an equal share of them, at least one,
            the first classes where there are more classes than that.

    Returns:
        By true class, in each the most certain first.
    """
    answers = probabilities.argmax(axis=1)
    confidence = probabilities.max(axis=1)
    order = np.lexsort((-confidence, labels))
    wrong = order[answers[order] != labels[order]]
    each = max(1, most // probabilities.shape[1])
    chosen = [wrong[labels[wrong] == k][:each] for k in np.unique(labels[wrong])]
    return tuple(
        Mistake(
            place,
            int(rows[place]),
            int(labels[place]),
            int(answers[place]),
            float(confidence[place]),
            float(probabilities[place, labels[place]]),
        )
        for place in np.concatenate([*chosen, wrong[:0]])[:most].tolist()
    )
