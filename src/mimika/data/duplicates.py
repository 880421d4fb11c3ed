"""Pictures that stand in a data set more than once: copies, and near-copies.

Near-copies are pictures whose pixels correlate at more than a threshold, as they stand
or mirrored (`near_pairs`, exact), and those that show the same photograph shifted by
some pixels or cropped (`shifted_pairs`). 0.93 is the level at which pairs of FER2013
are nearly all the same photograph: `docs/data.md` says what was looked at.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mimika.core.errors import ConfigError, DataError
from mimika.core.preprocess import FloatArray, UInt8Array
from mimika.data.near_pairs import NearPairs, aligned_pairs
from mimika.data.samples import TRAINING
from mimika.data.shifted_pairs import shifted_pairs

THRESHOLD = 0.93
LEAST = 0.85  # under this correlation, pictures of one kind are alike by chance
ALIGNED_SHARE = 0.1  # of the time


@dataclass(frozen=True)
class Duplicates:
    """Which pictures of a data set are copies or near-copies of each other.

    `pairs` says everything once: a picture that equals an earlier one pixel by pixel is
    paired with the first of its exact group only, and near pairs stand between the
    firsts of two exact groups. So the list stays short where one picture occurs a
    thousand times. Count pictures by `groups`, `exact_groups` and `leakage`.

    Attributes:
        groups: int64 (N,), the group of each picture, numbered from 0 in the order of
            their first pictures; pictures are in one group if a chain of pairs joins
            them, and a lone picture has a group of its own.
        exact_groups: int64 (N,), the same for pixel-identical pictures.
        pairs: int64 (P, 2), positions, the first smaller than the second, sorted.
        similarity: float32 (P,), correlation of the part that both show; 1 for exact
            copies.
        kinds: str (P,), `exact`, `same`, `mirrored` or `shifted`; the last may be
            cropped or mirrored as well.
        blank: bool (N,), pictures of a single grey value. Equal ones are exact copies
            of each other; they are like nothing else.
    """

    groups: NDArray[np.int64]
    exact_groups: NDArray[np.int64]
    pairs: NDArray[np.int64]
    similarity: FloatArray
    kinds: NDArray[np.str_]
    blank: NDArray[np.bool_]


def find_duplicates(
    images: UInt8Array,
    threshold: float = THRESHOLD,
    progress: Callable[[float], None] | None = None,
) -> Duplicates:
    """Finds copies and near-copies.

    Args:
        images: uint8 (N, H, W), grey, 0..255.
        threshold: correlation above which two pictures are near-copies, 0.85..1.
        progress: called with the share of the work that is done, 0..1.

    Raises:
        ConfigError: a threshold outside its range.
        DataError: images of another form, or far too many near-copies.
    """
    if images.ndim != 3 or images.dtype != np.uint8 or 0 in images.shape[1:]:
        raise DataError(
            f"pictures as {images.dtype} {images.shape}; expected uint8 (N, H, W), grey"
        )
    if not LEAST <= threshold <= 1:
        raise ConfigError(
            f"a threshold of {threshold} for near-copies; expected {LEAST:g}..1, for "
            f"instance {THRESHOLD:g}"
        )
    exact = exact_groups(images)
    firsts = np.unique(exact, return_index=True)[1].astype(np.int64)
    blank = images.min(axis=(1, 2)) == images.max(axis=(1, 2))
    compared = firsts[~blank[firsts]]
    near = _near(images[compared], threshold, progress or _silent)
    copies = np.flatnonzero(firsts[exact] != np.arange(len(images)))
    copied = np.stack([firsts[exact[copies]], copies], axis=1)
    pairs = np.concatenate([copied, compared[near.pairs]])
    similarity = np.concatenate([np.ones(len(copied), np.float32), near.similarity])
    kinds = np.concatenate([np.full(len(copied), "exact"), near.kinds])
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return Duplicates(
        _components(len(images), pairs),
        exact,
        pairs[order],
        similarity[order],
        kinds[order],
        blank,
    )


def exact_groups(images: UInt8Array) -> NDArray[np.int64]:
    """Which pictures are the same, pixel by pixel.

    Args:
        images: uint8 (N, H, W) or (N, H, W, 3).

    Returns:
        int64 (N,), the group of each, numbered from 0 in the order of their first
        pictures.
    """
    known: dict[bytes, int] = {}
    numbers = [known.setdefault(image.tobytes(), len(known)) for image in images]
    return np.array(numbers, np.int64)


def leakage(
    duplicates: Duplicates,
    splits: NDArray[np.str_],
    of: str,
    against: str = TRAINING,
    *,
    exact: bool = False,
) -> NDArray[np.bool_]:
    """Which pictures of one split have a copy or near-copy in another.

    Only direct pairs count, no chains of them; and no blank pictures, which tell a
    model nothing about the others.

    Args:
        duplicates: what was found in all pictures of the data set.
        splits: str (N,), the split of each picture.
        of: the split that is looked at.
        against: the split whose copies matter.
        exact: only pixel-identical copies count.

    Returns:
        bool (N,), true only for pictures of the split `of`.
    """
    unit = duplicates.exact_groups
    there = np.zeros(len(unit), bool)  # by exact group: whether it is in `against`
    there[unit[(splits == against) & ~duplicates.blank]] = True
    copied = there.copy()
    if not exact:
        first, second = unit[duplicates.pairs].T
        copied[first[there[second]]] = True
        copied[second[there[first]]] = True
    leaking: NDArray[np.bool_] = (splits == of) & copied[unit]
    return leaking


def _near(
    images: UInt8Array, threshold: float, progress: Callable[[float], None]
) -> NearPairs:
    """All near-copies among pictures that differ, each pair once."""
    aligned = aligned_pairs(
        images, threshold, lambda share: progress(ALIGNED_SHARE * share)
    )
    shifted = shifted_pairs(
        images,
        threshold,
        lambda share: progress(ALIGNED_SHARE + (1 - ALIGNED_SHARE) * share),
        aligned.pairs,
    )
    progress(1.0)
    return NearPairs(
        np.concatenate([aligned.pairs, shifted.pairs]),
        np.concatenate([aligned.similarity, shifted.similarity]),
        np.concatenate([aligned.kinds, shifted.kinds]),
    )


def _components(count: int, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """The connected component of each picture, numbered by its first picture."""
    parents = list(range(count))

    def root(of: int) -> int:
        while parents[of] != of:
            parents[of] = parents[parents[of]]
            of = parents[of]
        return of

    for first, second in pairs.tolist():
        one, other = sorted((root(first), root(second)))
        parents[other] = one  # so that a root is the first picture of its group
    roots = np.array([root(place) for place in range(count)], np.int64)
    return np.unique(roots, return_inverse=True)[1].astype(np.int64)


def _silent(share: float) -> None:
    """Tells nobody about the progress."""
