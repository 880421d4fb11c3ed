"""Lines and header of a csv file, plain or gzip, as spreadsheets and Kaggle write it.

Python's csv module is not used: it decodes every line to text and takes it apart
character by character, and a field of this data never holds a delimiter.
"""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from mimika.core.errors import DataError
from mimika.data.collector import RowError, quote

GZIP_MAGIC = b"\x1f\x8b"
UTF8_BOM = b"\xef\xbb\xbf"
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = (b",", b";", b"\t")
LONGEST_LINE = 1 << 16  # bytes; a row of FER2013 has at most 9,240
WANTED = "expected a first line such as 'emotion,pixels' or 'emotion,pixels,Usage'"


@dataclass(frozen=True)
class Header:
    """The first line of a csv file.

    Attributes:
        delimiter: what stands between the fields.
        columns: place of each column by its name in lower case.
        width: number of fields of every line.
    """

    delimiter: bytes
    columns: dict[str, int]
    width: int

    def fields(self, line: bytes) -> list[bytes]:
        """The fields of a line, without quotes and white space around them.

        Raises:
            RowError: the line is empty, far too long, or has another count of fields.
        """
        if len(line) >= LONGEST_LINE:
            raise RowError(f"a line of more than {LONGEST_LINE} bytes")
        if not line.strip():
            raise RowError("an empty line, expected a row")
        fields = [_bare(field) for field in line.split(self.delimiter)]
        if len(fields) != self.width:
            raise RowError(
                f"{len(fields)} fields, expected {self.width} "
                f"({', '.join(self.columns)})"
            )
        return fields


@contextmanager
def open_csv(path: Path) -> Iterator[BinaryIO]:
    """Opens a file that may be compressed with gzip, which its first bytes tell.

    Raises:
        DataError: it cannot be opened or read, or its compressed form is damaged.
    """
    try:
        with path.open("rb") as file:
            packed = file.peek(2)[:2] == GZIP_MAGIC
            # GzipFile is a BinaryIO in all but its type
            yield cast(BinaryIO, gzip.GzipFile(fileobj=file)) if packed else file
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(
            f"{path}: the gzip file is damaged or cut short ({error}); fetch it again"
        ) from error
    except OSError as error:
        raise DataError(
            f"{path}: cannot be read ({error.strerror or error})"
        ) from error


def numbered_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yields each line with its number, the first is 1; cut off at `LONGEST_LINE`."""
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        yield number, line
        while len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE)


def parse_header(line: bytes, path: Path) -> Header:
    """Finds delimiter and columns in the first line.

    Args:
        line: the first line; b"" where the file is empty.
        path: the file, for messages.

    Raises:
        DataError: not UTF-8, no header, no column of pixels, or a column twice.
    """
    if not line:
        raise DataError(f"{path}: the file is empty; {WANTED}")
    if line.startswith(UTF16_BOMS) or b"\0" in line:
        raise DataError(
            f"{path}: text in UTF-16, or no text at all; save it as csv in UTF-8, and "
            "unpack an archive first"
        )
    line = line.removeprefix(UTF8_BOM).rstrip(b"\r\n")
    if b"\r" in line:
        raise DataError(
            f"{path}: lines end with a lone carriage return; save it with line ends "
            "of Unix or Windows"
        )
    for delimiter in DELIMITERS:
        names = [
            _bare(name).decode("utf-8", "replace") for name in line.split(delimiter)
        ]
        names = [name.lower() for name in names]
        if "pixels" in names:
            return Header(delimiter, _places(names, path), len(names))
    raise DataError(_no_pixels(line, path))


def _places(names: list[str], path: Path) -> dict[str, int]:
    places = {name: place for place, name in enumerate(names)}
    if len(places) != len(names):
        raise DataError(f"{path}: a column stands twice in {', '.join(names)}")
    return places


def _no_pixels(line: bytes, path: Path) -> str:
    if line[:1].isdigit():
        return f"{path}: no header, the first line is {quote(line)}; {WANTED}"
    return (
        f"{path}: no column 'pixels', the first line is {quote(line)}; {WANTED}, "
        "with a comma, a semicolon or a tab between the names"
    )


def _bare(field: bytes) -> bytes:
    """A field without white space and one pair of quotes around it."""
    field = field.strip()
    if len(field) > 1 and field.startswith(b'"') and field.endswith(b'"'):
        return field[1:-1].strip()
    return field
