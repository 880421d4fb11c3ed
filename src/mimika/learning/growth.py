"""The learning curve: how accuracy grows with the number of pictures.

Each fold's teaching pictures are reduced at random, class by class, and the strategy is
judged on the same held-out pictures.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mimika.learning.folds import Fold
from mimika.learning.scores import right_of
from mimika.learning.strategies import Strategy

SHARES = (0.25, 0.5, 0.75)
LEAST_EACH = 2  # pictures of a class
CLEAR = 1.0  # standard errors that a rise has to have to be one

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Point:
    """Accuracy after learning from some pictures.

    Attributes:
        pictures: how many, on average over folds.
        mean: share of right answers.
        error: standard error over the judged pictures.
    """

    pictures: int
    mean: float
    error: float


def learning_curve(
    strategy: Strategy,
    labels: NDArray[np.int64],
    folds: Sequence[Fold],
    whole: NDArray[np.float64],
    progress: Progress,
) -> tuple[Point, ...]:
    """Judges a strategy with fewer pictures.

    Args:
        strategy: the one that is taken.
        labels: int64 (N,).
        folds: those of one or of more repeats.
        whole: float64 (R, N), whether its answers are right after learning from all
            teaching pictures of each fold.
        progress: called with the share that is done, 0..1.

    Returns:
        By number of pictures; the last is that of `whole`.
    """
    points = []
    for number, share in enumerate(SHARES):
        right = np.zeros((folds[-1].repeat + 1, len(labels)))
        sizes = []
        for done, fold in enumerate(folds, start=1):
            teach = fewer(fold, labels, share)
            sizes.append(len(teach))
            logits = strategy.answers(teach, fold.judge, fold.seed)
            right[fold.repeat, fold.judge] = right_of(logits[None], labels[fold.judge])[
                0
            ]
            progress((number + done / len(folds)) / len(SHARES))
        points.append(_point(round(float(np.mean(sizes))), right))
    size = round(float(np.mean([len(fold.teach) for fold in folds])))
    points.append(_point(size, whole))
    distinct = {point.pictures: point for point in points}
    return tuple(distinct[size] for size in sorted(distinct))


def fewer(fold: Fold, labels: NDArray[np.int64], share: float) -> NDArray[np.int64]:
    """Some of a fold's teaching pictures, the same share of each class."""
    rng = np.random.default_rng([fold.seed, fold.number, round(100 * share)])
    kept = []
    for label in np.unique(labels[fold.teach]):
        own = fold.teach[labels[fold.teach] == label]
        count = min(len(own), max(LEAST_EACH, round(share * len(own))))
        kept.append(rng.permutation(own)[:count])
    return np.sort(np.concatenate(kept))


def sentence(points: Sequence[Point]) -> str:
    """Whether more pictures would help, in words."""
    if len(points) < 2:
        return "There are too few pictures to say whether more would help."
    before, last = points[-2], points[-1]
    rise = last.mean - before.mean
    words = (
        f"From {before.pictures} to {last.pictures} pictures accuracy went from "
        f"{100 * before.mean:.1f} % to {100 * last.mean:.1f} %"
    )
    # both are about the same pictures, so that their difference is better known
    spread = max(last.error, before.error)
    if rise > CLEAR * spread:
        return f"{words}: it is still rising, and more pictures would help."
    if last.mean > 1 - spread:
        return f"{words}: there is hardly anything left to gain from more pictures."
    if last.mean - points[0].mean > CLEAR * spread:
        return f"{words}: it has levelled off, and more of the same would help little."
    return (
        f"{words}, no more than by chance: more pictures of the same kind would hardly "
        "help; clearer ones, or other classes, might."
    )


def _point(pictures: int, right: NDArray[np.float64]) -> Point:
    by_picture = right.mean(axis=0)
    error = float(by_picture.std(ddof=1) / np.sqrt(len(by_picture)))
    return Point(pictures, float(right.mean()), error)
