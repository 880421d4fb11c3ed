"""The steps of an analysis, one after the other."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mimika.analysis.any_folder import read_any_folder
from mimika.analysis.appearance import Appearance, measure_appearance
from mimika.analysis.balance import Balance, measure_balance
from mimika.analysis.colours import with_colours
from mimika.analysis.faces import FaceSearch, search_faces, summarize
from mimika.analysis.features import describe_pictures
from mimika.analysis.file_traits import FileTraits, read_many
from mimika.analysis.label_quality import LabelQuality, judge_labels
from mimika.analysis.leakage import Copies, measure_copies
from mimika.analysis.pictures import Pictures, from_samples
from mimika.analysis.processes import spread
from mimika.analysis.representatives import Representatives, find_representatives
from mimika.analysis.votes import (
    Agreement,
    SuspectsCheck,
    check_suspects,
    measure_agreement,
)
from mimika.core.errors import DataError
from mimika.core.tasks import EMOTION
from mimika.data.duplicates import Duplicates, find_duplicates
from mimika.data.reading import CSV_NAMES, read_dataset
from mimika.data.samples import BadRow
from mimika.data.votes import Votes, read_votes

TABLES = (".csv", ".csv.gz", ".parquet")
Share = Callable[[float], None]


class Steps(Protocol):
    """Tells people which step is under way."""

    def step(self, name: str) -> AbstractContextManager[Share]:
        """A step that lasts as long as the block; takes the share that is done."""
        ...


class Silent:
    """Tells nobody."""

    @contextmanager
    def step(self, name: str) -> Iterator[Share]:
        """Does nothing with the name and the shares."""
        yield lambda share: None


@dataclass(frozen=True)
class Findings:
    """Everything that is found in a data set.

    Attributes:
        seed: of everything drawn by chance.
        balance: classes.
        appearance: brightness, contrast, sharpness, blank pictures.
        duplicates: copies and near-copies.
        copies: what they mean.
        representatives: of every class that has pictures.
        faces: pictures without a face.
        labels: suspect labels; None where there is nothing to judge.
        votes: the crowd votes; None without a file of them.
        agreement: how far they agree; None without.
        suspects_checked: the suspect labels against the votes; None without.
    """

    seed: int
    balance: Balance
    appearance: Appearance
    duplicates: Duplicates
    copies: Copies
    representatives: tuple[Representatives, ...]
    faces: FaceSearch
    labels: LabelQuality | None
    votes: Votes | None
    agreement: Agreement | None
    suspects_checked: SuspectsCheck | None


def read_pictures(data: Path, workers: int, steps: Steps) -> Pictures:
    """Reads any data set: a table of FER2013, a folder with one, or class folders.

    Args:
        data: a file or a folder.
        workers: processes that read files.
        steps: is told what is done.

    Raises:
        DataError: nothing there that can be read.
    """
    if not data.exists():
        raise DataError(f"{data}: does not exist; expected a file or a folder")
    with steps.step("reading") as done:
        if not data.is_dir() or _holds_table(data):
            return from_samples(read_dataset(data, skip_bad=True), EMOTION.labels)

        def read(paths: Sequence[Path]) -> Iterator[FileTraits | BadRow]:
            for number, traits in enumerate(
                spread(read_many, paths, workers, 32), start=1
            ):
                done(number / len(paths))
                yield traits

        return read_any_folder(data, read)


def join_votes(path: Path, pictures: Pictures) -> Votes:
    """Reads a file of votes for the pictures.

    Raises:
        DataError: the votes do not fit the data set.
    """
    keys = [label.key for label in pictures.classes]
    return read_votes(path, pictures, keys)


def examine(
    pictures: Pictures, votes_file: Path | None, seed: int, workers: int, steps: Steps
) -> Findings:
    """Runs all steps.

    Args:
        pictures: the data set.
        votes_file: csv of crowd votes, or None.
        seed: seeds everything drawn by chance.
        workers: processes for the search for faces.
        steps: is told what is done.

    Raises:
        DataError: the votes do not fit the data set.
    """
    votes = None if votes_file is None else join_votes(votes_file, pictures)
    with steps.step("counting and measuring"):
        balance, appearance = measure_balance(pictures), measure_appearance(pictures)
    with steps.step("copies and near-copies") as done:
        duplicates = find_duplicates(pictures.images, progress=done)
        copies = measure_copies(pictures, duplicates)
    with steps.step("shapes") as done:
        features = describe_pictures(pictures.images, seed, done)
        if pictures.files is not None and not (pictures.files.modes == "L").all():
            features = with_colours(features, pictures.files.colours)
    with steps.step("representatives"):
        usable = _usable(duplicates, appearance)
        representatives = find_representatives(pictures, features, usable, seed)
    with steps.step("suspect labels") as done:
        labels = judge_labels(pictures, features, duplicates.groups, seed, done)
    with steps.step("faces") as done:
        found = search_faces(pictures, appearance.blank, workers, seed, done)
    agreement = checked = None
    if votes is not None:
        agreement = measure_agreement(pictures, votes)
        if labels is not None:
            checked = check_suspects(pictures, votes, labels.suspects)
    return Findings(
        seed,
        balance,
        appearance,
        duplicates,
        copies,
        representatives,
        summarize(pictures, found, votes),
        labels,
        votes,
        agreement,
        checked,
    )


def _holds_table(folder: Path) -> bool:
    """Whether a folder holds a data set as a table, which is then what is read.

    A table of another name beside folders of pictures is a list of these.
    """
    children = [child for child in folder.iterdir() if child.name[:1] != "."]
    names = [child.name.lower() for child in children if child.is_file()]
    tables = [name for name in names if name.endswith(TABLES)]
    known = {name for group in CSV_NAMES for name in group}
    is_known = any(
        name.removesuffix(".gz") in known or name.endswith(".parquet")
        for name in tables
    )
    return is_known or (bool(tables) and not any(c.is_dir() for c in children))


def _usable(duplicates: Duplicates, appearance: Appearance) -> NDArray[np.bool_]:
    """Pictures that are not blank and no copy of an earlier one."""
    usable = np.zeros(len(duplicates.groups), bool)
    usable[np.unique(duplicates.groups, return_index=True)[1]] = True
    usable[appearance.blank] = False
    return usable
