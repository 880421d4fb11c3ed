import csv
import gzip
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from mimika.core.errors import DataError
from mimika.data.fer2013_csv import KAGGLE_PUBLIC_ROWS, KAGGLE_TEST_ROWS, read_csv
from mimika.data.samples import Samples

FULL = " ".join(["9"] * 2304)


def written(path: Path, lines: list[str], end: str = "\n") -> Path:
    path.write_bytes("".join(line + end for line in lines).encode())
    return path


def read(path: Path, *, skip_bad: bool = False) -> Samples:
    return read_csv(path, classes=7, skip_bad=skip_bad)


def test_train_csv_is_read(
    tmp_path: Path,
    lines: list[str],
    faces: NDArray[np.uint8],
    labels: NDArray[np.int64],
) -> None:
    samples = read(written(tmp_path / "train.csv", lines))
    assert np.array_equal(samples.images, faces)
    assert samples.images.dtype == np.uint8
    assert np.array_equal(samples.labels, labels)
    assert samples.labels.dtype == np.int64
    assert set(samples.splits) == {"Training"}
    assert samples.rows.tolist() == list(range(21))
    assert samples.skipped == ()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_line_ends_marks_and_delimiters_change_nothing(
    tmp_path: Path,
    lines: list[str],
    faces: NDArray[np.uint8],
    labels: NDArray[np.int64],
    end: str,
    mark: str,
    delimiter: str,
) -> None:
    other = [line.replace(",", delimiter) for line in lines]
    other[0] = mark + other[0]
    samples = read(written(tmp_path / "a.csv", other, end))
    assert np.array_equal(samples.images, faces)
    assert np.array_equal(samples.labels, labels)


def test_gzip_and_a_missing_last_line_end_change_nothing(
    tmp_path: Path, lines: list[str], faces: NDArray[np.uint8]
) -> None:
    path = tmp_path / "train.csv.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    assert np.array_equal(read(path).images, faces)


@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
def test_quotes_as_csv_writers_make_them_are_accepted(
    tmp_path: Path,
    lines: list[str],
    faces: NDArray[np.uint8],
    quoting: Literal[1, 2],
) -> None:
    path = tmp_path / "train.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file, quoting=quoting)
        writer.writerows(line.split(",") for line in lines)
    assert np.array_equal(read(path).images, faces)


@pytest.mark.parametrize("order", ["emotion,pixels,Usage", "emotion, Usage, pixels"])
def test_usage_tells_the_split_in_any_order_of_columns(
    tmp_path: Path,
    texts: list[str],
    faces: NDArray[np.uint8],
    labels: NDArray[np.int64],
    order: str,
) -> None:
    usage = [("Training", "PublicTest", "PrivateTest")[i % 3] for i in range(21)]
    values = {"emotion": labels, "pixels": texts, "Usage": usage}
    columns = [values[name.strip()] for name in order.split(",")]
    rows = [",".join(map(str, row)) for row in zip(*columns, strict=True)]
    samples = read(written(tmp_path / "fer2013.csv", [order, *rows]))
    assert samples.splits.tolist() == usage
    assert np.array_equal(samples.labels, labels)
    assert np.array_equal(samples.images, faces)


def test_other_columns_are_ignored(tmp_path: Path) -> None:
    lines = [",emotion,pixels,person", f"0,4,{FULL},Ann"]
    assert read(written(tmp_path / "a.csv", lines)).labels.tolist() == [4]


def test_kaggles_test_csv_is_public_test_then_private_test(tmp_path: Path) -> None:
    lines = ["pixels", *[FULL] * KAGGLE_TEST_ROWS]
    samples = read(written(tmp_path / "test.csv", lines))
    assert (samples.labels == -1).all()
    public = samples.splits == "PublicTest"
    assert np.flatnonzero(public).tolist() == list(range(KAGGLE_PUBLIC_ROWS))
    assert set(samples.splits[~public]) == {"PrivateTest"}


def test_a_bad_row_does_not_shift_kaggles_splits(tmp_path: Path) -> None:
    lines = ["pixels", *[FULL] * KAGGLE_TEST_ROWS]
    lines[1] = "1 2 3"
    samples = read(written(tmp_path / "test.csv", lines), skip_bad=True)
    assert (samples.splits == "PublicTest").sum() == KAGGLE_PUBLIC_ROWS - 1
    assert (samples.splits == "PrivateTest").sum() == KAGGLE_PUBLIC_ROWS


def test_a_test_csv_of_another_length_is_neither_public_nor_private(
    tmp_path: Path,
) -> None:
    samples = read(written(tmp_path / "a.csv", ["pixels", FULL, FULL]))
    assert set(samples.splits) == {"Test"}
    assert samples.labels.tolist() == [-1, -1]


