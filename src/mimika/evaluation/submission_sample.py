"""What a sample submission says: header, ids, and how classes are written."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mimika.core.errors import DataError
from mimika.evaluation.submission import Form, Style, label_texts

ClassReader = Callable[[str], int | None]  # number of the class that a text names
DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Cell:
    """The label of one line: its text and the line's number, the first is 1."""

    text: str
    line: int


def read_sample(
    path: Path, classes: Sequence[str], reader: ClassReader, style: Style | None = None
) -> Form:
    """The form of a sample submission.

    Args:
        path: a csv file with ids and labels, or with labels alone; with a header or
            without; comma, semicolon or tab between the fields.
        classes: keys in the order of their numbers in the data set.
        reader: tells the number of the class that a label names.
        style: how to write classes; None to follow the sample, where digits mean the
            numbers of the data set (nothing in a file tells them from alphabetical
            ones).

    Raises:
        DataError: no such file or one of another kind; labels that are no classes, of
            several styles or of another one than `style`; an id that is no number or
            stands twice.
    """
    lines, delimiter = _read_lines(path)
    last = lines[0][-1]
    has_header = bool(last) and not last.isdecimal() and reader(last) is None
    body = lines[1:] if has_header else lines
    first = len(lines) - len(body) + 1
    if not body:
        raise DataError(f"{path}: no lines after the header; expected an id a picture")
    ids = tuple(line[0] for line in body) if len(body[0]) == 2 else None
    _check_ids(path, ids or (), first)
    cells = [Cell(line[-1], number) for number, line in enumerate(body, first)]
    chosen = _style(path, cells, style)
    header = tuple(lines[0]) if has_header else ()
    if chosen == "name":
        labels, guessed = _spellings(path, cells, classes, reader)
        return Form(header, ids, len(body), labels, chosen, guessed, delimiter)
    _check_numbers(path, cells, len(classes))
    labels = label_texts(classes, chosen)
    return Form(header, ids, len(body), labels, chosen, delimiter=delimiter)


def _read_lines(path: Path) -> tuple[list[list[str]], str]:
    """The fields of all lines that are not empty, and what stands between them."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        start = text.partition("\n")[0]
        delimiter = max(DELIMITERS, key=start.count)
        rows = list(csv.reader(text.splitlines(), delimiter=delimiter))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: cannot be read as a sample ({error})") from error
    lines = [[field.strip() for field in row] for row in rows if row]
    if not lines:
        raise DataError(f"{path}: the sample is empty")
    width = len(lines[0])
    if width > 2:
        raise DataError(
            f"{path}: {width} columns ({', '.join(lines[0][:9])}); expected an id and "
            "a label, or labels alone; the probabilities of all classes are written by "
            "'mimika predict --data ... --probabilities'"
        )
    for number, line in enumerate(lines, 1):
        if len(line) != width:
            raise DataError(
                f"{path}, line {number}: {len(line)} fields, expected {width}"
            )
    return lines, delimiter


def _check_ids(path: Path, ids: Sequence[str], first_line: int) -> None:
    seen: dict[int, int] = {}
    for number, text in enumerate(ids, first_line):
        if not (text.isascii() and text.isdecimal()):
            raise DataError(
                f"{path}, line {number}: the id {text!r} is no number; pictures are "
                "known by the row of their file, counted from 0"
            )
        if int(text) in seen:
            doubled = len(ids) - len({int(t) for t in ids if t.isdecimal()})
            raise DataError(
                f"{path}, line {number}: the id {text} stands in line "
                f"{seen[int(text)]} already; {doubled} ids are doubled"
            )
        seen[int(text)] = number


def _style(path: Path, cells: Sequence[Cell], wanted: Style | None) -> Style:
    """The style that was asked for or that the labels have."""
    filled = [cell for cell in cells if cell.text]
    if not filled:
        if wanted is None:
            raise DataError(
                f"{path}: the labels are empty, so nothing says how to write classes; "
                "give --label-style"
            )
        return wanted
    numbered = filled[0].text.isdecimal()
    for cell in filled:
        if cell.text.isdecimal() != numbered:
            raise DataError(
                f"{path}, line {cell.line}: label {cell.text!r}, but in line "
                f"{filled[0].line} {filled[0].text!r}; expected numbers only, or names"
            )
    if wanted is not None and numbered == (wanted == "name"):
        kind = "numbers" if numbered else "names"
        raise DataError(
            f"{path}: its labels are {kind}, such as {filled[0].text!r}, which is not "
            f"the style {wanted!r} that was asked for; leave --label-style out"
        )
    return wanted or ("number" if numbered else "name")


def _check_numbers(path: Path, cells: Sequence[Cell], classes: int) -> None:
    for cell in cells:
        if cell.text and int(cell.text) >= classes:
            raise DataError(
                f"{path}, line {cell.line}: label {cell.text}, expected "
                f"0..{classes - 1}"
            )


def _spellings(
    path: Path, cells: Sequence[Cell], classes: Sequence[str], reader: ClassReader
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sample's own names, and the keys of classes whose name had to be guessed."""
    known: dict[int, str] = {}
    for cell in cells:
        number = reader(cell.text) if cell.text else None
        if cell.text and (number is None or cell.text[0].isdecimal()):
            raise DataError(
                f"{path}, line {cell.line}: label {cell.text!r} is none of "
                f"{', '.join(classes)}"
            )
        if number is not None and known.setdefault(number, cell.text) != cell.text:
            raise DataError(
                f"{path}, line {cell.line}: {cell.text!r} and {known[number]!r} are "
                "the same class; expected one spelling"
            )
    own = any(text.lower() != classes[number] for number, text in known.items())
    guessed = [key for n, key in enumerate(classes) if own and n not in known]
    example = next(iter(known.values()), "")
    labels = (known.get(n, _as_cased(key, example)) for n, key in enumerate(classes))
    return tuple(labels), tuple(guessed)


def _as_cased(key: str, example: str) -> str:
    """A class's key in the letter case of an example."""
    if example.isupper():
        return key.upper()
    return key.title() if example[:1].isupper() else key
