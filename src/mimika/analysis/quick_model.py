"""A quick model's probabilities for pictures it was not fitted on.

Random Fourier features of a Gaussian kernel (Rahimi and Recht, "Random Features for
Large-Scale Kernel Machines", 2007), ridge regression on one-hot labels, and a
multinomial logistic regression from its scores to probabilities. The sums that the
ridge needs are made once for each fold and subtracted from their total, so that five
folds cost little more than one fit.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from mimika.core.preprocess import FloatArray

FOLDS = 5
MOST_WAVES = 2048
RIDGE = 0.5  # times the number of pictures over that of the waves
CHUNK = 2048
NARROW = 0.75  # the median distance of two pictures over the kernel's width
Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Sums:
    """What ridge regression needs of some pictures: X'X (D, D) and X'Y (D, K)."""

    square: Floats
    product: Floats


def out_of_fold(
    features: FloatArray,
    labels: Labels,
    groups: NDArray[np.int64],
    seed: int,
    progress: Callable[[float], None],
) -> FloatArray:
    """Probabilities of the classes by models that have not seen the picture.

    Args:
        features: float32 (N, D).
        labels: int64 (N,), 0..K-1, each class at least once.
        groups: int64 (N,); pictures of one group are in one fold, so that no copy of a
            picture is among those a model is fitted on.
        seed: draws folds and waves.
        progress: called with the share that is done.

    Returns:
        float32 (N, K), rows sum to 1.
    """
    rng = np.random.default_rng(seed)
    folds = grouped_folds(groups, rng)
    waves = _waves(features, rng)
    count = int(labels.max()) + 1
    sums = []
    for fold in range(FOLDS):
        sums.append(_sum(waves, labels, np.flatnonzero(folds == fold), count))
        progress(0.8 * (fold + 1) / FOLDS)
    scores = np.zeros((len(labels), count))
    for fold in range(FOLDS):
        rest = [part for number, part in enumerate(sums) if number != fold]
        members = int((folds != fold).sum())
        coefficients = _solve(rest, RIDGE * max(members, 1))
        chosen = folds == fold
        scores[chosen] = waves[chosen] @ coefficients
    return _probabilities(scores, labels, folds)


def grouped_folds(groups: NDArray[np.int64], rng: np.random.Generator) -> Labels:
    """int64 (N,), the fold of each picture: by chance, but one for a whole group."""
    _, number = np.unique(groups, return_inverse=True)
    drawn = rng.permutation(int(number.max()) + 1) % FOLDS
    return np.asarray(drawn[number])


def _waves(features: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Random Fourier features float32 (N, W) with a constant in the last column."""
    sample = features[rng.permutation(len(features))[:400]]
    squared = ((sample[:, None] - sample[None]) ** 2).sum(axis=2)
    apart = squared[squared > 0]
    width = np.sqrt(np.median(apart) / 2) / NARROW if apart.size else 1.0
    count = int(min(MOST_WAVES, 64 + 2 * len(features)))
    directions = rng.standard_normal((features.shape[1], count // 2)) / width
    angles = features @ directions.astype(np.float32)
    waves = [np.cos(angles), np.sin(angles), np.ones((len(angles), 1), np.float32)]
    scaled = np.concatenate(waves, axis=1)
    scaled[:, :-1] *= np.sqrt(2 / count)
    return scaled


def _sum(waves: FloatArray, labels: Labels, members: Labels, classes: int) -> Sums:
    width = waves.shape[1]
    square, product = np.zeros((width, width)), np.zeros((width, classes))
    for start in range(0, len(members), CHUNK):
        chosen = members[start : start + CHUNK]
        chunk = waves[chosen]
        square += chunk.T @ chunk
        product += chunk.T @ np.eye(classes, dtype=np.float32)[labels[chosen]]
    return Sums(square, product)


def _solve(parts: list[Sums], ridge: float) -> Floats:
    square = np.sum([part.square for part in parts], axis=0)
    product = np.sum([part.product for part in parts], axis=0)
    penalty = np.full(len(square), ridge / len(square))
    penalty[-1] = 1e-6  # the constant is free
    return np.asarray(np.linalg.solve(square + np.diag(penalty), product))


def _probabilities(scores: Floats, labels: Labels, folds: Labels) -> FloatArray:
    """Turns scores into probabilities by a model of the other folds' scores."""
    scaled = scores / max(float(scores.std()), 1e-9)
    found = np.zeros(scores.shape, np.float32)
    for fold in range(FOLDS):
        chosen, rest = folds == fold, folds != fold
        if not chosen.any():
            continue
        present = np.unique(labels[rest])
        if len(present) < 2:
            found[chosen] = 1 / scores.shape[1]
            continue
        fit = LogisticRegression(max_iter=300).fit(scaled[rest], labels[rest])
        found[np.ix_(chosen, fit.classes_)] = fit.predict_proba(scaled[chosen])
    return found
