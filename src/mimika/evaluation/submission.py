"""Kaggle submissions: a line a picture, its id and the class that was predicted.

Classes are matched by name, never by position. The trap that this avoids: whoever reads
class folders gets the classes in alphabetical order, so that the number 4 means neutral
in the network and sad in FER2013's files; such a submission is complete, well-formed
and wrong. Here every number is looked up by the name of the class.

What the first contest on FER2013 wanted is not documented in what we have, so the form
without a sample is the plain one: `id,emotion`, ids counting the rows of `test.csv`
from 0, FER2013's numbers.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mimika.core.errors import DataError
from mimika.core.files import write_text

Style = Literal["number", "name", "alphabetical"]
HEADER = ("id", "emotion")


@dataclass(frozen=True)
class Form:
    """How a submission looks.

    Attributes:
        header: the first line's fields; none where there is no such line.
        ids: texts in the order of the lines; None for a file without ids, whose lines
            follow the data.
        lines: number of lines without the header.
        labels: what stands for each class, by its number in the data set.
        style: how classes are written.
        guessed: keys of classes whose spelling a sample did not show, where it has
            spellings of its own.
        delimiter: between the fields.
    """

    header: tuple[str, ...]
    ids: tuple[str, ...] | None
    lines: int
    labels: tuple[str, ...]
    style: Style
    guessed: tuple[str, ...] = ()
    delimiter: str = ","


def plain_form(ids: Sequence[int], classes: Sequence[str], style: Style) -> Form:
    """The form for no sample: `id,emotion` and these ids in their order."""
    texts = tuple(str(number) for number in ids)
    return Form(HEADER, texts, len(texts), label_texts(classes, style), style)


def label_texts(classes: Sequence[str], style: Style) -> tuple[str, ...]:
    """What stands for each class.

    Args:
        classes: keys in the order of their numbers in the data set.
        style: `number`, that number; `name`, the key; `alphabetical`, its number among
            the keys sorted by the alphabet.
    """
    if style == "name":
        return tuple(classes)
    order = sorted(classes) if style == "alphabetical" else list(classes)
    return tuple(str(order.index(key)) for key in classes)


def place_rows(form: Form, ids: Sequence[int], source: str) -> NDArray[np.int64]:
    """Where the picture of each line stands among the data.

    Args:
        form: the submission's form.
        ids: of the pictures, in the order of the data.
        source: the data set, for messages.

    Returns:
        int64 (N,): for each line of the submission, a position in `ids`.

    Raises:
        DataError: an id of the data twice, one that only the form or only the data
            has, or, for a form without ids, another number of lines than pictures.
    """
    places = {number: place for place, number in enumerate(ids)}
    if len(places) != len(ids):
        doubled = next(n for place, n in enumerate(ids) if places[n] != place)
        raise DataError(
            f"{source}: the id {doubled} stands for several pictures; read one file, "
            "or one part of the data with --split"
        )
    if form.ids is None:
        if form.lines != len(ids):
            raise DataError(
                f"{source}: {len(ids)} pictures, but the sample has {form.lines} lines "
                "(without ids); take the part that it is about with --split"
            )
        return np.arange(len(ids), dtype=np.int64)
    wanted = [int(text) for text in form.ids]
    _check_match(wanted, ids, source)
    return np.array([places[number] for number in wanted], np.int64)


def write_submission(path: Path, form: Form, predicted: NDArray[np.int64]) -> None:
    """Writes a submission, whole or not at all.

    Args:
        path: the file; its folder exists.
        form: how it looks.
        predicted: int64 (N,), the class of each line by its number in the data set.

    Raises:
        DataError: it cannot be written.
    """
    labels = [form.labels[number] for number in predicted]
    body = (
        [(x,) for x in labels]
        if form.ids is None
        else zip(form.ids, labels, strict=True)
    )
    text = io.StringIO()
    writer = csv.writer(text, delimiter=form.delimiter, lineterminator="\n")
    if form.header:
        writer.writerow(form.header)
    writer.writerows(body)
    try:
        write_text(path, text.getvalue())
    except OSError as error:
        raise DataError(f"{path}: cannot be written ({error})") from error


def _check_match(wanted: Sequence[int], ids: Sequence[int], source: str) -> None:
    unknown = sorted(set(wanted) - set(ids))
    missing = sorted(set(ids) - set(wanted))
    if not unknown and not missing:
        return
    causes = [
        f"only {where} has {len(only)} of the ids, the first is {only[0]}"
        for where, only in (("the sample", unknown), ("the data", missing))
        if only
    ]
    first = min(wanted)
    way = "take the part that the sample is about with --split"
    if sorted(wanted) == list(range(first, first + len(ids))):
        way = f"where the sample counts the same pictures, give --first-id {first}"
    raise DataError(
        f"{source} (ids {min(ids)} to {max(ids)}) does not fit the sample (ids {first} "
        f"to {max(wanted)}): {'; '.join(causes)}; {way}"
    )
