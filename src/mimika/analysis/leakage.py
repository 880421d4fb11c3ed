"""What the search for duplicates means for the data set: groups, conflicts, leakage."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mimika.analysis.pictures import Pictures
from mimika.data.duplicates import Duplicates, leakage
from mimika.data.samples import UNLABELLED

Positions = NDArray[np.int64]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class GroupFacts:
    """Groups of copies in the whole data set.

    Attributes:
        groups: number of groups of two or more.
        pictures: pictures in them.
        redundant: pictures more than one of each group.
        largest: size of the largest group.
        labelled: groups with at least two labelled pictures.
        conflicting: of these, groups with more than one label.
    """

    groups: int
    pictures: int
    redundant: int
    largest: int
    labelled: int
    conflicting: int


@dataclass(frozen=True)
class SplitLeakage:
    """Pictures of one split with a copy in the training split.

    Attributes:
        split: its name.
        pictures: its size.
        exact: how many are pixel-identical to a picture of the training split.
        near: how many are copies or near-copies of one.
        by_class: near, as share of each class; None where there are no labels.
    """

    split: str
    pictures: int
    exact: int
    near: int
    by_class: tuple[float | None, ...]


@dataclass(frozen=True)
class Copies:
    """Duplicates of a data set.

    Attributes:
        exact: facts about groups of pixel-identical pictures.
        near: facts about groups of near-copies, exact ones among them.
        kinds: number of pairs by kind.
        splits: leakage of every split but the training split.
        inside: near-copies inside each split: pictures more than one of each group.
        conflicts: groups of near-copies with more than one label, the largest first.
        across: groups that lie in more than one split, the largest first.
        changed: pairs of positions that are mirrored or shifted, the surest first.
    """

    exact: GroupFacts
    near: GroupFacts
    kinds: dict[str, int]
    splits: tuple[SplitLeakage, ...]
    inside: dict[str, int]
    conflicts: tuple[Positions, ...]
    across: tuple[Positions, ...]
    changed: tuple[Positions, ...]


def measure_copies(pictures: Pictures, duplicates: Duplicates) -> Copies:
    """Counts copies, conflicting labels and leakage."""
    groups = members_of_groups(duplicates.groups)
    exact = members_of_groups(duplicates.exact_groups)
    kinds, counts = np.unique(duplicates.kinds, return_counts=True)
    others = [n for n in pictures.split_names if n != pictures.training]
    return Copies(
        _facts(exact, pictures.labels),
        _facts(groups, pictures.labels),
        dict(zip(kinds.tolist(), counts.tolist(), strict=True)),
        tuple(_leakage(pictures, duplicates, name) for name in others),
        {
            name: _redundant(duplicates.groups[pictures.splits == name])
            for name in pictures.split_names
        },
        tuple(g for g in groups if len(_labels_of(g, pictures.labels)) > 1),
        tuple(g for g in groups if len(set(pictures.splits[g].tolist())) > 1),
        _changed(duplicates),
    )


def members_of_groups(groups: NDArray[np.int64]) -> list[Positions]:
    """The members of every group of two or more, the largest group first."""
    order = np.argsort(groups, kind="stable")
    _, starts = np.unique(groups[order], return_index=True)
    parts = np.split(order, starts[1:])
    several = [part for part in parts if len(part) > 1]
    return sorted(several, key=lambda part: (-len(part), int(part[0])))


def _labels_of(group: Positions, labels: Labels) -> set[int]:
    return set(labels[group].tolist()) - {UNLABELLED}


def _facts(groups: list[Positions], labels: Labels) -> GroupFacts:
    sizes = [len(group) for group in groups]
    known = [int((labels[group] != UNLABELLED).sum()) for group in groups]
    kinds = [len(_labels_of(group, labels)) for group in groups]
    return GroupFacts(
        len(groups),
        sum(sizes),
        sum(sizes) - len(groups),
        max(sizes, default=0),
        sum(number > 1 for number in known),
        sum(number > 1 for number in kinds),
    )


def _leakage(pictures: Pictures, duplicates: Duplicates, split: str) -> SplitLeakage:
    splits, training = pictures.splits, pictures.training
    exact = leakage(duplicates, splits, split, training, exact=True)
    near = leakage(duplicates, splits, split, training)
    chosen = splits == split
    shares: list[float | None] = []
    for label in range(len(pictures.classes)):
        members = chosen & (pictures.labels == label)
        shares.append(float(near[members].mean()) if members.any() else None)
    return SplitLeakage(
        split, int(chosen.sum()), int(exact.sum()), int(near.sum()), tuple(shares)
    )


def _redundant(groups: NDArray[np.int64]) -> int:
    return len(groups) - len(np.unique(groups))


def _changed(duplicates: Duplicates) -> tuple[Positions, ...]:
    changed = np.flatnonzero(np.isin(duplicates.kinds, ("mirrored", "shifted")))
    order = changed[np.argsort(-duplicates.similarity[changed], kind="stable")]
    return tuple(duplicates.pairs[order])
