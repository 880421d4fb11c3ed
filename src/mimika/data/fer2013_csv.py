"""FER2013 as csv: Kaggle's train.csv and test.csv, fer2013.csv, icml_face_data.csv.

Which split a row belongs to:

- A column `Usage` tells (Training, PublicTest or PrivateTest).
- Without it, a file with labels is Training.
- Without it, a file without labels, or one whose name begins with "test", is a test
  file. Kaggle's has 7,178 rows, PublicTest first and then PrivateTest, half each; one
  of exactly that length is split so. Of any other length nobody can tell, so its
  pictures are in the split `TEST`, which is neither.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from mimika.core.errors import DataError
from mimika.data.collector import Collector, RowError, quote
from mimika.data.csv_lines import (
    LONGEST_LINE,
    WANTED,
    Header,
    numbered_lines,
    open_csv,
    parse_header,
)
from mimika.data.pixel_text import parse_pixels
from mimika.data.samples import (
    PRIVATE_TEST,
    PUBLIC_TEST,
    SPLITS,
    TEST,
    TRAINING,
    UNLABELLED,
    Samples,
    split_of_usage,
)

KAGGLE_TEST_ROWS = 7_178
KAGGLE_PUBLIC_ROWS = 3_589


@dataclass(frozen=True)
class RowReader:
    """How the fields of a row become label and split.

    Attributes:
        header: the columns.
        classes: number of classes.
        default_split: split of the rows of a file without `Usage`.
    """

    header: Header
    classes: int
    default_split: str

    def read(self, line: bytes, row: int, collector: Collector) -> None:
        """Adds one line to the collector.

        Raises:
            RowError: it is malformed.
        """
        fields = self.header.fields(line)
        columns = self.header.columns
        label, split = UNLABELLED, self.default_split
        if "emotion" in columns:
            label = _label(fields[columns["emotion"]], self.classes)
        if "usage" in columns:
            split = _split(fields[columns["usage"]])
        collector.add(parse_pixels(fields[columns["pixels"]]), label, split, row)


def read_csv(path: Path, *, classes: int, skip_bad: bool) -> Samples:
    """Reads one csv file, plain or gzip, line by line.

    Args:
        path: the file; columns `pixels`, `emotion` and `Usage` in any order and letter
            case, of which `emotion` is absent in a test file and `Usage` may be absent;
            others are ignored.
        classes: number of classes.
        skip_bad: note bad rows and go on.

    Returns:
        The pictures in the order of the file; `rows` counts the lines after the header
        from 0.

    Raises:
        DataError: no csv of this kind, or a malformed row; line numbers in messages
            count the header as line 1.
    """
    collector = Collector(str(path), skip_bad=skip_bad)
    number = 1
    with open_csv(path) as stream:
        lines = numbered_lines(stream)
        reader = _row_reader(next(lines, (1, b""))[1], path, classes)
        for number, line in lines:
            try:
                reader.read(line, number - 2, collector)
            except RowError as error:
                where = f"{path}, line {number} (the header is line 1)"
                collector.reject(where, f"{error}{_cut_short(line)}")
    return _told_apart(collector.samples(), rows_in_file=number - 1)


def _row_reader(line: bytes, path: Path, classes: int) -> RowReader:
    header = parse_header(line, path)
    name = path.name.lower()
    has_labels = "emotion" in header.columns
    if not has_labels and ("usage" in header.columns or name.startswith("train")):
        raise DataError(
            f"{path}: no column 'emotion', it has {', '.join(header.columns)}; {WANTED}"
        )
    is_test = not has_labels or name.startswith("test")
    return RowReader(header, classes, TEST if is_test else TRAINING)


def _label(text: bytes, classes: int) -> int:
    if not text:
        raise RowError(f"the label is empty, expected 0..{classes - 1}")
    if not text.isdigit():
        raise RowError(f"label {quote(text)}, expected an integer 0..{classes - 1}")
    if len(text) > 3 or int(text) >= classes:
        raise RowError(f"label {quote(text)}, expected 0..{classes - 1}")
    return int(text)


def _split(text: bytes) -> str:
    split = split_of_usage(text.decode("utf-8", "replace"))
    if split is None:
        raise RowError(f"Usage is {quote(text)}, expected {', '.join(SPLITS)}")
    return split


def _cut_short(line: bytes) -> str:
    if line.endswith(b"\n") or len(line) == LONGEST_LINE:
        return ""
    return " (the last line, without a line end: the file may be cut short)"


def _told_apart(samples: Samples, rows_in_file: int) -> Samples:
    """Gives the rows of Kaggle's test.csv their splits: see the top of this file."""
    if rows_in_file != KAGGLE_TEST_ROWS or (samples.splits != TEST).any():
        return samples
    public = samples.rows < KAGGLE_PUBLIC_ROWS
    return replace(samples, splits=np.where(public, PUBLIC_TEST, PRIVATE_TEST))
