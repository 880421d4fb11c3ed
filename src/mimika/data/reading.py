"""The one door to every data set: the form is found from the bytes and the layout.

A file: parquet and gzip by their first bytes, any other text as csv. A folder, the
first of these that it holds: `train.csv` and `test.csv` (one or both), `fer2013.csv`,
`icml_face_data.csv`, one parquet file, class folders. Kaggle's own download holds the
same pictures two or three times, so a folder with several forms is read once.
"""

from collections.abc import Sequence
from pathlib import Path

from mimika.core.errors import DataError
from mimika.core.tasks import EMOTION
from mimika.data.fer2013_csv import read_csv
from mimika.data.fer2013_parquet import read_parquet
from mimika.data.image_folder import read_image_folder
from mimika.data.samples import Samples, join

CSV_NAMES = (("train.csv", "test.csv"), ("fer2013.csv",), ("icml_face_data.csv",))
PARQUET_MAGIC = b"PAR1"
# first bytes of files that people give by mistake: what they are, what to do
NOT_A_DATA_SET: dict[bytes, str] = {
    b"PK\x03\x04": "a zip archive or a spreadsheet; unpack it, or save it as csv",
    b"PK\x05\x06": "an empty zip archive",
    b"7z\xbc\xaf": "a 7z archive; unpack it first",
    b"Rar!": "a rar archive; unpack it first",
    b"BZh": "a file packed by bzip2; unpack it first",
    b"\xfd7zXZ": "a file packed by xz; unpack it first",
    b"\xff\xd8\xff": "a single JPEG picture; 'mimika predict' classifies pictures",
    b"\x89PNG": "a single PNG picture; 'mimika predict' classifies pictures",
    b"RIFF": "a single WebP picture; 'mimika predict' classifies pictures",
}


def read_dataset(
    path: Path | str, *, skip_bad: bool = False, labels: Sequence[str] = EMOTION.keys
) -> Samples:
    """Reads a data set in any form in which people have it.

    Args:
        path: a csv file, plain or gzip (`train.csv`, `test.csv`, `fer2013.csv`), a
            parquet file, or a folder with such files or with class folders.
        skip_bad: note bad rows in `Samples.skipped` and go on, instead of stopping.
        labels: keys of the classes in the order of their numbers.

    Returns:
        The pictures in the order of their source.

    Raises:
        DataError: nothing there that can be read, or a bad row.
    """
    path = Path(path)
    if not path.exists():
        raise DataError(f"{path}: does not exist; expected a file or a folder")
    try:
        if path.is_dir():
            return _read_folder(path, labels, skip_bad)
        return _read_file(path, len(labels), skip_bad)
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error})") from error


def _read_file(path: Path, classes: int, skip_bad: bool) -> Samples:
    if not path.is_file():
        raise DataError(f"{path}: neither a file nor a folder; copy it to a file first")
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(PARQUET_MAGIC):
        return read_parquet(path, classes=classes, skip_bad=skip_bad)
    for magic, what in NOT_A_DATA_SET.items():
        if start.startswith(magic):
            raise DataError(f"{path}: this is {what}")
    return read_csv(path, classes=classes, skip_bad=skip_bad)


def _read_folder(folder: Path, labels: Sequence[str], skip_bad: bool) -> Samples:
    files = sorted(child for child in folder.iterdir() if child.is_file())
    chosen = _csv_files(files) or _parquet_file(folder, files)
    if not chosen:
        return read_image_folder(folder, labels=labels, skip_bad=skip_bad)
    parts = [_read_file(file, len(labels), skip_bad) for file in chosen]
    if len(parts) == 1:
        return parts[0]
    names = " and ".join(file.name for file in chosen)
    return join(parts, f"{folder} ({names})")


def _csv_files(files: Sequence[Path]) -> list[Path]:
    """The csv files to read together, plain before packed; none where there is none."""
    by_name: dict[str, Path] = {}
    for file in files:
        by_name.setdefault(file.name.lower().removesuffix(".gz"), file)
    for names in CSV_NAMES:
        found = [by_name[name] for name in names if name in by_name]
        if found:
            return found
    return []


def _parquet_file(folder: Path, files: Sequence[Path]) -> list[Path]:
    found = [file for file in files if file.suffix.lower() == ".parquet"]
    if len(found) > 1:
        raise DataError(
            f"{folder}: several parquet files ({', '.join(f.name for f in found)}); "
            "name the one to read"
        )
    return found
