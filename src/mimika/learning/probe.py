"""A linear classifier on frozen features: multinomial logistic regression.

Alain and Bengio, "Understanding intermediate layers using linear classifier probes"
(2016). Features are standardised on the pictures that are learned from; the
standardisation is then folded into the weights, so that the result is one linear layer.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from mimika.core.preprocess import FloatArray

# inverse strength of the penalty; on standardised features 0.005 to 0.1 differ little
STRENGTH = 0.02
ITERATIONS = 1000
UNKNOWN = -30.0  # logit of a class without pictures
LEAST_DEVIATION = 1e-3


@dataclass(frozen=True)
class Linear:
    """A linear layer.

    Attributes:
        weight: float32 (K, F).
        bias: float32 (K,).
    """

    weight: FloatArray
    bias: FloatArray

    def logits(self, features: FloatArray) -> FloatArray:
        """float32 (N, K) of features float32 (N, F)."""
        return np.asarray(features @ self.weight.T + self.bias, np.float32)


def fit_probe(
    views: NDArray[np.float32], labels: NDArray[np.int64], classes: int
) -> Linear:
    """Learns a linear classifier.

    Args:
        views: float32 (V, N, F), features of each picture in V views, which together
            count as one picture.
        labels: int64 (N,), 0..K-1, at least two different ones.
        classes: K.
    """
    count = len(views)
    flat = views.reshape(-1, views.shape[2]).astype(np.float64)
    mean = flat.mean(axis=0)
    deviation = np.maximum(flat.std(axis=0), LEAST_DEVIATION)
    model = LogisticRegression(C=STRENGTH, max_iter=ITERATIONS)
    model.fit(
        (flat - mean) / deviation,
        np.tile(labels, count),
        np.full(len(flat), 1 / count),
    )
    known = model.classes_
    coefficients, intercept = model.coef_, model.intercept_
    if len(known) == 2:  # one row for both: half of it each
        coefficients = np.concatenate([-coefficients, coefficients]) / 2
        intercept = np.concatenate([-intercept, intercept]) / 2
    weight = np.zeros((classes, flat.shape[1]))
    bias = np.full(classes, UNKNOWN)
    weight[known] = coefficients / deviation
    bias[known] = intercept - weight[known] @ mean
    return Linear(weight.astype(np.float32), bias.astype(np.float32))
