"""Class balance: counts by class and split, how uneven they are, and the weights."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mimika.analysis.pictures import Pictures


@dataclass(frozen=True)
class SplitBalance:
    """The classes of one split.

    Attributes:
        split: its name.
        pictures: number of its pictures.
        unlabelled: of these without a label.
        counts: pictures by class.
        ratio: largest class over the smallest that is not empty; None without labels.
        majority: share of the largest class among the labelled: the accuracy of a
            model that always names it; None without labels.
        distance: total variation distance of the class shares from those of the
            training split, 0..1; None for that split itself and without labels.
        by_chance: what that distance would be on average if both splits were drawn
            from one set: small splits differ without any reason.
    """

    split: str
    pictures: int
    unlabelled: int
    counts: tuple[int, ...]
    ratio: float | None
    majority: float | None
    distance: float | None
    by_chance: float | None


@dataclass(frozen=True)
class Balance:
    """Class balance of a data set.

    Attributes:
        splits: the training split first.
        weights: by class, what makes every class count the same in the loss of the
            training split: N / (K * count), with K the classes that occur; None for a
            class that has no picture there.
        empty: names of classes without any picture.
        single: names of classes with one picture only.
        same_but_case: groups of names that differ in letter case only.
    """

    splits: tuple[SplitBalance, ...]
    weights: tuple[float | None, ...]
    empty: tuple[str, ...]
    single: tuple[str, ...]
    same_but_case: tuple[tuple[str, ...], ...]


def measure_balance(pictures: Pictures) -> Balance:
    """Counts classes by split."""
    names = [label.name for label in pictures.classes]
    training = _counts(pictures, pictures.training)
    splits = tuple(_split(pictures, name, training) for name in pictures.split_names)
    total = np.sum([split.counts for split in splits], axis=0)
    return Balance(
        splits,
        _weights(training),
        tuple(name for name, count in zip(names, total, strict=True) if count == 0),
        tuple(name for name, count in zip(names, total, strict=True) if count == 1),
        same_but_case(names),
    )


def same_but_case(names: list[str]) -> tuple[tuple[str, ...], ...]:
    """Groups of names that are one name where letter case does not count."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(name.casefold(), []).append(name)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _counts(pictures: Pictures, split: str) -> NDArray[np.int64]:
    chosen = pictures.labelled & (pictures.splits == split)
    counts = np.bincount(pictures.labels[chosen], minlength=len(pictures.classes))
    return np.asarray(counts, np.int64)


def _split(pictures: Pictures, name: str, training: NDArray[np.int64]) -> SplitBalance:
    counts = _counts(pictures, name)
    size, labelled = int((pictures.splits == name).sum()), int(counts.sum())
    ratio = majority = distance = by_chance = None
    if labelled:
        ratio = float(counts.max() / counts[counts > 0].min())
        majority = float(counts.max() / labelled)
    if labelled and name != pictures.training and training.sum():
        shares = counts / labelled, training / training.sum()
        distance = float(np.abs(shares[0] - shares[1]).sum() / 2)
        by_chance = _distance_by_chance(counts, training)
    return SplitBalance(
        name,
        size,
        size - labelled,
        tuple(counts.tolist()),
        ratio,
        majority,
        distance,
        by_chance,
    )


def _distance_by_chance(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """Mean total variation distance of two samples of one set, taken as normal."""
    shares = (one + other) / (one + other).sum()
    variance = shares * (1 - shares) * (1 / one.sum() + 1 / other.sum())
    return float(np.sqrt(variance * 2 / np.pi).sum() / 2)


def _weights(counts: NDArray[np.int64]) -> tuple[float | None, ...]:
    occurring = int((counts > 0).sum())
    total = int(counts.sum())
    return tuple(total / (occurring * n) if n else None for n in counts.tolist())
