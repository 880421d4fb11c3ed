"""Reads the pictures that a csv file lists with their labels."""

import csv
import os
from pathlib import Path

from mimika.analysis.any_folder import Entry, MapFiles, Scan, read_scan
from mimika.analysis.pictures import Pictures
from mimika.core.errors import DataError
from mimika.data.folder_names import splits_of_folders
from mimika.data.samples import TRAINING

PATHS = ("path", "file", "filename", "image", "picture")
LABELS = ("label", "class", "category", "target")
SPLITS = ("split", "usage", "set")


def read_listed(table: Path, map_files: MapFiles | None = None) -> Pictures:
    """Reads pictures that a csv file names.

    Args:
        table: a csv file with a column `path`, relative to the file's folder or
            absolute, a column `label`, and perhaps one `split` (train, test).
        map_files: see `any_folder.read_any_folder`.

    Returns:
        The pictures in the order of their paths.

    Raises:
        DataError: no such columns, an empty value, or no picture that can be read.
    """
    root = table.resolve().parent
    scan = Scan()
    try:
        with table.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.DictReader(file)
            names = _columns(table, list(rows.fieldnames or ()))
            for number, row in enumerate(rows, start=2):
                _take(table, number, [row.get(name or "") for name in names], scan)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{table}: cannot be read as csv ({error})") from error
    return read_scan(root, scan, map_files)


def _columns(table: Path, names: list[str]) -> tuple[str, str, str | None]:
    """The names of the columns with paths, labels and splits.

    Raises:
        DataError: one of the first two is not there.
    """
    plain = {name.strip().lower(): name for name in names}
    found = [
        next((plain[word] for word in words if word in plain), None)
        for words in (PATHS, LABELS, SPLITS)
    ]
    if found[0] is None or found[1] is None:
        raise DataError(
            f"{table}: has the columns {', '.join(names) or 'none'}; expected a header "
            "with 'path' and 'label', one picture a line, or a folder with a folder of "
            "pictures for each class"
        )
    return found[0], found[1], found[2]


def _take(table: Path, number: int, values: list[str | None], scan: Scan) -> None:
    path, label, split = ((value or "").strip() for value in values)
    if not path or not label:
        raise DataError(
            f"{table}, line {number}: path {path!r} and label {label!r}; expected both"
        )
    found = splits_of_folders([split]) if split else {}
    if split and not found:
        raise DataError(
            f"{table}, line {number}: split {split!r}; expected train, val or test"
        )
    file = Path(os.path.normpath(table.resolve().parent / path))
    scan.classes.add(label)
    scan.entries.append(Entry(file, label, found.get(split, TRAINING)))
