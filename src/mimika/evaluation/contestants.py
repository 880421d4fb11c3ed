"""What `mimika compare` is given: runs, files of predictions, and which are one thing.

Runs of the same experiment with other seeds are one entry. Whether two are the same is
told from the `config.toml` that every run keeps: all keys must be equal but the seed
and the name, and of files only their names count, since people train in several places.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mimika.core.card import ModelCard, parse_card
from mimika.core.errors import DataError
from mimika.evaluation.predictions import Predictions, load_predictions

PREDICTIONS, CARD, CONFIG = "predictions.npz", "card.json", "config.toml"
LABELS = ("seed", "name")  # keys that tell runs apart without changing what is trained
FILES = ("data", "split_file", "votes", "weights")  # keys whose value is a path
SEED_ENDING = re.compile(r"[-_. ]+(seed|s)?[-_. ]*\d+$")


@dataclass(frozen=True)
class Contestant:
    """One run, or one file of predictions.

    Attributes:
        path: what was given.
        name: of its folder or file.
        predictions: those on pictures that have a label.
        card: the model's card; None where it is not known.
        config: the run's resolved settings; None where they are not known.
    """

    path: Path
    name: str
    predictions: Predictions
    card: ModelCard | None = None
    config: dict[str, Any] | None = None

    @property
    def seed(self) -> int | None:
        """The seed of the training; None where it is not known."""
        if self.config is not None:
            return int(self.config["seed"])
        return None if self.card is None else self.card.seed


@dataclass(frozen=True)
class Entry:
    """One line of a comparison: a contestant, or several that differ in the seed.

    Attributes:
        name: what it is called.
        members: at least one.
    """

    name: str
    members: tuple[Contestant, ...]


def load_contestant(path: Path) -> Contestant:
    """Reads a run's folder, or a `.npz` file that `mimika evaluate --save` wrote.

    Raises:
        DataError: neither, an unfinished run, predictions of other weights than the
            run's, or pictures without labels.
    """
    if path.is_dir():
        return _load_run(path)
    if path.suffix.lower() != ".npz":
        raise DataError(
            f"{path}: expected the folder of a finished run, or a .npz file that "
            "'mimika evaluate --save' wrote"
        )
    stem = path.absolute().parent.name if path.name == PREDICTIONS else path.stem
    found = _labelled(path)
    config = _settings(found.settings, path) if found.settings else None
    return Contestant(path, shown(stem), found, found.card, config)


def _load_run(folder: Path) -> Contestant:
    predictions = _labelled(folder / PREDICTIONS)
    card = parse_card(_read(folder / CARD), str(folder / CARD))
    if card.digest != predictions.weights:
        raise DataError(
            f"{folder}: {PREDICTIONS} was written by other weights than those that "
            f"{CARD} describes; finish the run with 'mimika train ... --resume'"
        )
    config = _settings(_read(folder / CONFIG), folder / CONFIG)
    name = shown(folder.absolute().name)
    return Contestant(folder, name, predictions, card, config)


def _settings(text: str, origin: Path) -> dict[str, Any]:
    """Settings with a seed among them, from TOML."""
    try:
        config = tomllib.loads(text)
        int(config["seed"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"{origin}: not the settings of a run ({error!r})") from error
    return config


def shown(name: str) -> str:
    """A name that can be written as UTF-8, whatever bytes the file system has."""
    return name.encode("utf-8", "backslashreplace").decode()


def _labelled(path: Path) -> Predictions:
    predictions = load_predictions(path)
    try:
        return predictions.labelled()
    except DataError as error:
        raise DataError(f"{path}: {error}") from error


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"{path}: cannot be read ({error}); expected the folder of a finished run"
        ) from error


def check_same_pictures(contestants: Sequence[Contestant]) -> None:
    """Refuses contestants that did not answer about the same pictures.

    Raises:
        DataError: other pictures, another order, other labels or other classes; the
            message names two contestants that differ.
    """
    first = contestants[0]
    for other in contestants[1:]:
        cause = _difference(first.predictions, other.predictions)
        if cause:
            raise DataError(
                f"{first.path} and {other.path} cannot be compared: {cause}; judge "
                "both on the same pictures with 'mimika evaluate --save'"
            )


def _difference(first: Predictions, other: Predictions) -> str | None:
    if first.classes != other.classes:
        return (
            f"their classes are {', '.join(first.classes)} and "
            f"{', '.join(other.classes)}"
        )
    if first.digest != other.digest:
        return (
            "they are about other pictures, or another order of them: "
            f"{first.split} ({len(first.rows)}) and {other.split} ({len(other.rows)})"
        )
    if not np.array_equal(first.rows, other.rows):
        return (
            f"they are about other rows of {first.split}: {len(first.rows)} and "
            f"{len(other.rows)} of them"
        )
    if not np.array_equal(first.labels, other.labels):
        count = int((first.labels != other.labels).sum())
        return f"the labels of {count} of their {len(first.labels)} pictures differ"
    return None


def settings_without_seed(config: dict[str, Any]) -> dict[str, Any]:
    """What has to be equal for two runs to be the same experiment."""
    return {
        key: Path(value).name if key in FILES else value
        for key, value in config.items()
        if key not in LABELS
    }


def enter(contestants: Sequence[Contestant], *, pool: bool = True) -> tuple[Entry, ...]:
    """Puts runs that differ only in the seed into one entry, in the order given.

    Args:
        contestants: at least one.
        pool: False gives every contestant an entry of its own.

    Raises:
        DataError: the same one twice, or two runs with equal settings and equal seed.
    """
    _check_once(contestants)
    groups: list[list[Contestant]] = []
    for contestant in contestants:
        group = next((g for g in groups if pool and _same(g[0], contestant)), None)
        if group is None:
            groups.append([contestant])
        else:
            _check_seed(group, contestant)
            group.append(contestant)
    names = [_common_name([member.name for member in group]) for group in groups]
    return tuple(
        Entry(
            name if names.count(name) == 1 else shown(str(group[0].path)), tuple(group)
        )
        for name, group in zip(names, groups, strict=True)
    )


def _check_once(contestants: Sequence[Contestant]) -> None:
    paths = [contestant.path.resolve() for contestant in contestants]
    for contestant, path in zip(contestants, paths, strict=True):
        if paths.count(path) > 1:
            raise DataError(f"{contestant.path} was given twice; give it once")


def _same(first: Contestant, other: Contestant) -> bool:
    if first.config is None or other.config is None:
        return False
    return settings_without_seed(first.config) == settings_without_seed(other.config)


def _check_seed(group: Sequence[Contestant], other: Contestant) -> None:
    for member in group:
        if member.seed == other.seed:
            raise DataError(
                f"{member.path} and {other.path} have the same settings and the same "
                f"seed {other.seed}, so they say nothing about chance; leave one out, "
                "or give each a line of its own with --no-pool"
            )


def _common_name(names: Sequence[str]) -> str:
    """`first` for `first-s1` and `first-s2`; else the first name as it is."""
    stems = {SEED_ENDING.sub("", name) for name in names}
    return stems.pop() if len(names) > 1 and len(stems) == 1 else names[0]
