"""A split that is kept in a file, so that training and evaluation use the same.

JSON, because a program writes and reads it. It names each picture by its position in
the data set as it is read (for FER2013 that is the row of the original, whether from
parquet or from Kaggle's csv files) and carries a digest of all pictures in that order,
so that it cannot be used with other data.
"""

import hashlib
import json
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError, model_validator

from mimika.core.card import Frozen
from mimika.core.errors import DataError
from mimika.core.files import write_text
from mimika.core.preprocess import UInt8Array
from mimika.data.samples import Samples


class SavedSplit(Frozen):
    """Parts of a data set.

    Attributes:
        name: what it is called.
        rule: how it was made, in words.
        seed: the seed of that; None where nothing was drawn.
        images: number of pictures in the whole data set.
        digest: SHA-256 of the whole data set's pictures: see `picture_digest`.
        parts: rising positions by the name of each part; no picture is in two parts,
            some may be in none.
        schema_version: version of this file's form.
    """

    schema_version: Literal[1] = 1
    name: str = Field(min_length=1)
    rule: str
    seed: int | None = None
    images: int = Field(ge=0)
    digest: str = Field(pattern=r"^sha256:[0-9a-f]{64}$")
    parts: dict[str, tuple[int, ...]] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_a_split(self) -> "SavedSplit":
        for name, places in self.parts.items():
            if not places:
                raise ValueError(f"part {name!r} is empty")
            if list(places) != sorted(set(places)):
                raise ValueError(f"part {name!r} does not rise from place to place")
            if places[0] < 0 or places[-1] >= self.images:
                raise ValueError(
                    f"part {name!r} has positions outside 0..{self.images - 1}"
                )
        everything = list(chain.from_iterable(self.parts.values()))
        if len(set(everything)) != len(everything):
            raise ValueError("a picture is in two parts")
        return self

    def apply(self, samples: Samples) -> dict[str, Samples]:
        """The pictures of each part.

        Args:
            samples: the whole data set, as it was read.

        Raises:
            DataError: other pictures than those that were split, or in another order.
        """
        self._check(samples)
        return {
            name: samples.take(np.array(places, np.int64))
            for name, places in self.parts.items()
        }

    def part(self, samples: Samples, name: str) -> Samples:
        """The pictures of one part.

        Raises:
            DataError: no such part, or other pictures than those that were split.
        """
        if name not in self.parts:
            raise DataError(
                f"split {self.name!r}: no part {name!r}; it has {', '.join(self.parts)}"
            )
        self._check(samples)
        return samples.take(np.array(self.parts[name], np.int64))

    def describe(self, name: str) -> str:
        """A part in words: cards and judgements know their pictures by them."""
        return f"part {name} of split {self.name}"

    def _check(self, samples: Samples) -> None:
        if len(samples) != self.images:
            raise DataError(
                f"{samples.source}: {len(samples)} pictures, but split {self.name!r} "
                f"was made from {self.images}; read the data set it was made from, "
                "whole, or make the split again"
            )
        if picture_digest(samples.images) != self.digest:
            raise DataError(
                f"{samples.source}: other pictures, or in another order, than those "
                f"that split {self.name!r} was made from; read the data set it was "
                "made from, or make the split again"
            )


def make_split(
    samples: Samples,
    parts: Mapping[str, NDArray[np.int64] | NDArray[np.bool_]],
    *,
    name: str,
    rule: str,
    seed: int | None = None,
) -> SavedSplit:
    """Describes a split of a data set.

    Args:
        samples: the whole data set, as it was read.
        parts: positions in it by the name of each part, in any order, or masks.
        name: what to call it.
        rule: how it was made, in words.
        seed: the seed of that.

    Raises:
        DataError: an empty part, a position that is not there, or one in two parts.
    """
    try:
        return SavedSplit(
            name=name,
            rule=rule,
            seed=seed,
            images=len(samples),
            digest=picture_digest(samples.images),
            parts={part: _places(chosen) for part, chosen in parts.items()},
        )
    except ValidationError as error:
        raise DataError(f"split {name!r}: {_first_fault(error)}") from error


def _places(chosen: NDArray[np.int64] | NDArray[np.bool_]) -> tuple[int, ...]:
    places = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else np.sort(chosen)
    return tuple(places.tolist())


def write_split(path: Path, split: SavedSplit) -> None:
    """Writes a split file, beside its place first: it is whole or it is not there.

    Raises:
        DataError: it cannot be written.
    """
    values = split.model_dump()
    parts = values.pop("parts")
    head = json.dumps(values, indent=1, ensure_ascii=False).removesuffix("\n}")
    lines = ",\n".join(
        f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(places)}"
        for name, places in parts.items()
    )
    try:
        write_text(path, f'{head},\n "parts": {{\n{lines}\n }}\n}}\n')
    except OSError as error:
        raise DataError(f"{path}: the split cannot be written ({error})") from error


def read_split(path: Path) -> SavedSplit:
    """Reads a split file.

    Raises:
        DataError: no such file, or not a split file; the message says what is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: the split cannot be read ({error})") from error
    try:
        return SavedSplit.model_validate_json(text)
    except ValidationError as error:
        raise DataError(
            f"{path}: not a split file of this version of mimika: "
            f"{_first_fault(error)}; make the split again"
        ) from error


def picture_digest(images: UInt8Array) -> str:
    """SHA-256 of pictures in their order, `sha256:` and 64 hexadecimal digits.

    Args:
        images: uint8 (N, H, W) or (N, H, W, 3); the shape counts as well.
    """
    digest = hashlib.sha256(repr(images.shape).encode())
    digest.update(np.ascontiguousarray(images).data)
    return f"sha256:{digest.hexdigest()}"


def _first_fault(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else first["msg"]
