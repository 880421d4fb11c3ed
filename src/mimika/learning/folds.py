"""Which pictures judge and which teach: repeated stratified folds, grouped by copies.

Every strategy is judged on the same folds, so that strategies are compared picture by
picture. Each repeat has a seed of its own, for the folds and for the training.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mimika.core.errors import DataError
from mimika.data.splits import kfold
from mimika.learning.photographs import Photographs

Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Fold:
    """One division of the pictures.

    Attributes:
        repeat: counted from 0.
        number: of the fold in its repeat, from 0.
        seed: for what is drawn in training.
        teach: int64, positions to learn from.
        judge: int64, positions to answer.
    """

    repeat: int
    number: int
    seed: int
    teach: Positions
    judge: Positions


def fold_count(photographs: Photographs, wanted: int) -> int:
    """How many folds there can be, so that every class is in each side of each.

    Args:
        photographs: what is divided.
        wanted: number of folds, at least 2.

    Raises:
        DataError: all pictures of a class are copies of one.
    """
    fewest = min(
        len(np.unique(photographs.groups[photographs.labels == label]))
        for label in np.unique(photographs.labels)
    )
    if fewest < 2:
        raise DataError(
            f"{photographs.name}: all pictures of a class are copies of one another; "
            "expected at least two different ones of each class"
        )
    return min(wanted, fewest)


def plan_folds(
    photographs: Photographs, folds: int, repeats: int, seed: int
) -> Iterator[Fold]:
    """All folds, one repeat after the other.

    Args:
        photographs: what is divided.
        folds: as `fold_count` gave.
        repeats: how often.
        seed: of the first repeat; the others follow.
    """
    for repeat in range(repeats):
        part = kfold(photographs.labels, photographs.groups, folds, seed + repeat)
        for number in range(folds):
            judge = part == number
            yield Fold(
                repeat,
                number,
                seed + repeat,
                np.flatnonzero(~judge),
                np.flatnonzero(judge),
            )
