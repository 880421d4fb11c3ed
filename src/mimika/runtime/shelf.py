"""The models that a person has added to this machine, by name.

Each lies in a folder of its own under `MIMIKA_HOME/models`: `model.onnx`, and its card
as JSON beside it, so that a process without ONNX Runtime can say what there is. The
model in the package is always there as well and is not kept here.
"""

import json
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mimika.core.card import ModelCard, parse_card
from mimika.core.errors import ModelError
from mimika.core.files import write_text
from mimika.core.tasks import TASKS
from mimika.runtime.model_check import check_model, check_size

logger = logging.getLogger(__name__)

FOLDER, MODEL, CARD, DEFAULT = "models", "model.onnx", "card.json", "default"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
Signature = tuple[int, int, int]
Mark = tuple[Signature | None, ...]


@dataclass(frozen=True)
class Shelved:
    """A model on the shelf.

    Attributes:
        name: under which it was added.
        path: its ONNX file.
        card: its card; `name` is that of the shelf.
        added: when, ISO 8601.
    """

    name: str
    path: Path
    card: ModelCard
    added: str

    def signature(self) -> Signature:
        """Changes when the file is replaced.

        Raises:
            ModelError: it is gone.
        """
        found = signature_of(self.path)
        if found is None:
            raise ModelError(f"model {self.name!r} was removed")
        return found


Found = Shelved | tuple[str, str]  # or the name of a damaged one, and what is wrong


class Shelf:
    """The models under one home folder; what others change is seen at once.

    Cards are read again only when their files changed, as the service looks for each
    picture, and what is damaged is told of once.
    """

    def __init__(self, home: Path) -> None:
        """Takes the folder of all state; nothing is read or written yet."""
        self._folder = home / FOLDER
        self._seen: dict[str, tuple[Mark, Found]] = {}

    def models(self) -> list[Shelved]:
        """All that can be used, by name; damaged ones are left out with a warning."""
        return [found for found in self._all() if isinstance(found, Shelved)]

    def damaged(self) -> dict[str, str]:
        """What is wrong with those that cannot be used, by name."""
        return dict(found for found in self._all() if isinstance(found, tuple))

    def default(self) -> str | None:
        """The name that answers where nothing is asked for; None: the shipped one."""
        name = self._written_default()
        return name if name and (self._folder / name / MODEL).is_file() else None

    def _written_default(self) -> str:
        """The name that was made the default, whatever has become of it since."""
        try:
            name = (self._folder / DEFAULT).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return ""
        return name if NAME.fullmatch(name) else ""

    def add(self, name: str, file: Path, *, replace: bool = False) -> Shelved:
        """Checks a model and puts a copy on the shelf, whole or not at all.

        Args:
            name: small letters, digits, `-` and `_`, at most 40.
            file: an ONNX file that `mimika export` or `mimika learn` wrote.
            replace: whether one of this name may be replaced.

        Raises:
            ModelError: an impossible or a taken name, or a file that cannot be used;
                the message says why.
        """
        check_name(name)
        check_size(file)
        target = self._folder / name
        if target.exists() and not replace:
            raise taken(name)
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".adding-", dir=self._folder) as place:
            made = Path(place) / "made"
            made.mkdir()
            shutil.copyfile(file, made / MODEL)
            card = _checked(made / MODEL, file).model_copy(update={"name": name})
            (made / CARD).write_text(card.model_dump_json(indent=1), "utf-8")
            self._put(made, target, replace=replace)
        found = self._read(target)
        logger.info("model %s was added", name)
        return found

    def _put(self, made: Path, target: Path, *, replace: bool) -> None:
        """Gives a finished folder its place; what was there goes with `made`'s parent.

        Raises:
            ModelError: somebody else has taken the name meanwhile.
        """
        former = made.with_name("former")
        if replace and target.exists():
            target.rename(former)
        try:
            made.rename(target)
        except OSError as error:
            if target.exists():
                raise taken(target.name) from error
            if former.exists():
                former.rename(target)
            raise

    def remove(self, name: str) -> None:
        """Takes a model off the shelf; if it was the default, the shipped one is.

        Raises:
            ModelError: there is none of this name.
        """
        target = self._known(name)
        if self._written_default() == name:
            (self._folder / DEFAULT).unlink(missing_ok=True)
        with tempfile.TemporaryDirectory(prefix=".going-", dir=self._folder) as place:
            target.rename(Path(place) / name)  # at once: nobody sees a half
        logger.info("model %s was removed", name)

    def set_default(self, name: str | None) -> None:
        """Makes a model the one that answers where nothing is asked for.

        Args:
            name: of one on the shelf; None for the shipped one.

        Raises:
            ModelError: there is none of this name, or it is damaged.
        """
        if name is None:
            (self._folder / DEFAULT).unlink(missing_ok=True)
            return
        self._read(self._known(name))
        write_text(self._folder / DEFAULT, f"{name}\n")

    def _known(self, name: str) -> Path:
        target = self._folder / name
        if not NAME.fullmatch(name) or not target.is_dir():
            raise ModelError(
                f"no model {name!r} was added here; there "
                f"{are(sorted(child.name for child in self._folders()))}"
            )
        return target

    def _all(self) -> list[Found]:
        seen: dict[str, tuple[Mark, Found]] = {}
        for folder in self._folders():
            mark = tuple(signature_of(folder / name) for name in (MODEL, CARD))
            known = self._seen.get(folder.name)
            if known is None or known[0] != mark:
                known = mark, self._look_into(folder)
            seen[folder.name] = known
        self._seen = seen
        return [found for _, found in seen.values()]

    def _look_into(self, folder: Path) -> Found:
        try:
            return self._read(folder)
        except ModelError as error:
            logger.warning("model %s cannot be used: %s", folder.name, error)
            return folder.name, str(error)

    def _folders(self) -> list[Path]:
        try:
            with os.scandir(self._folder) as entries:
                names = sorted(e.name for e in entries if e.is_dir())
        except FileNotFoundError:
            return []
        return [self._folder / name for name in names if NAME.fullmatch(name)]

    def _read(self, folder: Path) -> Shelved:
        path, card_file = folder / MODEL, folder / CARD
        if not path.is_file():
            raise ModelError(f"{path}: is missing; remove the model and add it again")
        try:
            card = parse_card(card_file.read_text("utf-8"), str(card_file))
        except (OSError, UnicodeDecodeError) as error:
            raise ModelError(
                f"{card_file}: cannot be read ({error}); remove the model and add it "
                "again"
            ) from error
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        card = card.model_copy(update={"name": folder.name})
        added = changed.isoformat(timespec="seconds")
        return Shelved(folder.name, path, card, added)


