"""Accuracies of other people's models on FER2013, with what is to be doubted in them.

They stand in `published.toml` beside this file. Few of them can be compared: some were
measured on another split than they say, on pictures that were in training, or are the
best of many tries on the test itself. Every row says which.
"""

import tomllib
from importlib.resources import files
from typing import Literal

from pydantic import Field, ValidationError

from mimika.core.card import Frozen
from mimika.core.errors import DataError

Standing = Literal[
    "clean",
    "not audited",
    "chosen on the test",
    "wrong split",
    "leaked",
    "extra data",
]
COMPARABLE: frozenset[Standing] = frozenset(("clean", "not audited"))


class Published(Frozen):
    """One published figure.

    Attributes:
        name: of the model.
        accuracy: 0..1.
        split: the pictures it was really scored on.
        standing: how far the figure can be trusted: `clean`, chosen without the scored
            pictures; `not audited`, nobody has read how it was chosen; `chosen on the
            test`, the best of several there; `wrong split`, scored on other pictures
            than it says or than others use; `leaked`, the scored pictures or answers to
            them were in training; `extra data`, trained on more than FER2013 and usual
            pretraining.
        selection: the rule by which the checkpoint was chosen.
        inference: single network, crops, test-time augmentation or ensemble.
        pretraining: what it was trained on before.
        input_px: height and width of the input in pixels; None where not known.
        parameters: number of trained values; None where not known.
        multiply_adds: for one picture, single look; None where not known.
        cost_note: where parameters and multiply-adds come from, if not from the source.
        source: where the figure was read or measured.
        doubt: what is wrong or unknown, in a sentence or two.
    """

    name: str = Field(min_length=1)
    accuracy: float = Field(gt=0, lt=1)
    split: str = Field(min_length=1)
    standing: Standing
    selection: str = Field(min_length=1)
    inference: str = Field(min_length=1)
    pretraining: str = Field(min_length=1)
    input_px: int | None = Field(default=None, ge=1)
    parameters: int | None = Field(default=None, ge=1)
    multiply_adds: int | None = Field(default=None, ge=1)
    cost_note: str | None = None
    source: str = Field(min_length=1)
    doubt: str = Field(min_length=1)

    @property
    def comparable(self) -> bool:
        """Whether the figure may be set beside others."""
        return self.standing in COMPARABLE


def load_published() -> tuple[Published, ...]:
    """The figures that come with the package: comparable ones, then the others.

    Raises:
        DataError: the file in the package is damaged.
    """
    resource = files("mimika.evaluation") / "published.toml"
    return parse_published(resource.read_text(encoding="utf-8"), resource.name)


def parse_published(text: str, origin: str) -> tuple[Published, ...]:
    """Reads published figures from TOML: a table `[[model]]` for each.

    Args:
        text: the TOML.
        origin: where it was found, for messages.

    Returns:
        Those that may be compared, then those that must not be; each from high to low.

    Raises:
        DataError: not TOML, or a row with an unknown, missing or impossible field, or a
            name that stands twice; the message names the row.
    """
    try:
        tables = tomllib.loads(text)["model"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise DataError(
            f"{origin}: not a list of published figures ({error}); expected TOML with "
            "a table [[model]] for each"
        ) from error
    rows = [_parse(table, number, origin) for number, table in enumerate(tables, 1)]
    names = [row.name for row in rows]
    for name in names:
        if names.count(name) > 1:
            raise DataError(f"{origin}: {name!r} stands twice; give each its own name")
    return tuple(sorted(rows, key=lambda row: (not row.comparable, -row.accuracy)))


def _parse(table: object, number: int, origin: str) -> Published:
    try:
        return Published.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole table"
        raise DataError(f"{origin}: table {number}: {where}: {first['msg']}") from error
