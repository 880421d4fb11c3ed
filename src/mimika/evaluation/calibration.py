"""Temperature scaling: makes probabilities as high as the shares of right answers.

Guo et al., "On Calibration of Modern Neural Networks" (2017), section 4.2: one number
divides all logits, so that the answers stay the same; it is chosen by log loss. Logits
are known, but for a constant that the softmax ignores, as logarithms of probabilities.
Checked against torch's LBFGS and on data drawn at a known temperature.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]  # no types

from mimika.core.preprocess import FloatArray
from mimika.evaluation.reliability import (
    LEAST,
    Bin,
    Labels,
    check_predictions,
    error_by_chance,
    expected_calibration_error,
    log_loss,
    reliability,
)

FOLDS = 5
COLDEST, HOTTEST = 0.05, 20.0


@dataclass(frozen=True)
class Calibration:
    """Probabilities before and after temperature scaling.

    Attributes:
        name: of the set of pictures.
        images: how many these are.
        temperature: fitted on all of them: what the model's logits are to be divided
            by, further to the temperature that they were divided by already.
        folds: how many times, for the figures after it, a temperature was fitted on
            the other pictures, so that none was judged by one fitted on itself.
        before: the bins as the model answered.
        after: the bins of the cross-fitted probabilities.
        ece_before: expected calibration error, 0..1.
        ece_after: the same, cross-fitted.
        ece_by_chance: what perfect probabilities would show on as many pictures.
        nll_before: log loss in nats.
        nll_after: the same, cross-fitted.
    """

    name: str
    images: int
    temperature: float
    folds: int
    before: tuple[Bin, ...]
    after: tuple[Bin, ...]
    ece_before: float
    ece_after: float
    ece_by_chance: float
    nll_before: float
    nll_after: float


def calibrate(
    name: str,
    probabilities: FloatArray,
    labels: Labels,
    groups: Labels | None = None,
) -> Calibration:
    """Fits a temperature and judges it on pictures that it was not fitted on.

    Args:
        name: of the set of pictures.
        probabilities: float32 (N, K), rows sum to 1.
        labels: int64 (N,), 0..K-1.
        groups: see `cross_fitted`.

    Raises:
        ValueError: arrays that do not fit each other, or too few groups.
    """
    after = cross_fitted(probabilities, labels, groups)
    return Calibration(
        name=name,
        images=len(labels),
        temperature=fit_temperature(probabilities, labels),
        folds=FOLDS,
        before=reliability(probabilities, labels),
        after=reliability(after, labels),
        ece_before=expected_calibration_error(probabilities, labels),
        ece_after=expected_calibration_error(after, labels),
        ece_by_chance=error_by_chance(probabilities),
        nll_before=log_loss(probabilities, labels),
        nll_after=log_loss(after, labels),
    )


def fit_temperature(probabilities: FloatArray, labels: Labels) -> float:
    """The temperature at which the log loss is lowest.

    Args:
        probabilities: float32 (N, K), rows sum to 1; whatever temperature they were
            made with, the fitted one multiplies it.
        labels: int64 (N,), 0..K-1.

    Returns:
        0.05..20; above 1 the probabilities were too certain.

    Raises:
        ValueError: arrays that do not fit each other.
    """
    check_predictions(probabilities, labels)
    logits = _logits(probabilities)
    true = logits[np.arange(len(labels)), labels]

    def loss(log_temperature: float) -> float:
        temperature = math.exp(log_temperature)
        totals = np.log(np.exp(logits / temperature).sum(axis=1))
        return float((totals - true / temperature).mean())

    bounds = (math.log(COLDEST), math.log(HOTTEST))
    found = minimize_scalar(loss, bounds=bounds, method="bounded")
    return math.exp(found.x)


def scale(probabilities: FloatArray, temperature: float) -> FloatArray:
    """Probabilities of logits that are divided by a temperature.

    Args:
        probabilities: float32 (N, K), rows sum to 1.
        temperature: above 0.

    Returns:
        float32 (N, K), rows sum to 1, in each the order of before.

    Raises:
        ValueError: a temperature that is not above 0.
    """
    if not temperature > 0:
        raise ValueError(f"expected a temperature above 0, got {temperature}")
    powers = np.exp(_logits(probabilities) / temperature)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def cross_fitted(
    probabilities: FloatArray,
    labels: Labels,
    groups: Labels | None = None,
    folds: int = FOLDS,
    seed: int = 0,
) -> FloatArray:
    """Each fold scaled by the temperature fitted on the others.

    Args:
        probabilities: float32 (N, K), rows sum to 1.
        labels: int64 (N,), 0..K-1.
        groups: int64 (N,), pictures of one group, such as copies, share a fold; None
            where each picture stands for itself.
        folds: at least 2.
        seed: seeds the spread over the folds.

    Returns:
        float32 (N, K), rows sum to 1.

    Raises:
        ValueError: arrays that do not fit each other, or fewer groups than folds.
    """
    check_predictions(probabilities, labels)
    if groups is None:
        groups = np.arange(len(labels))
    names, group_of = np.unique(groups, return_inverse=True)
    if len(groups) != len(labels) or not 2 <= folds <= len(names):
        raise ValueError(
            f"{len(labels)} pictures in {len(names)} groups cannot fill {folds} folds; "
            "expected a group for each picture, and 2 folds up to one a group"
        )
    order = np.random.default_rng(seed).permutation(len(names))
    fold_of = (order % folds)[group_of]
    scaled = np.empty_like(probabilities)
    for fold in range(folds):
        own = fold_of == fold
        temperature = fit_temperature(probabilities[~own], labels[~own])
        scaled[own] = scale(probabilities[own], temperature)
    return scaled


def _logits(probabilities: FloatArray) -> NDArray[np.float64]:
    """float64 (N, K), the largest of each row 0."""
    logs = np.log(np.maximum(probabilities.astype(np.float64), LEAST))
    return np.asarray(logs - logs.max(axis=1, keepdims=True))
