"""Pictures that a csv file lists."""

import numpy as np
import pytest
from PIL import Image

from mimika.analysis.listed import read_listed
from mimika.core.errors import DataError


@pytest.fixture
def folder(tmp_path):
    """Four pictures in no class folders."""
    for number in range(4):
        level = np.full((20, 30, 3), 50 * number, np.uint8)
        Image.fromarray(level).save(tmp_path / f"{number}.png")
    return tmp_path


def write(folder, text):
    (folder / "list.csv").write_text(text)
    return folder / "list.csv"


def test_pictures_have_the_labels_that_the_file_says(folder):
    table = write(folder, f"label,path\nb,0.png\na,1.png\nb,2.png\na,{folder}/3.png\n")
    found = read_listed(table)
    assert [label.name for label in found.classes] == ["a", "b"]
    assert found.labels.tolist() == [1, 0, 1, 0]
    assert found.files.paths == ("0.png", "1.png", "2.png", "3.png")
    assert found.split_names == ("All pictures",)


def test_a_column_of_splits_holds_pictures_back(folder):
    rows = "0.png,a,train\n1.png,b,\n2.png,a,test\n3.png,b,test\n"
    found = read_listed(write(folder, f"Image,Class,Split\n{rows}"))
    assert found.splits.tolist() == ["Training", "Training", "PublicTest", "PublicTest"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n0.png,x\n", "has the columns a, b; expected a header with 'path'"),
        ("", "has the columns none"),
        ("path,label\n0.png,\n", "line 2: path '0.png' and label ''; expected both"),
        ("path,label,split\n0.png,a,odd\n", "line 2: split 'odd'; expected train"),
        ("path,label\nnowhere.png,a\n", "no pictures in it that can be read"),
    ],
)
def test_what_cannot_be_read_is_named(folder, text, words):
    with pytest.raises(DataError, match=words):
        read_listed(write(folder, text))


def test_a_picture_that_is_not_there_is_listed_as_broken(folder):
    found = read_listed(write(folder, "path,label\n0.png,a\n9.png,b\n"))
    assert len(found) == 1
    assert "9.png" in found.broken[0].where
