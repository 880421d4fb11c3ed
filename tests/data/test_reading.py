import csv
import gzip
import io
import os
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from mimika.core.errors import DataError
from mimika.core.tasks import EMOTION
from mimika.data.reading import read_dataset
from mimika.data.samples import Samples

FULL = " ".join(["9"] * 2304)


def written(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_csv_is_known_by_its_bytes_whatever_its_name(
    tmp_path: Path, lines: list[str], faces: NDArray[np.uint8]
) -> None:
    path = tmp_path / "faces.dat"
    written(path, lines)
    assert np.array_equal(read_dataset(path).images, faces)
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert np.array_equal(read_dataset(str(path)).images, faces)


def test_train_csv_and_test_csv_of_a_folder_are_read_together(tmp_path: Path) -> None:
    written(tmp_path / "train.csv", ["emotion,pixels", f"3,{FULL}", f"4,{FULL}"])
    written(tmp_path / "test.csv", ["pixels", FULL])
    samples = read_dataset(tmp_path)
    assert samples.labels.tolist() == [3, 4, -1]
    assert samples.splits.tolist() == ["Training", "Training", "Test"]
    assert samples.rows.tolist() == [0, 1, 0]
    assert samples.source == f"{tmp_path} (train.csv and test.csv)"


def test_a_packed_csv_in_a_folder_is_found(tmp_path: Path) -> None:
    path = tmp_path / "Train.csv.gz"
    path.write_bytes(gzip.compress(f"emotion,pixels\n3,{FULL}".encode()))
    assert read_dataset(tmp_path).labels.tolist() == [3]


def test_a_folder_with_several_forms_is_read_once(tmp_path: Path) -> None:
    """Kaggle's download holds train.csv, test.csv and icml_face_data.csv."""
    written(tmp_path / "train.csv", ["emotion,pixels", f"3,{FULL}"])
    everything = ["emotion, Usage, pixels", f"5,PublicTest,{FULL}"]
    written(tmp_path / "icml_face_data.csv", everything)
    (tmp_path / "happy").mkdir()
    assert read_dataset(tmp_path).labels.tolist() == [3]
    (tmp_path / "train.csv").unlink()
    assert read_dataset(tmp_path).labels.tolist() == [5]


def test_class_folders_are_read(tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    Image.new("L", (48, 48), 5).save(tmp_path / "1" / "a.png")
    assert read_dataset(tmp_path, labels=("no", "yes")).labels.tolist() == [1]


def test_bad_rows_are_skipped_over_all_files(tmp_path: Path) -> None:
    written(tmp_path / "train.csv", ["emotion,pixels", f"3,{FULL}", "1,2"])
    written(tmp_path / "test.csv", ["pixels", "7", FULL])
    skipped = read_dataset(tmp_path, skip_bad=True).skipped
    assert [Path(bad.where.split(", ")[0]).name for bad in skipped] == [
        "train.csv",
        "test.csv",
    ]


def test_labels_of_another_task_are_checked(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", ["emotion,pixels", f"2,{FULL}"])
    with pytest.raises(DataError, match=r"label '2', expected 0..1"):
        read_dataset(path, labels=("no", "yes"))


def picture(form: str) -> bytes:
    file = io.BytesIO()
    Image.new("L", (48, 48)).save(file, form)
    return file.getvalue()


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("train.csv", "emotion,pixels\n")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (archive(), "a zip archive or a spreadsheet; unpack it"),
        (picture("PNG"), "a single PNG picture"),
        (picture("JPEG"), "a single JPEG picture"),
        (picture("WEBP"), "a single WebP picture"),
        (b"PAR1 and no more", "not a whole parquet file"),
        (b"\x7fELF\x00\x01\x02", "no text at all"),
        (b"hello\n", "no column 'pixels'"),
    ],
)
def test_other_files_are_named(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "train.csv"
    path.write_bytes(data)
    with pytest.raises(DataError, match=message) as caught:
        read_dataset(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.csv: does not exist"):
        read_dataset(tmp_path / "none.csv")


def test_a_folder_with_nothing_to_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(DataError, match=r"no folders in it, but notes\.txt"):
        read_dataset(tmp_path)


def test_several_parquet_files_are_not_guessed_between(tmp_path: Path) -> None:
    for name in ("a.parquet", "b.parquet"):
        (tmp_path / name).write_bytes(b"PAR1")
    with pytest.raises(DataError, match=r"several parquet files \(a.parquet, b.par"):
        read_dataset(tmp_path)


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DataError, match="neither a file nor a folder"):
        read_dataset(tmp_path / "pipe")


@pytest.fixture(scope="module")
def known(shared_data: Path) -> Samples:
    """A few hundred labelled rows of the real data set, from its parquet file."""
    pytest.importorskip("pyarrow")
    samples = read_dataset(shared_data / "fer2013" / "fer2013.parquet").labelled()
    chosen = np.random.default_rng(0).choice(len(samples), 300, replace=False)
    return samples.take(np.sort(chosen))


@pytest.mark.shared_data
def test_every_form_gives_the_same_arrays(known: Samples, tmp_path: Path) -> None:
    texts = [" ".join(map(str, image.ravel().tolist())) for image in known.images]
    with (tmp_path / "fer2013.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["emotion", "pixels", "Usage"])
        writer.writerows(zip(known.labels, texts, known.splits, strict=True))
    whole = read_dataset(tmp_path / "fer2013.csv")
    assert np.array_equal(whole.images, known.images)
    assert np.array_equal(whole.labels, known.labels)
    assert np.array_equal(whole.splits, known.splits)

    training = known.split("Training")
    pairs = zip(known.labels, texts, known.splits, strict=True)
    rows = [f"{label},{text}" for label, text, split in pairs if split == "Training"]
    read = read_dataset(written(tmp_path / "train.csv", ["emotion,pixels", *rows]))
    assert np.array_equal(read.images, training.images)
    assert np.array_equal(read.labels, training.labels)


@pytest.mark.shared_data
def test_class_folders_of_lossless_pictures_give_the_same_arrays(
    known: Samples, tmp_path: Path
) -> None:
    names = [EMOTION.keys[label].title() for label in known.labels]
    parts = [{"Training": "train"}.get(str(split), "test") for split in known.splits]
    paths = [
        tmp_path / part / name / f"{row:05d}.png"
        for part, name, row in zip(parts, names, known.rows, strict=True)
    ]
    for path, image in zip(paths, known.images, strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(path)
    order = np.array(sorted(range(len(paths)), key=lambda i: paths[i].parts))
    read = read_dataset(tmp_path)
    assert np.array_equal(read.images, known.images[order])
    assert np.array_equal(read.labels, known.labels[order])
    assert np.array_equal(read.splits, known.splits[order])


@pytest.mark.shared_data
def test_the_real_data_set_has_its_known_counts(shared_data: Path) -> None:
    pytest.importorskip("pyarrow")
    samples = read_dataset(shared_data / "fer2013")
    counts = Counter(samples.splits.tolist())
    assert counts == {"Training": 28_709, "PublicTest": 3_589, "PrivateTest": 3_589}
    assert set(samples.splits[samples.labels == -1]) == {"PrivateTest"}
    training = samples.split("Training")
    assert np.bincount(training.labels).tolist() == [
        3995, 436, 4097, 7215, 4830, 3171, 4965,
    ]  # fmt: skip