def test_a_test_csv_with_labels_is_not_taken_for_training(tmp_path: Path) -> None:
    samples = read(written(tmp_path / "Test.csv", ["emotion,pixels", f"2,{FULL}"]))
    assert samples.splits.tolist() == ["Test"]
    assert samples.labels.tolist() == [2]


BAD_ROWS = {
    "1,1 2 3": "3 pixels, expected 2304",
    f"1,{FULL} 9": "2305 pixels, expected 2304",
    f"1,{FULL[:-1]}256": "pixel 2304 is '256', expected 0..255",
    f"1,-4{FULL[1:]}": "pixel 1 is '-4', expected a whole number 0..255",
    f"1,x{FULL[1:]}": "pixel 1 is 'x', expected a whole number 0..255",
    f"7,{FULL}": "label '7', expected 0..6",
    f"99999,{FULL}": "label '99999', expected 0..6",
    f"-1,{FULL}": "label '-1', expected an integer 0..6",
    f"3.0,{FULL}": "label '3.0', expected an integer 0..6",
    f"happy,{FULL}": "label 'happy', expected an integer 0..6",
    f",{FULL}": "the label is empty, expected 0..6",
    "1,": "0 pixels, expected 2304",
    "": "an empty line, expected a row",
    FULL: "1 fields, expected 2",
    f"1,{FULL},Training": "3 fields, expected 2",
    f'1,"{FULL}': "pixel 1 is '\"9', expected a whole number",
}


@pytest.mark.parametrize(
    ("row", "cause"), list(BAD_ROWS.items()), ids=BAD_ROWS.values()
)
def test_a_malformed_row_stops_with_file_line_and_cause(
    tmp_path: Path, row: str, cause: str
) -> None:
    path = written(
        tmp_path / "a.csv", ["emotion,pixels", f"0,{FULL}", row, f"1,{FULL}"]
    )
    with pytest.raises(DataError) as caught:
        read(path)
    message = str(caught.value)
    assert message.startswith(f"{path}, line 3 (the header is line 1): {cause}")
    assert "--skip-bad" in message


def test_skipping_goes_on_and_lists_every_bad_row(tmp_path: Path) -> None:
    good = f"5,{FULL}"
    lines = ["emotion,pixels"]
    for row in BAD_ROWS:
        lines += [good, row]
    path = written(tmp_path / "a.csv", [*lines, good])
    samples = read(path, skip_bad=True)
    assert samples.labels.tolist() == [5] * (len(BAD_ROWS) + 1)
    assert samples.rows.tolist() == list(range(0, 2 * len(BAD_ROWS) + 1, 2))
    assert len(samples.skipped) == len(BAD_ROWS)
    for number, (bad, cause) in enumerate(
        zip(samples.skipped, BAD_ROWS.values(), strict=True)
    ):
        assert bad.where == f"{path}, line {3 + 2 * number} (the header is line 1)"
        assert bad.cause.startswith(cause)


def test_an_unknown_usage_is_named(tmp_path: Path) -> None:
    lines = ["emotion,pixels,Usage", f"1,{FULL},Validation"]
    with pytest.raises(
        DataError, match="Usage is 'Validation', expected Training, Pub"
    ):
        read(written(tmp_path / "fer2013.csv", lines))


@pytest.mark.parametrize("cut", [1, 3000, 4606])
def test_a_truncated_last_line_is_named_as_such(tmp_path: Path, cut: int) -> None:
    text = f"emotion,pixels\n0,{FULL}\n1,{FULL}"
    path = tmp_path / "a.csv"
    path.write_text(text[: len(text) - len(FULL) + cut])
    with pytest.raises(DataError, match=r"line 3 .*the file may be cut short"):
        read(path)


def test_a_truncated_gzip_file_is_an_error_even_when_bad_rows_are_skipped(
    tmp_path: Path, lines: list[str]
) -> None:
    path = tmp_path / "train.csv.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode())[:-2000])
    with pytest.raises(DataError, match="gzip file is damaged or cut short"):
        read(path, skip_bad=True)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "", "the file is empty"),
        ("a.csv", "emotion,pixels\n", "no pictures in it"),
        ("train.csv", f"pixels\n{FULL}\n", "no column 'emotion', it has pixels"),
        ("a.csv", f"pixels,Usage\n{FULL},Training\n", "no column 'emotion'"),
        ("a.csv", "emotion,Usage\n1,Training\n", "no column 'pixels'"),
    ],
)
def test_files_without_rows_or_columns_are_named(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(DataError, match=message) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_a_file_of_only_bad_rows_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", ["emotion,pixels", "1,2", "3,4"])
    with pytest.raises(DataError, match=r"all 2 rows are bad; the first is .*line 2"):
        read(path, skip_bad=True)


def test_other_tasks_have_other_counts_of_classes(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", ["emotion,pixels", f"1,{FULL}", f"2,{FULL}"])
    with pytest.raises(DataError, match=r"line 3 .*label '2', expected 0..1"):
        read_csv(path, classes=2, skip_bad=False)
