import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mimika.core.errors import DataError
from mimika.data.samples import Samples
from mimika.data.split_file import (
    SavedSplit,
    make_split,
    picture_digest,
    read_split,
    write_split,
)


@pytest.fixture
def samples() -> Samples:
    images = np.random.default_rng(0).integers(0, 256, (6, 48, 48), np.uint8)
    return Samples(
        images,
        np.array([0, 1, 2, 0, 1, -1]),
        np.array(["Training"] * 5 + ["PrivateTest"]),
        np.arange(10, 16),
        "here.csv",
    )


@pytest.fixture
def split(samples: Samples) -> SavedSplit:
    parts = {"train": np.array([3, 0, 4]), "held out ü": np.array([1])}
    return make_split(samples, parts, name="first", rule="by hand", seed=7)


def changed(samples: Samples, place: int) -> Samples:
    images = samples.images.copy()
    images[place, 47, 47] ^= 1
    return Samples(images, samples.labels, samples.splits, samples.rows, "there.csv")


def test_a_split_is_read_as_it_was_written(split: SavedSplit, tmp_path: Path) -> None:
    path = tmp_path / "split with spaces.json"
    write_split(path, split)
    assert read_split(path) == split
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_the_file_is_json_with_a_line_for_each_part(
    split: SavedSplit, tmp_path: Path
) -> None:
    path = tmp_path / "split.json"
    write_split(path, split)
    text = path.read_text(encoding="utf-8")
    assert json.loads(text)["parts"] == {"train": [0, 3, 4], "held out ü": [1]}
    assert '"train": [0, 3, 4]' in text.splitlines()[-4]


def test_parts_are_the_chosen_pictures(split: SavedSplit, samples: Samples) -> None:
    parts = split.apply(samples)
    assert {name: part.rows.tolist() for name, part in parts.items()} == {
        "train": [10, 13, 14],
        "held out ü": [11],
    }
    assert split.part(samples, "train").rows.tolist() == [10, 13, 14]
    np.testing.assert_array_equal(parts["held out ü"].images[0], samples.images[1])


def test_a_part_may_be_given_as_a_mask(samples: Samples) -> None:
    split = make_split(samples, {"a": samples.labels == 0}, name="n", rule="r")
    assert split.parts == {"a": (0, 3)}
    assert split.seed is None


def test_labels_and_rows_may_be_others(split: SavedSplit, samples: Samples) -> None:
    relabelled = Samples(
        samples.images, samples.labels[::-1], samples.splits, samples.rows + 5, "x"
    )
    assert split.part(relabelled, "train").labels.tolist() == [-1, 2, 1]


@pytest.mark.parametrize("place", [0, 5])
def test_other_pictures_are_refused(
    place: int, split: SavedSplit, samples: Samples
) -> None:
    with pytest.raises(DataError, match=r"there\.csv: other pictures.*split 'first'"):
        split.apply(changed(samples, place))


def test_another_order_is_refused(split: SavedSplit, samples: Samples) -> None:
    with pytest.raises(DataError, match="in another order"):
        split.part(samples.take(np.array([1, 0, 2, 3, 4, 5])), "train")


def test_another_count_is_refused(split: SavedSplit, samples: Samples) -> None:
    with pytest.raises(DataError, match="5 pictures, but split 'first' was made from"):
        split.apply(samples.split("Training"))


def test_an_unknown_part_is_named_with_those_there_are(
    split: SavedSplit, samples: Samples
) -> None:
    with pytest.raises(DataError, match="no part 'test'; it has train, held out ü"):
        split.part(samples, "test")


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"a": [0, 1], "b": [1]}, "a picture is in two parts"),
        ({"a": [2, 2]}, "part 'a' does not rise"),
        ({"a": [6]}, r"outside 0\.\.5"),
        ({"a": [-1]}, r"outside 0\.\.5"),
        ({"a": []}, "part 'a' is empty"),
        ({}, "at least 1 item"),
    ],
)
def test_an_impossible_split_is_not_made(
    parts: dict[str, list[int]], message: str, samples: Samples
) -> None:
    arrays = {name: np.array(places, np.int64) for name, places in parts.items()}
    with pytest.raises(DataError, match=f"split 'n'.*{message}"):
        make_split(samples, arrays, name="n", rule="r")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema_version": 2}, "schema_version"),
        ({"digest": "sha256:1"}, "digest"),
        ({"parts": {"a": [1, 0]}}, "does not rise"),
        ({"parts": {"a": [True, "x"]}}, r"parts\.a"),
        ({"images": 2}, r"outside 0\.\.1"),
        ({"extra": 1}, "extra"),
        ({"name": ""}, "name"),
    ],
)
def test_a_file_that_was_tampered_with_is_refused(
    change: dict[str, Any], message: str, split: SavedSplit, tmp_path: Path
) -> None:
    path = tmp_path / "split.json"
    values = json.loads(split.model_dump_json()) | change
    path.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(DataError, match=rf"split\.json: not a split file.*{message}"):
        read_split(path)


@pytest.mark.parametrize("data", [b"", b"[1]", b"{", b"\xff\xfe", b"emotion,pixels\n"])
def test_another_file_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "split.json"
    path.write_bytes(data)
    with pytest.raises(DataError, match=r"split\.json"):
        read_split(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.json: the split cannot be read"):
        read_split(tmp_path / "none.json")
    with pytest.raises(DataError, match="cannot be read"):
        read_split(tmp_path)


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    split: SavedSplit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "split.json"
    write_split(path, split)

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(DataError, match=r"cannot be written.*No space left"):
        write_split(path, split.model_copy(update={"name": "second"}))
    assert read_split(path) == split
    assert [entry.name for entry in tmp_path.iterdir()] == ["split.json"]


def test_a_folder_that_is_not_there_is_named(split: SavedSplit, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"missing.*cannot be written"):
        write_split(tmp_path / "missing" / "split.json", split)


def test_the_digest_covers_shape_order_and_every_pixel(samples: Samples) -> None:
    images = samples.images
    wanted = hashlib.sha256(b"(6, 48, 48)" + images.tobytes()).hexdigest()
    assert picture_digest(images) == f"sha256:{wanted}"
    assert picture_digest(images[::-1]) != picture_digest(images)
    assert picture_digest(images.reshape(6, 24, 96)) != picture_digest(images)
    assert picture_digest(images[::-1][::-1]) == picture_digest(images)
