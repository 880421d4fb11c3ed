"""Which pictures train and which judge: by usage, hold-out, folds, clean subsets.

Hold-out and folds are stratified (each part has its share of every class) and grouped
(near-copies stay together, so that no part is judged on pictures it was trained on).
The method is greedy like that of scikit-learn's `StratifiedGroupKFold`, with two
differences: parts may be of different sizes, and lone pictures, most of any data set,
are kept for the end. Groups go from large to small, each to the part that lacks its
pictures most. Lone pictures then fill each class up to within one picture of its share,
unless groups had overfilled a part before; where a class leaves pictures over, they go
to the part that is smallest for its share, so that many small classes add up to it too.
"""

import numpy as np
from numpy.typing import NDArray

from mimika.core.errors import ConfigError, DataError
from mimika.data.duplicates import Duplicates, leakage
from mimika.data.samples import TRAINING

Positions = NDArray[np.int64]
TIE = 1e-6  # weight of a part's size against its classes: decides between equals only
ROUNDING = 1e-9


def by_usage(splits: NDArray[np.str_]) -> dict[str, Positions]:
    """The positions of each split, by its name, in the order of the first pictures.

    Args:
        splits: str (N,), the split of each picture.
    """
    names, first = np.unique(splits, return_index=True)
    ordered = names[np.argsort(first)]
    return {str(name): np.flatnonzero(splits == name) for name in ordered}


def clean(
    duplicates: Duplicates,
    splits: NDArray[np.str_],
    of: str,
    against: str = TRAINING,
) -> Positions:
    """Positions of the pictures of a split without copy or near-copy in another.

    Args:
        duplicates: what was found in all pictures of the data set.
        splits: str (N,), the split of each picture.
        of: the split whose clean pictures are wanted.
        against: the split whose copies make a picture unclean.

    Returns:
        int64 (M,), rising.
    """
    copied = leakage(duplicates, splits, of, against)
    return np.flatnonzero((splits == of) & ~copied)


def holdout(
    labels: NDArray[np.int64], groups: NDArray[np.int64], share: float, seed: int
) -> NDArray[np.bool_]:
    """Chooses pictures to hold out, stratified and grouped.

    Args:
        labels: int64 (N,), the class of each picture, any numbers.
        groups: int64 (N,), pictures of one group stay together.
        share: share of the pictures to hold out, between 0 and 1.
        seed: seeds the choice.

    Returns:
        bool (N,), true where a picture is held out.

    Raises:
        ConfigError: an impossible share.
        DataError: nothing would be held out, or nothing would be left.
    """
    if not 0 < share < 1:
        raise ConfigError(f"a hold-out share of {share}; expected one between 0 and 1")
    have = len(np.unique(groups))
    held = np.zeros(len(labels), bool)
    if have > 1:
        held = _assign(labels, groups, np.array([1 - share, share]), seed) == 1
    if held.all() or not held.any():
        raise DataError(
            f"{len(labels)} pictures in {have} groups of copies cannot be parted into "
            f"{1 - share:g} and {share:g}; expected more pictures, or a share nearer "
            "to a half"
        )
    return held


def kfold(
    labels: NDArray[np.int64], groups: NDArray[np.int64], folds: int, seed: int
) -> NDArray[np.int64]:
    """Spreads pictures over folds, stratified and grouped.

    Args:
        labels: int64 (N,), the class of each picture, any numbers.
        groups: int64 (N,), pictures of one group stay together.
        folds: number of folds, at least 2.
        seed: seeds the choice.

    Returns:
        int64 (N,), the fold of each picture, 0..folds-1; no fold is empty.

    Raises:
        ConfigError: fewer than two folds.
        DataError: fewer groups than folds.
    """
    if folds < 2:
        raise ConfigError(f"{folds} folds; expected at least 2")
    if (have := len(np.unique(groups))) < folds:
        raise DataError(
            f"{len(labels)} pictures in {have} groups of copies cannot fill {folds} "
            f"folds; expected at most {have} folds"
        )
    return _assign(labels, groups, np.full(folds, 1 / folds), seed)


def _assign(
    labels: NDArray[np.int64],
    groups: NDArray[np.int64],
    shares: NDArray[np.float64],
    seed: int,
) -> NDArray[np.int64]:
    """int64 (N,), the part 0..len(shares)-1 of each picture."""
    members, group_of = _members(labels, groups)
    totals = np.unique(labels, return_counts=True)[1]
    lacking = shares[:, None] * totals  # (parts, classes), in pictures
    behind = np.zeros(len(shares))  # pictures that a part lacks of those placed so far
    part = np.empty(len(members), np.int64)
    for group in _order(members, seed):
        classes = members[group]
        wanted = lacking[:, classes]
        if len(classes) > 1:
            chosen = int(np.argmax(wanted.sum(axis=1) + TIE * behind))
        else:
            chosen = _part_of_lone(wanted[:, 0], behind)
        part[group] = chosen
        np.subtract.at(lacking[chosen], classes, 1)
        behind += shares * len(classes)
        behind[chosen] -= len(classes)
    return part[group_of]


def _members(
    labels: NDArray[np.int64], groups: NDArray[np.int64]
) -> tuple[list[NDArray[np.int64]], NDArray[np.int64]]:
    """The classes, 0..K-1, of each group's pictures; the number of each one's group."""
    if len(labels) != len(groups):
        raise ValueError(f"{len(labels)} labels, but {len(groups)} groups")
    class_of = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    group_of = np.unique(groups, return_inverse=True)[1].astype(np.int64)
    by_group = class_of[np.argsort(group_of, kind="stable")]
    ends = np.cumsum(np.bincount(group_of))
    return np.split(by_group, ends[:-1]), group_of


def _order(members: list[NDArray[np.int64]], seed: int) -> NDArray[np.int64]:
    """int64 (G,): groups by size, lone pictures last and by class; else by chance."""
    sizes = np.array([len(classes) for classes in members])
    lone = np.array([classes[0] if len(classes) == 1 else -1 for classes in members])
    chance = np.random.default_rng(seed).permutation(len(members))
    return np.lexsort((chance, lone, -sizes))


def _part_of_lone(lacking: NDArray[np.float64], behind: NDArray[np.float64]) -> int:
    """The part for a lone picture of a class.

    Args:
        lacking: float64 (parts,), pictures of its class that each part lacks.
        behind: float64 (parts,), pictures of any class that it lacks.
    """
    if lacking.max() >= 1 - ROUNDING:
        return int(np.argmax(lacking + TIE * behind))
    return int(np.argmax(np.where(lacking > ROUNDING, behind, -np.inf)))
