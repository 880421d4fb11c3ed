"""Pictures that stand for a class: its mean, its medoids, chance ones, odd ones."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mimika.analysis.pictures import Pictures
from mimika.core.preprocess import FloatArray, UInt8Array

SHOWN = 6  # pictures of each kind
NEIGHBOURS = 5  # distance to the fifth nearest of its class says how odd one is
MOST_COMPARED = 4000  # pictures of a class that all of its pictures are compared with
CHUNK = 1024
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Representatives:
    """Pictures that stand for one class.

    Attributes:
        label: number of the class.
        mean: uint8 (S, S), the mean picture.
        medoids: int64, those nearest to all others of their class, the nearest first.
        random: int64, drawn by chance.
        atypical: int64, those farthest from their like, the farthest first.
    """

    label: int
    mean: UInt8Array
    medoids: Positions
    random: Positions
    atypical: Positions


def find_representatives(
    pictures: Pictures, features: FloatArray, usable: NDArray[np.bool_], seed: int
) -> tuple[Representatives, ...]:
    """Chooses pictures of every class that has one.

    Args:
        pictures: the data set.
        features: float32 (N, D), see `features`.
        usable: bool (N,): blank pictures and the copies of another are left out.
        seed: for the random ones.
    """
    rng = np.random.default_rng(seed)
    found = []
    for label in range(len(pictures.classes)):
        members = np.flatnonzero((pictures.labels == label) & usable)
        if len(members):
            found.append(_of_class(pictures, features, members, (label, rng)))
    return tuple(found)


def _of_class(
    pictures: Pictures,
    features: FloatArray,
    members: Positions,
    drawing: tuple[int, np.random.Generator],
) -> Representatives:
    label, rng = drawing
    centrality, oddity = distances(features[members], rng)
    mean = pictures.images[members].mean(axis=0, dtype=np.float64)
    # what is typical of a class of one or two cannot be told
    odd = members[np.argsort(-oddity, kind="stable")[:SHOWN]]
    return Representatives(
        label,
        mean.round().astype(np.uint8),
        members[np.argsort(centrality, kind="stable")[:SHOWN]],
        rng.permutation(members)[:SHOWN],
        odd if len(members) > NEIGHBOURS else members[:0],
    )


def distances(
    features: FloatArray, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """How central and how odd each picture of a class is.

    Args:
        features: float32 (M, D), of one class.
        rng: draws the pictures to compare with where there are more than 4,000.

    Returns:
        float32 (M,), the mean distance to the others, and float32 (M,), that to the
        fifth nearest of them (or the farthest, of fewer).
    """
    others = features[rng.permutation(len(features))[:MOST_COMPARED]]
    lengths = (others**2).sum(axis=1)
    nearest = min(NEIGHBOURS, len(others) - 1)
    means, oddities = [], []
    for start in range(0, len(features), CHUNK):
        chunk = features[start : start + CHUNK]
        squared = (chunk**2).sum(axis=1)[:, None] + lengths - 2 * chunk @ others.T
        apart = np.sqrt(np.maximum(squared, 0))
        means.append(apart.mean(axis=1))
        oddities.append(np.partition(apart, nearest, axis=1)[:, nearest])
    return np.concatenate(means), np.concatenate(oddities)
