"""Crowd votes: what several people saw in each picture.

Made for FER+ (Barsoum et al., "Training Deep Networks for Facial Expression Recognition
with Crowd-Sourced Label Distribution", 2016), but any csv with a column `row` and one
column of votes for each class will do.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mimika.core.errors import DataError
from mimika.data.folder_names import class_of_folder
from mimika.data.samples import UNLABELLED

ROW = "row"
NO_FACE_NAMES = ("nf", "non-face", "nonface", "no face")
LEAST_BOTH = 500  # pictures with label and votes; fewer agree by chance at times
LEAST_KAPPA = 0.05
Counts = NDArray[np.int64]


class Numbered(Protocol):
    """Pictures with labels and the rows at which they stood: `Samples`, for one."""

    @property
    def labels(self) -> Counts:
        """int64 (N,), 0..K-1, or `UNLABELLED`."""

    @property
    def rows(self) -> Counts:
        """int64 (N,), as `Samples.rows` counts."""

    @property
    def source(self) -> str:
        """What was read, for messages."""


@dataclass(frozen=True)
class Votes:
    """Votes for pictures of a data set.

    Attributes:
        positions: int64 (V,), which picture each row of votes is for.
        counts: int64 (V, K), votes for each class; -1 nowhere.
        others: int64 (V,), votes for anything else than a class or no face.
        no_face: int64 (V,), votes that it is no face; None without such a column.
        source: the file.
        unmatched: rows of the file that stand for no picture read here.
    """

    positions: Counts
    counts: Counts
    others: Counts
    no_face: Counts | None
    source: str
    unmatched: int


def read_votes(path: Path, pictures: Numbered, keys: Sequence[str]) -> Votes:
    """Reads a file of votes and joins it to the pictures by row.

    Args:
        path: csv with a header: `row` as `Samples.rows` counts, and a column for each
            class, under any of its usual names. Other columns are other answers.
        pictures: those of the data set, with labels or without.
        keys: of the classes, in the order in which labels number them.

    Raises:
        DataError: not such a file, the data set's rows are not unique, or the votes
            agree with its labels no more than those for other pictures would.
    """
    places = _places(pictures.rows, pictures.source)
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            header, *lines = list(csv.reader(file)) or [[]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(
            f"{path}: cannot be read as a csv of votes ({error})"
        ) from error
    columns = _columns(path, header, keys)
    table = _numbers(path, lines, len(header))
    found = [places.get(row, -1) for row in table[:, columns[ROW][0]].tolist()]
    positions = np.array(found, np.int64)
    known = positions >= 0
    if not known.any():
        raise DataError(f"{path}: none of its rows stands for a picture read here")
    table = table[known]
    _check_once(path, table[:, columns[ROW][0]])
    counts = np.stack(
        [table[:, columns[str(k)]].sum(axis=1) for k in range(len(keys))],
        axis=1,
    )
    _check_agreement(path, counts, pictures, positions[known])
    no_face = columns["no face"]
    return Votes(
        positions[known],
        counts,
        table[:, columns["other"]].sum(axis=1),
        table[:, no_face].sum(axis=1) if no_face else None,
        str(path),
        int((~known).sum()),
    )


def _places(rows: Counts, source: str) -> dict[int, int]:
    places = {row: place for place, row in enumerate(rows.tolist())}
    if len(places) != len(rows):
        raise DataError(
            f"{source}: read from several files, so a row number stands for "
            "several pictures and votes cannot be joined; name the one file that the "
            "votes were made for"
        )
    return places


def _check_agreement(
    path: Path, counts: Counts, pictures: Numbered, positions: Counts
) -> None:
    """Refuses votes that were joined to other pictures than those they are for.

    Cohen's kappa of first choices and labels is about 0.5 for FER+ and 0 by chance.
    """
    labels = pictures.labels[positions]
    both = (labels != UNLABELLED) & (counts.sum(axis=1) > 0)
    labels, first = labels[both], counts[both].argmax(axis=1)
    if len(labels) < LEAST_BOTH:
        return
    classes = counts.shape[1]
    shares = [np.bincount(x, minlength=classes) / len(x) for x in (labels, first)]
    agreement, chance = float((labels == first).mean()), float(shares[0] @ shares[1])
    if agreement - chance < LEAST_KAPPA * (1 - chance):
        raise DataError(
            f"{path}: its votes agree with {100 * agreement:.1f} % of the labels of "
            f"{pictures.source}, and {100 * chance:.1f} % would by chance, so they are "
            "for other pictures or count the rows in another way; name the data set "
            "that they were made for"
        )


def _check_once(path: Path, rows: Counts) -> None:
    found, times = np.unique(rows, return_counts=True)
    if times.max() > 1:
        raise DataError(
            f"{path}: several lines for row {found[times.argmax()]}; expected one for "
            "each picture"
        )


def _columns(
    path: Path, header: list[str], keys: Sequence[str]
) -> dict[str, list[int]]:
    """Positions of the columns by what they are: row, a class's number, other."""
    columns: dict[str, list[int]] = {str(k): [] for k in range(len(keys))}
    columns |= {ROW: [], "no face": [], "other": []}
    for place, name in enumerate(header):
        columns[_meaning(name.strip(), keys)].append(place)
    missing = [ROW] if len(columns[ROW]) != 1 else []
    missing += [key for k, key in enumerate(keys) if not columns[str(k)]]
    if missing:
        raise DataError(
            f"{path}: no column {', '.join(missing)} in its header "
            f"({', '.join(header) or 'empty'}); expected 'row' and one column of votes "
            "for each class"
        )
    return columns


def _meaning(name: str, keys: Sequence[str]) -> str:
    if name.lower() == ROW:
        return ROW
    if name.lower() in NO_FACE_NAMES:
        return "no face"
    label = class_of_folder(name, keys)
    return "other" if label is None else str(label)


def _numbers(path: Path, lines: list[list[str]], width: int) -> Counts:
    """int64 (rows, columns); an empty line is skipped."""
    rows = []
    for number, line in enumerate(lines, start=2):
        if not line:
            continue
        if len(line) != width or not all(cell.strip().isdigit() for cell in line):
            raise DataError(
                f"{path}, line {number}: {','.join(line)[:60]!r}; expected {width} "
                "whole numbers of 0 or more"
            )
        rows.append([int(cell) for cell in line])
    if not rows:
        raise DataError(f"{path}: no votes in it, only a header")
    return np.array(rows, np.int64)