def check_name(name: str) -> None:
    """Refuses names that cannot be told from others.

    Raises:
        ModelError: an impossible name, or one that means something else.
    """
    if not NAME.fullmatch(name):
        raise ModelError(
            f"{name!r} cannot be the name of a model; expected small letters, digits, "
            "'-' and '_', at most 40, beginning with a letter or a digit"
        )
    if name in (*TASKS, DEFAULT) or name.startswith("emotion-"):
        raise ModelError(
            f"{name!r} is kept for the model that comes with mimika; choose another"
        )


def taken(name: str) -> ModelError:
    """The error that a name is taken."""
    return ModelError(
        f"there is a model {name!r} already; choose another name, or replace it"
    )


def signature_of(path: Path) -> Signature | None:
    """Changes when a file is replaced; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino, status.st_size


def _checked(copy: Path, file: Path) -> ModelCard:
    """The card of a copy, which lies alone: what it needs beside it is not there.

    Raises:
        ModelError: it cannot be used; the message names the file that was copied.
    """
    try:
        return check_model(copy)
    except ModelError as error:
        raise ModelError(str(error).replace(str(copy), str(file))) from error


def are(names: Sequence[str]) -> str:
    """`is 'a'`, `are 'a', 'b'` or `are none`."""
    if not names:
        return "are none"
    listed = ", ".join(json.dumps(name)[1:-1] for name in names)
    return f"{'is' if len(names) == 1 else 'are'} {listed}"
