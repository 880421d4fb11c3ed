import gzip
import io
from pathlib import Path

import pytest

from mimika.core.errors import DataError
from mimika.data.collector import RowError
from mimika.data.csv_lines import (
    LONGEST_LINE,
    Header,
    numbered_lines,
    open_csv,
    parse_header,
)

HERE = Path("train.csv")


@pytest.mark.parametrize(
    "line",
    [
        b"emotion,pixels,Usage\n",
        b"emotion,pixels,Usage\r\n",
        b"emotion,pixels,Usage",
        b"EMOTION , Pixels,usage\n",
        b'"emotion","pixels","Usage"\n',
        b"\xef\xbb\xbfemotion,pixels,Usage\n",
        b'\xef\xbb\xbf"emotion";"pixels";"Usage"\r\n',
        b"emotion\tpixels\tUsage\n",
    ],
)
def test_columns_are_found_in_every_usual_spelling(line: bytes) -> None:
    assert parse_header(line, HERE).columns == {"emotion": 0, "pixels": 1, "usage": 2}


def test_columns_may_stand_in_any_order() -> None:
    columns = parse_header(b"emotion, Usage, pixels\n", HERE).columns
    assert columns == {"emotion": 0, "usage": 1, "pixels": 2}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"", "the file is empty"),
        (b"\n", "no column 'pixels'"),
        (b"emotion,usage\n", "no column 'pixels', the first line is 'emotion,usage'"),
        (b"emotion|pixels\n", "a comma, a semicolon or a tab"),
        (b"0,70 80 82\n", "no header, the first line is '0,70 80 82'"),
        (b"emotion,pixels,pixels\n", "a column stands twice"),
        (b"emotion,pixels\r0,1 2 3\r", "lone carriage return"),
        ("emotion,pixels\n".encode("utf-16"), "UTF-16"),
        ("emotion,pixels\n".encode("utf-16-le"), "UTF-16"),
        (b"\x00\x01\x02", "no text at all"),
    ],
)
def test_what_is_wrong_with_a_first_line_is_named(line: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        parse_header(line, HERE)
    assert str(caught.value).startswith("train.csv: ")


def test_fields_lose_quotes_and_white_space() -> None:
    header = Header(b",", {"emotion": 0, "pixels": 1}, 2)
    assert header.fields(b' "3" ,"1 2 3"\r\n') == [b"3", b"1 2 3"]
    assert header.fields(b",\n") == [b"", b""]


@pytest.mark.parametrize("line", [b"\n", b"\r\n", b"   \n", b"\t\n"])
def test_an_empty_line_is_named(line: bytes) -> None:
    with pytest.raises(RowError, match="an empty line"):
        Header(b",", {"pixels": 0}, 1).fields(line)


def test_a_wrong_count_of_fields_is_named() -> None:
    header = Header(b",", {"emotion": 0, "pixels": 1}, 2)
    with pytest.raises(RowError, match=r"3 fields, expected 2 \(emotion, pixels\)"):
        header.fields(b"1,2 3,Training\n")


def test_lines_are_numbered_from_one() -> None:
    assert list(numbered_lines(io.BytesIO(b"a\nb"))) == [(1, b"a\n"), (2, b"b")]


def test_an_endless_line_is_cut_and_the_next_one_is_whole() -> None:
    stream = io.BytesIO(b"x" * (5 * LONGEST_LINE) + b"\nnext\n")
    (_, cut), following = numbered_lines(stream)
    assert len(cut) == LONGEST_LINE
    assert following == (2, b"next\n")
    with pytest.raises(RowError, match="a line of more than"):
        Header(b",", {"pixels": 0}, 1).fields(cut)


def test_gzip_is_known_by_its_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    packed, plain = tmp_path / "train.csv", tmp_path / "train.csv.gz"
    packed.write_bytes(gzip.compress(b"pixels\n"))
    plain.write_bytes(b"pixels\n")
    for path in (packed, plain):
        with open_csv(path) as stream:
            assert stream.read() == b"pixels\n"


@pytest.mark.parametrize("keep", [5, 60, -4])
def test_a_damaged_gzip_file_is_named(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "train.csv.gz"
    path.write_bytes(gzip.compress(bytes(range(256)) * 4)[:keep])
    damaged = pytest.raises(DataError, match="gzip file is damaged or cut short")
    with damaged, open_csv(path) as stream:
        stream.read()


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    unreadable = pytest.raises(DataError, match="cannot be read")
    with unreadable, open_csv(tmp_path / "none.csv"):
        pass
