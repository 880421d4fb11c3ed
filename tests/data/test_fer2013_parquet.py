import io
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from mimika.core.errors import DataError
from mimika.data.fer2013_parquet import read_parquet
from mimika.data.samples import Samples

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def packed(face: NDArray[np.uint8], form: str = "WEBP") -> bytes:
    file = io.BytesIO()
    Image.fromarray(face).save(file, form, lossless=True)
    return file.getvalue()


def written(path: Path, rows: list[tuple[Any, Any, Any]]) -> Path:
    usage, emotion, image = zip(*rows, strict=True)
    table = {
        "usage": pa.array(usage).dictionary_encode(),
        "emotion": pa.array(emotion, pa.int8()),
        "image": pa.array(image, pa.binary()),
    }
    pq.write_table(pa.table(table), path)
    return path


def read(path: Path, *, skip_bad: bool = False) -> Samples:
    return read_parquet(path, classes=7, skip_bad=skip_bad)


@pytest.mark.parametrize("form", ["WEBP", "PNG"])
def test_pictures_labels_and_splits_come_back(
    tmp_path: Path,
    faces: NDArray[np.uint8],
    labels: NDArray[np.int64],
    form: str,
) -> None:
    usage = [("Training", "PublicTest", "PrivateTest")[i % 3] for i in range(21)]
    emotion = [
        None if u == "PrivateTest" else int(label)
        for u, label in zip(usage, labels, strict=True)
    ]
    images = [packed(face, form) for face in faces]
    rows = list(zip(usage, emotion, images, strict=True))
    samples = read(written(tmp_path / "a.parquet", rows))
    assert np.array_equal(samples.images, faces)
    assert samples.splits.tolist() == usage
    assert samples.labels.tolist() == [-1 if e is None else e for e in emotion]
    assert samples.rows.tolist() == list(range(21))


FACE = np.zeros((48, 48), np.uint8)
BAD_ROWS = {
    "label '7', expected 0..6 or null": ("Training", 7, packed(FACE)),
    "label '-1', expected 0..6 or null": ("Training", -1, packed(FACE)),
    "usage is 'Test', expected Training": ("Test", 1, packed(FACE)),
    "usage is 'None', expected Training": (None, 1, packed(FACE)),
    "image is 'None', expected the bytes": ("Training", 1, None),
    "image is '', expected the bytes": ("Training", 1, b""),
    "the picture of 4 bytes cannot be": ("Training", 1, b"RIFF"),
    "the picture is 40 x 50 pixels": ("Training", 1, packed(np.zeros((50, 40), "u1"))),
}


@pytest.mark.parametrize(("cause", "row"), list(BAD_ROWS.items()), ids=BAD_ROWS)
def test_a_bad_row_stops_or_is_skipped(
    tmp_path: Path, cause: str, row: tuple[Any, Any, Any]
) -> None:
    good = ("Training", 3, packed(FACE))
    path = written(tmp_path / "a.parquet", [good, row, good])
    with pytest.raises(DataError) as caught:
        read(path)
    where = f"{path}, row 1 (counted from 0)"
    assert str(caught.value).startswith(f"{where}: {cause}")
    samples = read(path, skip_bad=True)
    assert samples.rows.tolist() == [0, 2]
    assert [bad.where for bad in samples.skipped] == [where]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"usage": ["Training"], "label": [1]}), path)
    with pytest.raises(
        DataError, match="no column emotion, image; it has usage, label"
    ):
        read(path)


def test_a_cut_file_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", [("Training", 3, packed(FACE))])
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match="not a whole parquet file"):
        read(path)


def test_without_pyarrow_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path / "a.parquet", [("Training", 3, packed(FACE))])
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(DataError, match=r'pip install "mimika\[train\]"'):
        read(path)
