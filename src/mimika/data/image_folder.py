"""Pictures in class folders: ROOT/happy/*.png or ROOT/train/happy/*.png."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2

from mimika.core.errors import DataError, ImageError
from mimika.core.images import EXTENSIONS, read_picture
from mimika.core.preprocess import UInt8Array, resize, to_grey
from mimika.data.collector import Collector
from mimika.data.folder_names import (
    class_of_folder,
    split_of_file,
    splits_of_folders,
)
from mimika.data.samples import SIDE, Samples

LEFT_BY_SYSTEMS = ("thumbs.db", "desktop.ini", "__macosx")
MOST_NAMES = 8  # names of files in a message


@dataclass(frozen=True)
class Entry:
    """One picture that was found, not yet opened."""

    path: Path
    label: int
    split: str


def read_image_folder(root: Path, *, labels: Sequence[str], skip_bad: bool) -> Samples:
    """Reads pictures from folders that are named after classes.

    Args:
        root: a folder with class folders, or with split folders that hold class
            folders. Names in any letter case; see `folder_names`. Two folders of one
            class are one class.
        labels: keys of the classes in the order of their numbers.
        skip_bad: note pictures that cannot be read and go on.

    Returns:
        The pictures, grey and 48 x 48, sorted by path below `root`; `rows` is the place
        of each in that order, the bad ones counted too.

    Raises:
        DataError: no class folders, a folder of another name, pictures outside class
            folders, or a picture that cannot be read.
    """
    entries = sorted(
        _entries(root, labels), key=lambda entry: entry.path.relative_to(root).parts
    )
    collector = Collector(str(root), skip_bad=skip_bad)
    for row, entry in enumerate(entries):
        try:
            collector.add(_face(entry.path), entry.label, entry.split, row)
        except (ImageError, OSError) as error:
            collector.reject(str(entry.path), str(error))
    return collector.samples()


def _face(path: Path) -> UInt8Array:
    """uint8 (48, 48), grey, from a picture of any size and colours."""
    grey = to_grey(read_picture(path).pixels)
    return resize(grey, SIDE, SIDE, cv2.INTER_LINEAR)


def _entries(root: Path, labels: Sequence[str]) -> Iterator[Entry]:
    folders = _folders_in(root)
    splits = splits_of_folders([folder.name for folder in folders])
    if not splits:
        yield from _classes_in(root, None, labels)
        return
    others = [folder.name for folder in folders if folder.name not in splits]
    if others:
        raise DataError(
            f"{root}: {_listed(others)} beside the split folders {_listed(splits)}; "
            "expected either split folders or class folders, not both"
        )
    for folder in folders:
        yield from _classes_in(folder, splits[folder.name], labels)


def _classes_in(
    parent: Path, split: str | None, labels: Sequence[str]
) -> Iterator[Entry]:
    """Yields the pictures of all class folders in a folder."""
    folders = _folders_in(parent)
    if not folders:
        raise DataError(
            f"{parent}: no folders in it, but {_listed(_names(parent)) or 'nothing'}; "
            f"expected one folder for each class: {', '.join(labels)}"
        )
    for folder in folders:
        label = class_of_folder(folder.name, labels)
        if label is None:
            raise DataError(
                f"{folder}: {folder.name!r} is no class; expected a folder named after "
                f"one of {', '.join(labels)} or 0..{len(labels) - 1}, or a split "
                "(train, val, test, public, private) that holds such folders"
            )
        for path in _pictures_in(folder):
            yield Entry(path, label, split_of_file(path.name, split))


def _folders_in(parent: Path) -> list[Path]:
    """The folders in a folder, which must not hold pictures beside them.

    Raises:
        DataError: there are pictures, and nobody can tell their class.
    """
    visible = _visible(parent)
    loose = [
        path.name
        for path in visible
        if path.suffix.lower() in EXTENSIONS and path.is_file()
    ]
    if loose:
        raise DataError(
            f"{parent}: pictures outside class folders ({_listed(loose)}); move each "
            "into a folder named after its class"
        )
    return [path for path in visible if path.is_dir()]


def _pictures_in(folder: Path) -> list[Path]:
    visible = _visible(folder)
    deeper = [path.name for path in visible if path.is_dir()]
    if deeper:
        raise DataError(
            f"{folder}: folders inside a class folder ({_listed(deeper)}); "
            "expected only pictures"
        )
    return visible


def _visible(parent: Path) -> list[Path]:
    """What a folder holds, without what operating systems leave there."""
    return sorted(
        path
        for path in parent.iterdir()
        if not path.name.startswith(".") and path.name.lower() not in LEFT_BY_SYSTEMS
    )


def _names(parent: Path) -> list[str]:
    return [path.name for path in _visible(parent)]


def _listed(names: Sequence[str] | dict[str, str]) -> str:
    names = list(names)
    more = ", ..." if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more
