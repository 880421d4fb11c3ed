"""Crowd votes beside the labels: how far people agree with them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mimika.analysis.pictures import Pictures
from mimika.data.votes import Counts, Votes


@dataclass(frozen=True)
class Agreement:
    """How far the votes agree with the labels.

    Attributes:
        pictures: labelled pictures with at least one vote for a class.
        agreement: share of these whose label has the most votes; a tie of m classes
            counts 1/m.
        by_split: the same by split.
        unanimous: how many pictures have all votes of all raters on one class.
        unanimous_agreement: share of these whose label is that class; None of none.
        without_a_vote: share whose label nobody voted for.
        matrix: float64 (K, K), pictures by label (row) and most voted class (column).
    """

    pictures: int
    agreement: float
    by_split: dict[str, float]
    unanimous: int
    unanimous_agreement: float | None
    without_a_vote: float
    matrix: NDArray[np.float64]


@dataclass(frozen=True)
class SuspectsCheck:
    """Whether the raters, too, are against the labels that the quick model suspects.

    Attributes:
        first: how many of the most suspect were looked at, those with votes.
        against: share of these whose label is not the raters' first choice.
        against_all: the same share of all pictures with votes.
    """

    first: int
    against: float
    against_all: float


def measure_agreement(pictures: Pictures, votes: Votes) -> Agreement | None:
    """Compares votes with labels; None where no labelled picture has votes."""
    labels = pictures.labels[votes.positions]
    used = (votes.counts.sum(axis=1) > 0) & (labels >= 0)
    if not used.any():
        return None
    labels, counts = labels[used], votes.counts[used]
    splits = pictures.splits[votes.positions[used]]
    leading = counts == counts.max(axis=1, keepdims=True)
    shares = leading / leading.sum(axis=1, keepdims=True)  # (V, K), a tie shares
    agree = shares[np.arange(len(labels)), labels]
    matrix = np.zeros((counts.shape[1], counts.shape[1]))
    np.add.at(matrix, labels, shares)
    elsewhere = votes.others[used] + (
        0 if votes.no_face is None else votes.no_face[used]
    )
    unanimous = (counts.max(axis=1) == counts.sum(axis=1)) & (elsewhere == 0)
    return Agreement(
        len(labels),
        float(agree.mean()),
        {
            name: float(agree[splits == name].mean())
            for name in pictures.split_names
            if (splits == name).any()
        },
        int(unanimous.sum()),
        float(agree[unanimous].mean()) if unanimous.any() else None,
        float((counts[np.arange(len(labels)), labels] == 0).mean()),
        matrix,
    )


def check_suspects(
    pictures: Pictures, votes: Votes, suspects: Counts, first: int = 500
) -> SuspectsCheck | None:
    """Compares the most suspect labels with the votes.

    Args:
        pictures: the data set.
        votes: of the raters.
        suspects: int64 (S,), positions, the most suspect first.
        first: how many to look at.

    Returns:
        None where none of them has votes.
    """
    against = np.full(len(pictures), -1, np.int64)
    labels = pictures.labels[votes.positions]
    used = (votes.counts.sum(axis=1) > 0) & (labels >= 0)
    counts = votes.counts[used]
    own = counts[np.arange(len(counts)), labels[used]]
    against[votes.positions[used]] = own < counts.max(axis=1)
    looked_at = against[suspects]
    looked_at = looked_at[looked_at >= 0][:first]
    if not len(looked_at):
        return None
    return SuspectsCheck(
        len(looked_at), float(looked_at.mean()), float(against[against >= 0].mean())
    )
