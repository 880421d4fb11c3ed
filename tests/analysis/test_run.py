from contextlib import contextmanager

import numpy as np
import pytest
from PIL import Image

from mimika.analysis.run import Silent, examine, read_pictures
from mimika.core.errors import DataError


class Heard:
    """Remembers the steps and whether their shares rose to the end."""

    def __init__(self):
        self.shares = {}

    @contextmanager
    def step(self, name):
        told = self.shares.setdefault(name, [])
        yield told.append


def test_every_step_is_told_and_its_share_only_rises(drawn):
    heard = Heard()
    examine(drawn, None, 0, 1, heard)
    assert list(heard.shares) == [
        "counting and measuring",
        "copies and near-copies",
        "shapes",
        "representatives",
        "suspect labels",
        "faces",
    ]
    for told in heard.shares.values():
        assert told == sorted(told)
        assert all(0 <= share <= 1 for share in told)


def test_a_csv_in_a_folder_is_read_as_a_table(tmp_path):
    line = " ".join(["7"] * 2304)
    (tmp_path / "train.csv").write_text(f"emotion,pixels\n3,{line}\n9,{line}\n")
    found = read_pictures(tmp_path, 1, Silent())
    assert found.labels.tolist() == [3]
    assert found.files is None
    assert "line 3" in found.broken[0].where


def test_class_folders_are_read_as_files(tmp_path, save):
    save(tmp_path / "ants" / "a.png")
    found = read_pictures(tmp_path, 1, Silent())
    assert found.files is not None
    assert np.array_equal(found.labels, [0])


def test_what_does_not_exist_is_named(tmp_path):
    with pytest.raises(DataError, match=r"gone: does not exist"):
        read_pictures(tmp_path / "gone", 1, Silent())


def test_a_list_beside_class_folders_is_no_data_set(tmp_path):
    for kind in ("a", "b"):
        (tmp_path / kind).mkdir()
        Image.fromarray(np.full((9, 9), 90, np.uint8)).save(tmp_path / kind / "1.png")
    (tmp_path / "list.csv").write_text("path,label\na/1.png,a\n")
    pictures = read_pictures(tmp_path, 1, Silent())
    assert [label.name for label in pictures.classes] == ["a", "b"]
