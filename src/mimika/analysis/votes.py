"""Crowd votes beside the labels: how far people agree with them.

Made for FER+ (Barsoum et al., "Training Deep Networks for Facial Expression Recognition
with Crowd-Sourced Label Distribution", 2016), but any csv with a column `row` and one
column of votes for each class will do.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mimika.analysis.pictures import Pictures
from mimika.core.errors import DataError
from mimika.data.folder_names import class_of_folder

ROW = "row"
NO_FACE_NAMES = ("nf", "non-face", "nonface", "no face")
Counts = NDArray[np.int64]


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


def read_votes(path: Path, pictures: Pictures) -> Votes:
    """Reads a file of votes and joins it to the pictures by row.

    Args:
        path: csv with a header: `row` as `Samples.rows` counts, and a column for each
            class, under any of its usual names. Other columns are other answers.
        pictures: the data set.

    Raises:
        DataError: not such a file, or the data set's rows are not unique.
    """
    places = _places(pictures)
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            header, *lines = list(csv.reader(file)) or [[]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(
            f"{path}: cannot be read as a csv of votes ({error})"
        ) from error
    columns = _columns(path, header, pictures)
    table = _numbers(path, lines, len(header))
    found = [places.get(row, -1) for row in table[:, columns[ROW][0]].tolist()]
    positions = np.array(found, np.int64)
    known = positions >= 0
    if not known.any():
        raise DataError(f"{path}: none of its rows stands for a picture read here")
    table = table[known]
    counts = np.stack(
        [table[:, columns[str(k)]].sum(axis=1) for k in range(len(pictures.classes))],
        axis=1,
    )
    no_face = columns["no face"]
    return Votes(
        positions[known],
        counts,
        table[:, columns["other"]].sum(axis=1),
        table[:, no_face].sum(axis=1) if no_face else None,
        str(path),
        int((~known).sum()),
    )


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


def _places(pictures: Pictures) -> dict[int, int]:
    places = {row: place for place, row in enumerate(pictures.rows.tolist())}
    if len(places) != len(pictures):
        raise DataError(
            f"{pictures.source}: read from several files, so a row number stands for "
            "several pictures and votes cannot be joined; name the one file that the "
            "votes were made for"
        )
    return places


def _columns(path: Path, header: list[str], pictures: Pictures) -> dict[str, list[int]]:
    """Positions of the columns by what they are: row, a class's number, other."""
    keys = [label.key for label in pictures.classes]
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


def _meaning(name: str, keys: list[str]) -> str:
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
