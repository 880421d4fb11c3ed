"""What was computed about pictures, kept in one SQLite file for each network.

A row is one picture in one view, so that a picture that is added, or a run that was
interrupted, costs nothing but itself. Rows are keyed by digests of the picture's file
and of everything else that the values follow from.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mimika.core.errors import DataError

Row = tuple[NDArray[np.float16], ...]
MAKE = (
    "CREATE TABLE IF NOT EXISTS kept "
    "(picture TEXT, view INTEGER, place INTEGER, shape TEXT, data BLOB, "
    "PRIMARY KEY (picture, view, place))"
)
WAIT_S = 30.0  # for another process that writes


class Keeper:
    """Arrays by picture and view."""

    def __init__(self, path: Path) -> None:
        """Opens or makes the file.

        Args:
            path: the file; its folder is made.

        Raises:
            DataError: it cannot be written, or is no such file.
        """
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._connect()) as connection, connection:
                connection.execute(MAKE)
        except (OSError, sqlite3.Error) as error:
            raise DataError(
                f"{path}: features cannot be kept there ({error}); free some room, or "
                "set MIMIKA_HOME to another folder"
            ) from error

    def has(self, keys: Sequence[tuple[str, int]]) -> list[bool]:
        """Whether there is a row for each picture and view."""
        with closing(self._connect()) as connection:
            rows = connection.execute("SELECT picture, view FROM kept WHERE place = 0")
            known = set(rows)
        return [key in known for key in keys]

    def keep(self, items: Iterable[tuple[tuple[str, int], Row]]) -> None:
        """Writes the arrays of some pictures and views, all or none.

        Raises:
            DataError: they cannot be written.
        """
        rows = [
            (*key, place, ",".join(map(str, array.shape)), array.tobytes())
            for key, arrays in items
            for place, array in enumerate(arrays)
        ]
        try:
            with closing(self._connect()) as connection, connection:
                connection.executemany(
                    "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?)", rows
                )
        except sqlite3.Error as error:
            raise DataError(
                f"{self._path}: features cannot be kept ({error}); free some room, or "
                "set MIMIKA_HOME to another folder"
            ) from error

    def read(self, keys: Sequence[tuple[str, int]], place: int) -> NDArray[np.float16]:
        """float16 (N, ...): the arrays of one place for these pictures and views.

        Raises:
            KeyError: one is not there.
        """
        found: list[NDArray[np.float16]] = []
        with closing(self._connect()) as connection:
            for key in keys:
                row = connection.execute(
                    "SELECT shape, data FROM kept "
                    "WHERE picture = ? AND view = ? AND place = ?",
                    (*key, place),
                ).fetchone()
                if row is None:
                    raise KeyError(f"nothing is kept of {key}")
                shape = tuple(map(int, row[0].split(",")))
                found.append(np.frombuffer(row[1], np.float16).reshape(shape))
        return np.stack(found)

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=WAIT_S)
