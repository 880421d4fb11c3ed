"""Which pictures train and which judge: by usage, hold-out, folds, clean subsets.

Hold-out and folds are stratified (each part has its share of every class) and grouped
(near-copies stay together, so that no part is judged on pictures it was trained on).
The method is that of scikit-learn's `StratifiedGroupKFold`, a greedy one, with two
differences: parts may be of different sizes, and what a group still lacks is measured
in pictures of each class rather than in the spread of shares. Groups go from large to
small, each to the part that lacks its pictures most; the lone pictures, most of any
data set, go last and fill each class up to within one picture of its share, unless
groups had overfilled a part before.
"""

import numpy as np
from numpy.typing import NDArray

from mimika.core.errors import ConfigError, DataError
from mimika.data.duplicates import Duplicates, leakage
from mimika.data.samples import TRAINING

Positions = NDArray[np.int64]
TIE = 1e-6  # weight of a part's total against its classes: decides between equals only


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
    part = _assign(labels, groups, np.array([1 - share, share]), seed)
    held: NDArray[np.bool_] = part == 1
    if held.all() or not held.any():
        raise DataError(
            f"{len(labels)} pictures in {len(np.unique(groups))} groups of copies "
            f"cannot be parted into {1 - share:g} and {share:g}; expected more "
            "pictures, or a share nearer to a half"
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
    counts, group_of = _class_counts(labels, groups)
    order = np.random.default_rng(seed).permutation(len(counts))
    order = order[np.argsort(-counts.sum(axis=1)[order], kind="stable")]
    lacking = shares[:, None] * counts.sum(axis=0)  # (parts, classes), in pictures
    part = np.empty(len(counts), np.int64)
    for group in order:
        size = counts[group]
        part[group] = np.argmax(lacking @ size + TIE * lacking.sum(axis=1))
        lacking[part[group]] -= size
    return part[group_of]


def _class_counts(
    labels: NDArray[np.int64], groups: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pictures of each class in each group, (G, K), and the row of each picture."""
    if len(labels) != len(groups):
        raise ValueError(f"{len(labels)} labels, but {len(groups)} groups")
    classes, class_of = np.unique(labels, return_inverse=True)
    names, group_of = np.unique(groups, return_inverse=True)
    counts = np.zeros((len(names), len(classes)), np.int64)
    np.add.at(counts, (group_of, class_of), 1)
    return counts, group_of.astype(np.int64)
