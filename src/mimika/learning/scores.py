"""How good each strategy is, how sure that is, and which one is taken.

The deviation is that between the folds of all repeats. Folds share most of their
teaching pictures, so that their mean is less certain than that of independent trials:
its standard error has the correction of Nadeau and Bengio, "Inference for the
Generalization Error" (2003), section 3. The rule of one standard error: Breiman et al.,
"Classification and Regression Trees" (1984), section 3.4.3; among those as good as the
best, the cheapest is taken.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mimika.core.preprocess import FloatArray
from mimika.evaluation.intervals import DRAWS, Interval, percentile_interval
from mimika.learning.folds import Fold

RULE = (
    "the best mean accuracy, or the cheapest strategy (multiply-adds for a picture) "
    "within one standard error of it"
)
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Score:
    """What a strategy reached.

    Attributes:
        name: of the strategy.
        logits: float32 (R, N, K), of each picture when it was held out, by repeat.
        accuracies: of each fold, by repeat.
        mean: share of right answers over all repeats.
        deviation: between folds.
        error: standard error of the mean.
        cost: multiply-adds for a picture.
        effort: 0 for feature extraction, 1 for fine-tuning, 2 from scratch; decides
            between equal costs.
    """

    name: str
    logits: FloatArray
    accuracies: tuple[float, ...]
    mean: float
    deviation: float
    error: float
    cost: int
    effort: int


@dataclass(frozen=True)
class Paired:
    """A strategy against the best one, picture by picture.

    Attributes:
        name: of the strategy.
        difference: its share of right answers less that of the best, with its 95 %
            interval over groups of pictures.
    """

    name: str
    difference: Interval


def score(
    name: str,
    logits: FloatArray,
    labels: Labels,
    folds: Sequence[Fold],
    *,
    cost: int,
    effort: int,
) -> Score:
    """Counts right answers.

    Args:
        name: of the strategy.
        logits: float32 (R, N, K).
        labels: int64 (N,).
        folds: all of them.
        cost: see `Score`.
        effort: see `Score`.
    """
    right = right_of(logits, labels)
    parts = [float(right[fold.repeat, fold.judge].mean()) for fold in folds]
    deviation = float(np.std(parts, ddof=1)) if len(parts) > 1 else 0.0
    share = len(folds[0].judge) / len(folds[0].teach)
    error = deviation * math.sqrt(1 / len(parts) + share)
    mean = float(right.mean())
    return Score(name, logits, tuple(parts), mean, deviation, error, cost, effort)


def choose(scores: Sequence[Score]) -> Score:
    """The strategy that is taken; see `RULE`."""
    best = max(scores, key=lambda one: one.mean)
    floor = best.mean - best.error
    good = [one for one in scores if one.mean >= floor - 1e-12]
    return min(good, key=lambda one: (one.cost, one.effort, -one.mean))


def pair(one: Score, best: Score, labels: Labels, groups: Labels) -> Paired:
    """A strategy against the best one.

    Args:
        one: any strategy.
        best: the one to compare with.
        labels: int64 (N,).
        groups: int64 (N,), copies share a group; groups are drawn with replacement.
    """
    gap = right_of(one.logits, labels).mean(axis=0) - right_of(
        best.logits, labels
    ).mean(axis=0)
    names, group_of = np.unique(groups, return_inverse=True)
    totals = np.bincount(group_of, gap)
    sizes = np.bincount(group_of)
    drawn = np.random.default_rng(0).integers(0, len(names), (DRAWS, len(names)))
    shares = totals[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    return Paired(one.name, percentile_interval(float(gap.mean()), shares))


def right_of(logits: FloatArray, labels: Labels) -> NDArray[np.float64]:
    """Whether each answer is right: float64 (R, N), 0 or 1."""
    return np.asarray(logits.argmax(axis=2) == labels, np.float64)
