"""Policies: what is done to training pictures, by name or written out.

Everything is checked here, before albumentations sees it: it takes many wrong values
for other right ones, and only warns about parameters that it does not have.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mimika.augmentation.named import NAMED
from mimika.augmentation.pipeline import Augmenter
from mimika.augmentation.transforms import ALLOWED, Pair, Range, Step
from mimika.core.errors import ConfigError
from mimika.core.preprocess import UInt8Array

KEY = "augmentation"  # in an experiment file
WRITTEN_OUT = "custom"  # name of a policy that is not one of `NAMED`
DEFAULT_P = 0.5
EXAMPLE = '[{name = "HorizontalFlip", p = 0.5}]'


@dataclass(frozen=True)
class Policy:
    """A list of transforms, done one after the other.

    Attributes:
        name: a key of `NAMED`, or `custom`.
        steps: the transforms with every parameter.
    """

    name: str
    steps: tuple[Step, ...]

    def build(self, size: int) -> Augmenter:
        """The policy for single pictures.

        Args:
            size: height and width of the pictures in pixels.
        """
        return Augmenter(self.steps, size)

    def to_data(self) -> list[dict[str, Any]]:
        """Lists, texts and numbers that `parse_policy` reads back."""
        return [
            {"name": step.name, "p": step.p}
            | {name: list(pair) for name, pair in step.ranges}
            for step in self.steps
        ]

    def to_toml(self) -> str:
        """`to_data` as a value in an experiment file, on one line."""
        return f"[{', '.join(_inline_table(step) for step in self.to_data())}]"


def augment_one(
    policy: Policy, image: UInt8Array, seed: int, epoch: int, row: int
) -> UInt8Array:
    """A changed copy of one picture: see `Augmenter`, to be kept for many.

    Args:
        policy: what is done.
        image: uint8 (S, S) grey, 0..255.
        seed: seed of the run.
        epoch: number of the epoch.
        row: number of the picture in its data set.

    Returns:
        uint8 (S, S).
    """
    return policy.build(len(image))(image, seed=seed, epoch=epoch, row=row)


def parse_policy(value: object) -> Policy:
    """Reads a policy as an experiment file gives it.

    Args:
        value: a key of `NAMED`, or a sequence with a mapping for each transform: its
            `name`, optionally `p` (0.5 where it is missing), and its parameters as
            `[low, high]`.

    Raises:
        ConfigError: an unknown name or parameter, or an impossible range; the message
            lists what exists.
    """
    if isinstance(value, str):
        if value not in NAMED:
            raise ConfigError(
                f"{KEY}: no policy {value!r}; expected one of {', '.join(NAMED)}, or a "
                f"list of transforms such as {EXAMPLE}"
            )
        return Policy(value, _steps(NAMED[value]))
    if not isinstance(value, (list, tuple)):
        raise ConfigError(
            f"{KEY} = {value!r}: expected one of {', '.join(NAMED)}, or a list of "
            f"transforms such as {EXAMPLE}"
        )
    return Policy(WRITTEN_OUT, _steps(value))


def read_policy(source: str) -> Policy:
    """The policy of this name, or the one in a TOML file.

    Args:
        source: a key of `NAMED`, or the path of an experiment file, or of any TOML
            file with the key `augmentation`.

    Raises:
        ConfigError: no such policy or file, or nothing right in it.
    """
    path = Path(source)
    if source in NAMED or (path.suffix.lower() != ".toml" and not path.is_file()):
        return parse_policy(source)
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as a TOML file ({error})") from error
    if KEY not in values:
        have = ", ".join(values) or "nothing"
        raise ConfigError(
            f"{path}: no key {KEY!r} in it, but {have}; write for example "
            f'{KEY} = "simple"'
        )
    try:
        return parse_policy(values[KEY])
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def _steps(tables: Sequence[object]) -> tuple[Step, ...]:
    return tuple(_step(number, table) for number, table in enumerate(tables, 1))


def _step(number: int, table: object) -> Step:
    where = f"{KEY}, transform {number}"
    if not isinstance(table, Mapping):
        raise ConfigError(
            f"{where}: {table!r}: expected a table such as {EXAMPLE[1:-1]}"
        )
    name = table.get("name")
    if not isinstance(name, str) or name not in ALLOWED:
        found = "no name" if name is None else f"no transform {name!r}"
        raise ConfigError(
            f"{where}: {found}; those that keep the label of a face are "
            f"{', '.join(ALLOWED)}"
        )
    where = f"{where} ({name})"
    allowed = ALLOWED[name]
    for key in table:
        if key not in ("name", "p", *allowed):
            known = ", ".join(("p", *allowed))
            raise ConfigError(f"{where}: no parameter {key!r}; there are {known}")
    ranges = tuple(
        (key, _pair(where, key, table.get(key, accepted.default), accepted))
        for key, accepted in allowed.items()
    )
    return Step(name, _probability(where, table.get("p", DEFAULT_P)), ranges)


def _probability(where: str, found: Any) -> float:
    if not _is_number(found) or not 0 <= found <= 1:
        raise ConfigError(
            f"{where}: p = {found!r}; expected a probability, a number in 0..1"
        )
    return float(found)


def _pair(where: str, key: str, found: Any, accepted: Range) -> Pair:
    if not _is_pair(found, accepted):
        # as it is written in TOML, whatever kind of sequence it came in
        shown = list(found) if isinstance(found, tuple) else found
        raise ConfigError(f"{where}: {key} = {shown!r}; expected {accepted.expected}")
    low, high = found
    return (int(low), int(high)) if accepted.whole else (float(low), float(high))


def _is_pair(found: Any, accepted: Range) -> bool:
    if not isinstance(found, (list, tuple)) or len(found) != 2:
        return False
    if not all(_is_number(value) for value in found):
        return False
    if accepted.whole and any(value != int(value) for value in found):
        return False
    low, high = found
    return bool(accepted.low <= low <= high <= accepted.high)


def _is_number(found: Any) -> bool:
    # true and false are numbers in Python, but not in a policy
    is_number = isinstance(found, (int, float)) and not isinstance(found, bool)
    return is_number and math.isfinite(found)


def _inline_table(step: Mapping[str, Any]) -> str:
    """A TOML inline table; names of transforms and parameters need no escapes."""
    pairs = (
        f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}"
        for key, value in step.items()
    )
    return f"{{{', '.join(pairs)}}}"
