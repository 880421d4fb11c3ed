"""The one in-memory form of every data set."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mimika.core.errors import DataError
from mimika.core.preprocess import UInt8Array

TRAINING, PUBLIC_TEST, PRIVATE_TEST = "Training", "PublicTest", "PrivateTest"
SPLITS = (TRAINING, PUBLIC_TEST, PRIVATE_TEST)
TEST = "Test"  # a csv of test pictures that does not tell public from private
UNLABELLED = -1
SIDE = 48  # height and width of every picture in pixels


def split_of_usage(usage: str) -> str | None:
    """The split that a `Usage` value names, in any letter case; None for no other."""
    return {name.lower(): name for name in SPLITS}.get(usage.strip().lower())


@dataclass(frozen=True)
class BadRow:
    """A row or file that was skipped, and why.

    Attributes:
        where: file and row, or the path of the picture.
        cause: what was found and what was expected.
    """

    where: str
    cause: str


@dataclass(frozen=True)
class Samples:
    """Pictures with their labels.

    Attributes:
        images: uint8 (N, 48, 48), grey, 0..255.
        labels: int64 (N,), 0..K-1, or `UNLABELLED` (-1) where a picture has none.
        splits: str (N,), the name of each picture's split, as `SPLITS` spells it, or
            `TEST`.
        rows: int64 (N,), where it stood in its source: the row after the header of its
            csv file counted from 0, the row of the parquet file, or its number in the
            sorted list of a folder's files.
        source: what was read, for messages and reports.
        skipped: bad rows that were left out because that was asked for.
    """

    images: UInt8Array
    labels: NDArray[np.int64]
    splits: NDArray[np.str_]
    rows: NDArray[np.int64]
    source: str
    skipped: tuple[BadRow, ...] = ()

    def __post_init__(self) -> None:
        """Checks that the four arrays belong together."""
        lengths = {len(self.images), len(self.labels), len(self.splits), len(self.rows)}
        if len(lengths) != 1:
            raise ValueError(f"arrays of different lengths: {sorted(lengths)}")

    def __len__(self) -> int:
        """The number of pictures."""
        return len(self.images)

    def take(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> "Samples":
        """The pictures at these positions, or where the mask is true."""
        return Samples(
            self.images[chosen],
            self.labels[chosen],
            self.splits[chosen],
            self.rows[chosen],
            self.source,
            self.skipped,
        )

    def split(self, name: str) -> "Samples":
        """The pictures of one split.

        Raises:
            DataError: there are none; the message lists the splits that exist.
        """
        chosen = self.splits == name
        if not chosen.any():
            have = ", ".join(f"{k} ({v})" for k, v in Counter(self.splits).items())
            raise DataError(
                f"{self.source}: no pictures in split {name!r}; it has "
                f"{have or 'none'}; name another split"
            )
        return self.take(chosen)

    def labelled(self) -> "Samples":
        """The pictures that have a label.

        Raises:
            DataError: none has.
        """
        chosen = self.labels != UNLABELLED
        if not chosen.any():
            raise DataError(
                f"{self.source}: none of the {len(self)} pictures has a label; "
                "expected a data set with labels"
            )
        return self.take(chosen)


def join(parts: Sequence[Samples], source: str) -> Samples:
    """Puts data sets one after the other.

    Args:
        parts: at least one.
        source: what was read, for messages and reports.

    Returns:
        All pictures in the order of `parts`; `rows` still counts within each part.
    """
    return Samples(
        np.concatenate([part.images for part in parts]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.splits for part in parts]),
        np.concatenate([part.rows for part in parts]),
        source,
        tuple(bad for part in parts for bad in part.skipped),
    )
