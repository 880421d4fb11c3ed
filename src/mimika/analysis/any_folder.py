"""Finds and reads the pictures of any class folders, whatever the classes are called.

Unlike `data.image_folder`, which reads what a model is trained on and stops at anything
doubtful, this takes a folder as it is and reports what is doubtful: the classes are the
names of the folders, what cannot be read is listed with its reason, and each link is
followed once only.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mimika.analysis.file_traits import FileTraits, read_traits
from mimika.analysis.pictures import Files, Pictures
from mimika.core.errors import DataError
from mimika.core.images import EXTENSIONS
from mimika.core.tasks import EMOTION, Label, task_for
from mimika.data.folder_names import (
    class_of_folder,
    split_of_file,
    splits_of_folders,
)
from mimika.data.samples import SIDE, TRAINING, UNLABELLED, BadRow

ONE_SPLIT = "All pictures"
MOST_PICTURES = 250_000  # of 64 x 64 pixels each: 1 GB
MapFiles = Callable[[Sequence[Path]], Iterator[FileTraits | BadRow]]


class Entry(NamedTuple):
    """A picture that was found, not yet opened."""

    path: Path
    label: str | None
    split: str


@dataclass
class Scan:
    """What a walk through folders has found.

    Attributes:
        entries: pictures by their names.
        broken: links that lead nowhere or in a circle, folders that cannot be opened.
        other_files: number of files that have no picture's name.
        classes: names of all class folders, empty ones too.
        seen: folders that were entered, as (device, inode).
    """

    entries: list[Entry] = field(default_factory=list)
    broken: list[BadRow] = field(default_factory=list)
    other_files: int = 0
    classes: set[str] = field(default_factory=set)
    seen: set[tuple[int, int]] = field(default_factory=set)


def read_any_folder(root: Path, map_files: MapFiles | None = None) -> Pictures:
    """Reads class folders: ROOT/ants/*.jpg, or ROOT/train/ants/*.jpg.

    Args:
        root: the folder. Split folders are those of `data.folder_names`. Pictures that
            lie in no class folder have no label.
        map_files: reads many files, in other processes perhaps; by default one by one.

    Returns:
        The pictures sorted by path, grey, 48 x 48 where all of them have that size
        and 64 x 64 otherwise.

    Raises:
        DataError: no picture that can be read, or too many.
    """
    return read_scan(root, scan_folder(root), map_files)


def read_scan(root: Path, scan: Scan, map_files: MapFiles | None = None) -> Pictures:
    """Reads the pictures that were found.

    Args:
        root: the folder that their names are relative to.
        scan: what was found.
        map_files: see `read_any_folder`.

    Returns:
        See `read_any_folder`.

    Raises:
        DataError: no picture that can be read, or too many.
    """
    entries = sorted(scan.entries, key=lambda entry: entry.path.parts)
    if len(entries) > MOST_PICTURES:
        raise DataError(
            f"{root}: {len(entries):,} pictures; at most {MOST_PICTURES:,} are "
            "analysed at once: name one of the folders in it"
        )
    results = list((map_files or _one_by_one)([entry.path for entry in entries]))
    read = [
        (row, entry, traits)
        for row, (entry, traits) in enumerate(zip(entries, results, strict=True))
        if isinstance(traits, FileTraits)
    ]
    broken = (*scan.broken, *(bad for bad in results if isinstance(bad, BadRow)))
    if not read:
        reason = f"; the first: {broken[0].where}: {broken[0].cause}" if broken else ""
        raise DataError(
            f"{root}: no pictures in it that can be read; expected folders with JPEG, "
            f"PNG, WebP or BMP files{reason}"
        )
    return _assemble(root, scan, read, broken)


def scan_folder(root: Path) -> Scan:
    """Walks through class folders, or split folders that hold class folders."""
    scan = Scan()
    folders, files = _list(root, scan)
    splits = _split_folders(folders)
    for file in files:
        _take(file, None, split_of_file(file.name, None), scan)
    for folder in folders:
        if not splits:
            _walk_class(folder, folder.name, None, scan)
        elif folder.name in splits:
            _walk_split(folder, splits[folder.name], scan)
        else:
            scan.broken.append(
                BadRow(str(folder), "left out: a folder beside the split folders")
            )
    return scan


def _split_folders(folders: Sequence[Path]) -> dict[str, str]:
    """Folders named after a split; those without folders inside are classes."""
    splits = splits_of_folders([folder.name for folder in folders])
    holds = {folder.name for folder in folders if _holds_folders(folder)}
    return {name: split for name, split in splits.items() if name in holds}


def _holds_folders(folder: Path) -> bool:
    try:
        return any(child.is_dir() for child in folder.iterdir())
    except OSError:
        return False


def _walk_split(folder: Path, split: str, scan: Scan) -> None:
    folders, files = _list(folder, scan)
    for file in files:
        _take(file, None, split_of_file(file.name, split), scan)
    for child in folders:
        _walk_class(child, child.name, split, scan)


def _walk_class(folder: Path, label: str, split: str | None, scan: Scan) -> None:
    """Takes everything below a class folder, however deep."""
    scan.classes.add(label)
    waiting = [folder]
    while waiting:
        folders, files = _list(waiting.pop(), scan)
        waiting.extend(reversed(folders))
        for file in files:
            _take(file, label, split_of_file(file.name, split), scan)


def _list(folder: Path, scan: Scan) -> tuple[list[Path], list[Path]]:
    """Folders and files in a folder; nothing where it was entered before."""
    try:
        status = folder.stat()
        key = (status.st_dev, status.st_ino)
        if key in scan.seen:
            scan.broken.append(
                BadRow(str(folder), "left out: a link to a folder that was read")
            )
            return [], []
        scan.seen.add(key)
        with os.scandir(folder) as found:
            children = sorted(
                (Path(entry.path) for entry in found if not entry.name.startswith(".")),
                key=lambda path: path.name,
            )
    except OSError as error:
        scan.broken.append(BadRow(str(folder), f"cannot be opened: {error.strerror}"))
        return [], []
    folders = [path for path in children if path.is_dir()]
    return folders, [path for path in children if not path.is_dir()]


def _take(file: Path, label: str | None, split: str, scan: Scan) -> None:
    if file.suffix.lower() in EXTENSIONS:
        scan.entries.append(Entry(file, label, split))
    else:
        scan.other_files += 1


def _one_by_one(paths: Sequence[Path]) -> Iterator[FileTraits | BadRow]:
    return map(read_traits, paths)


def _assemble(
    root: Path,
    scan: Scan,
    read: Sequence[tuple[int, Entry, FileTraits]],
    broken: tuple[BadRow, ...],
) -> Pictures:
    rows, entries, traits = (list(part) for part in zip(*read, strict=True))
    classes, numbers = name_classes(sorted(scan.classes))
    sizes = np.array([t.size for t in traits], np.int64)
    step = 0 if (sizes == SIDE).all() else 1
    files = Files(
        root,
        tuple(os.path.relpath(entry.path, root) for entry in entries),
        sizes,
        np.array([t.mode for t in traits]),
        np.array([t.format for t in traits]),
        np.array([t.sharpness for t in traits]),
        np.stack([t.colours for t in traits]),
        scan.other_files,
    )
    labels = [UNLABELLED if e.label is None else numbers[e.label] for e in entries]
    splits = {entry.split for entry in entries}
    one_split = splits == {TRAINING} and classes != EMOTION.labels
    return Pictures(
        np.stack([t.thumbs[step] for t in traits]),
        np.array(labels, np.int64),
        np.array([ONE_SPLIT if one_split else entry.split for entry in entries]),
        np.array(rows, np.int64),
        classes,
        ONE_SPLIT if one_split else TRAINING,
        str(root),
        broken,
        files,
    )


def name_classes(folders: Sequence[str]) -> tuple[tuple[Label, ...], dict[str, int]]:
    """Classes and the number of each folder's class.

    Folders that are named after the seven emotions, each once, are these; of any other
    names each is a class of its own, letter case and all.
    """
    numbers = [class_of_folder(name, EMOTION.keys) for name in folders]
    known = [number for number in numbers if number is not None]
    if len(set(known)) == len(folders) == len(EMOTION.labels):
        return EMOTION.labels, dict(zip(folders, known, strict=True))
    task = task_for("folders", folders)
    labels = tuple(Label(label.key, label.key, label.colour) for label in task.labels)
    return labels, {name: number for number, name in enumerate(folders)}
