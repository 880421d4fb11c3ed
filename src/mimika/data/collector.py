"""Gathers pictures one by one, and stops at a bad one or notes it and goes on."""

from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from mimika.core.errors import DataError
from mimika.core.preprocess import UInt8Array
from mimika.data.samples import SIDE, BadRow, Samples

BLOCK = 2048  # pictures; growing by blocks never copies what is already there
LONGEST_QUOTE = 40  # characters of somebody's file in a message


class RowError(Exception):
    """One row cannot be used: raised where it is seen, caught by `Collector.reject`.

    The message says what was found and what was expected, without file and row.
    """


def quote(found: object) -> str:
    """What was found, short enough for a message."""
    text = found.decode("utf-8", "replace") if isinstance(found, bytes) else str(found)
    if len(text) > LONGEST_QUOTE:
        text = text[:LONGEST_QUOTE] + "..."
    return repr(text)


class Collector:
    """Pictures that have been read so far, and the rows that could not be."""

    def __init__(self, source: str, *, skip_bad: bool) -> None:
        """Starts with nothing.

        Args:
            source: what is read, for messages.
            skip_bad: note bad rows and go on, instead of stopping at the first.
        """
        self.source = source
        self.skip_bad = skip_bad
        self._blocks: list[UInt8Array] = []
        self._labels: list[int] = []
        self._splits: list[str] = []
        self._rows: list[int] = []
        self._skipped: list[BadRow] = []

    def add(self, image: UInt8Array, label: int, split: str, row: int) -> None:
        """Takes one picture.

        Args:
            image: uint8 (48, 48) or (2304,), grey, 0..255; copied.
            label: 0..K-1, or `UNLABELLED`.
            split: name of its split.
            row: where it stands in its source.
        """
        place = len(self._labels) % BLOCK
        if place == 0:
            self._blocks.append(np.empty((BLOCK, SIDE, SIDE), np.uint8))
        self._blocks[-1][place] = image.reshape(SIDE, SIDE)
        self._labels.append(label)
        self._splits.append(split)
        self._rows.append(row)

    def reject(self, where: str, cause: str) -> None:
        """Notes a row that cannot be used.

        Args:
            where: file and row, or the path of the picture.
            cause: what was found and what was expected.

        Raises:
            DataError: bad rows are not to be skipped.
        """
        if not self.skip_bad:
            raise DataError(
                f"{where}: {cause}; mend it, or go on without what is bad and list it "
                "with --skip-bad (skip_bad=True)"
            )
        self._skipped.append(BadRow(where, cause))

    def samples(self) -> Samples:
        """Everything that was taken.

        Raises:
            DataError: that is nothing; the message tells whether all rows were bad.
        """
        count = len(self._labels)
        if count == 0:
            self._refuse_nothing()
        return Samples(
            self._images(count),
            np.array(self._labels, np.int64),
            np.array(self._splits, np.str_),
            np.array(self._rows, np.int64),
            self.source,
            tuple(self._skipped),
        )

    def _images(self, count: int) -> NDArray[np.uint8]:
        whole, rest = divmod(count, BLOCK)
        parts = self._blocks[:whole]
        if rest:
            parts = [*parts, self._blocks[whole][:rest]]
        return np.concatenate(parts)

    def _refuse_nothing(self) -> NoReturn:
        if self._skipped:
            first = self._skipped[0]
            raise DataError(
                f"{self.source}: all {len(self._skipped)} rows are bad; the first is "
                f"{first.where}: {first.cause}"
            )
        raise DataError(
            f"{self.source}: no pictures in it; expected at least one row or file"
        )
