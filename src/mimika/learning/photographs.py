"""The pictures that a task is learned from, as an analysis has read them."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mimika.analysis.pictures import Pictures
from mimika.analysis.run import Findings
from mimika.core.errors import DataError
from mimika.core.tasks import EMOTION, Task, task_for
from mimika.data.duplicates import Duplicates

LEAST_OF_A_CLASS = 2  # one to learn from, one to judge by
MOST_PICTURES = 20_000
FEWEST_GROUPS = 0.5  # of near-copies, as a share of the different pictures
SPLIT_NAMES = ("train", "training", "data", "images", "photos", "pictures")


@dataclass(frozen=True)
class Photographs:
    """Pictures with a label each.

    Attributes:
        paths: their files.
        labels: int64 (N,), 0..K-1, in the order of the task's labels.
        groups: int64 (N,), copies and near-copies share a group.
        longest_px: longest side of any of them in pixels.
        name: what these are, in words.
    """

    paths: tuple[Path, ...]
    labels: NDArray[np.int64]
    groups: NDArray[np.int64]
    longest_px: int
    name: str

    def __len__(self) -> int:
        return len(self.paths)

    def digest(self) -> str:
        """SHA-256 of the files' bytes, labels and groups, in their order."""
        digest = hashlib.sha256(self.labels.tobytes() + self.groups.tobytes())
        for path in self.paths:
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()


@dataclass(frozen=True)
class Material:
    """What there is to learn from.

    Attributes:
        task: the classes.
        pool: the pictures that strategies are compared on and learn from.
        tests: held-out pictures by the name of their split, judged once at the end.
        by_near_copies: whether near-copies share a group; otherwise only exact copies
            do, because too many of the pictures look alike.
    """

    task: Task
    pool: Photographs
    tests: tuple[Photographs, ...]
    by_near_copies: bool = True


def gather(pictures: Pictures, findings: Findings, name: str) -> Material:
    """Parts an analysed data set into pictures to learn from and held-out ones.

    Args:
        pictures: class folders, or a table of paths.
        findings: of `analysis.run.examine`; gives the copies.
        name: of the task.

    Raises:
        DataError: fewer than two classes, a class with fewer than two pictures, or far
            too many.
    """
    task = task_of(pictures, name)
    groups, by_near_copies = groups_of(findings.duplicates)
    splits = [
        _part(pictures, groups, split)
        for split in pictures.split_names
        if (pictures.labelled & (pictures.splits == split)).any()
    ]
    pool = next((part for part in splits if part.name == pictures.training), None)
    if pool is None:
        raise DataError(
            f"{pictures.source}: no pictures with a label to learn from; expected a "
            "folder for each class, or train/ with one for each"
        )
    check_classes(pool.labels, task, pictures.source)
    if len(pool) > MOST_PICTURES:
        raise DataError(
            f"{pictures.source}: {len(pool):,} pictures; 'mimika learn' is for up to "
            f"{MOST_PICTURES:,}: use 'mimika train' for more"
        )
    tests = tuple(part for part in splits if part is not pool)
    return Material(task, pool, tests, by_near_copies)


def groups_of(duplicates: Duplicates) -> tuple[NDArray[np.int64], bool]:
    """Which pictures belong together, and whether near-copies do.

    Things on a plain ground look like one picture that was shifted. Where so many
    pictures seem to be near-copies, that says nothing, and only exact copies count.
    """
    near, exact = duplicates.groups, duplicates.exact_groups
    if len(np.unique(near)) < FEWEST_GROUPS * len(np.unique(exact)):
        return exact, False
    return near, True


def task_of(pictures: Pictures, name: str) -> Task:
    """The task whose classes are the folders' names as keys.

    Raises:
        DataError: two names give the same key.
        ModelError: the name is that of a known task with other classes.
    """
    if pictures.classes == EMOTION.labels:
        return EMOTION
    keys = [key_of(label.name) for label in pictures.classes]
    if len(set(keys)) < len(keys):
        twice = sorted({key for key in keys if keys.count(key) > 1})
        raise DataError(
            f"{pictures.source}: several class folders are called {', '.join(twice)} "
            "but for letter case and signs; rename or join them"
        )
    return task_for(name, keys)


def key_of(name: str) -> str:
    """A name in small letters, digits and underscores, or `class` for none of these."""
    return re.sub(r"\W+", "_", name.strip()).strip("_").lower() or "class"


def name_of(data: Path) -> str:
    """What to call the task of a data set: its folder, or the one above `train`."""
    for part in (data.resolve(), *data.resolve().parents):
        word = key_of(part.stem if part.is_file() else part.name)
        if word not in (*SPLIT_NAMES, "class"):
            return word[:40]
    return "task"


def check_classes(labels: NDArray[np.int64], task: Task, source: str) -> None:
    """Refuses what nothing can be learned from.

    Raises:
        DataError: fewer than two classes, or one with too few pictures.
    """
    counts = np.bincount(labels, minlength=len(task.labels))
    if len(task.labels) < 2:
        raise DataError(
            f"{source}: a single class ({', '.join(task.keys)}); expected a folder of "
            "pictures for each of at least two classes"
        )
    few = [
        f"{label.name} ({count})"
        for label, count in zip(task.labels, counts.tolist(), strict=True)
        if count < LEAST_OF_A_CLASS
    ]
    if few:
        raise DataError(
            f"{source}: too few pictures of {', '.join(few)}; expected at least "
            f"{LEAST_OF_A_CLASS} of each class, better 20: one to learn from and one "
            "to judge by"
        )


def _part(pictures: Pictures, groups: NDArray[np.int64], split: str) -> Photographs:
    chosen = np.flatnonzero(pictures.labelled & (pictures.splits == split))
    files = pictures.files
    if files is None:
        raise DataError(
            f"{pictures.source}: a table of pixels, not photographs; train on it with "
            "'mimika train'"
        )
    paths = tuple(files.root / files.paths[place] for place in chosen.tolist())
    longest = int(files.sizes[chosen].max())
    return Photographs(paths, pictures.labels[chosen], groups[chosen], longest, split)


def class_counts(labels: NDArray[np.int64], task: Task) -> Sequence[tuple[str, int]]:
    """Each class's name and number of pictures."""
    counts = np.bincount(labels, minlength=len(task.labels)).tolist()
    return list(zip(task.names, counts, strict=True))
