"""Files of crowd votes."""

import numpy as np
import pytest

from mimika.core.errors import DataError
from mimika.core.tasks import EMOTION
from mimika.data.samples import Samples
from mimika.data.votes import read_votes

HEADER = "row,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,NF\n"


@pytest.fixture
def write(tmp_path):
    def save(lines, header=HEADER):
        path = tmp_path / "votes.csv"
        path.write_text(header + "".join(f"{line}\n" for line in lines))
        return path

    return save


def pictures(rows, labels=None):
    count = len(rows)
    labels = np.full(count, -1) if labels is None else np.array(labels)
    images = np.zeros((count, 48, 48), np.uint8)
    return Samples(images, labels, np.full(count, "Training"), np.array(rows), "drawn")


def read(path, rows, labels=None):
    return read_votes(path, pictures(rows, labels), EMOTION.keys)


def test_columns_are_found_under_their_usual_names(write):
    path = write(["0,0,0,0,1,8,0,0,1,0", "2,9,1,0,0,0,0,0,0,0", "77,1,0,0,0,0,0,0,0,0"])
    votes = read(path, [0, 1, 2])
    assert votes.positions.tolist() == [0, 2]
    assert votes.counts[0].tolist() == [8, 0, 0, 0, 1, 0, 0]
    assert votes.others.tolist() == [1, 0]
    assert votes.no_face.tolist() == [0, 0]
    assert votes.unmatched == 1


@pytest.mark.parametrize(
    ("header", "lines", "message"),
    [
        ("row,neutral\n", ["0,1"], "no column angry"),
        (HEADER.replace("row", "name"), ["0" + ",1" * 9], "no column row"),
        (HEADER, ["0" + ",1" * 8], "line 2"),
        (HEADER, ["0" + ",-1" * 9], "line 2"),
        (HEADER, ["0" + ",a" * 9], "expected 10 whole numbers"),
        (HEADER, [], "only a header"),
        ("", [], "no column row"),
        (HEADER, ["99" + ",1" * 9], "none of its rows"),
    ],
)
def test_other_files_are_refused_with_the_place(write, header, lines, message):
    with pytest.raises(DataError, match=message):
        read(write(lines, header), [0, 1])


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"gone\.csv"):
        read(tmp_path / "gone.csv", [0])


def test_rows_that_mean_two_pictures_cannot_be_joined(write):
    with pytest.raises(DataError, match="several files"):
        read(write(["0" + ",1" * 9]), [0, 0])


def test_a_picture_with_two_lines_of_votes_is_named(write):
    path = write(["1" + ",1" * 9, "0" + ",1" * 9, "1" + ",2" * 9])
    with pytest.raises(DataError, match="several lines for row 1; expected one"):
        read(path, [0, 1])


def test_columns_of_the_same_class_are_added_up(write):
    path = write(["0,1,2,4,8"], "row,happy,happiness,confused,no face\n")
    votes = read_votes(path, pictures([0]), ("happy",))
    assert votes.counts.tolist() == [[3]]
    assert (votes.others.tolist(), votes.no_face.tolist()) == ([4], [8])


def test_without_a_column_for_no_face_nothing_is_said_about_it(write):
    votes = read_votes(write(["5,1"], "row,happy\n"), pictures([5]), ("happy",))
    assert votes.no_face is None
    assert votes.others.tolist() == [0]


def test_empty_lines_and_a_byte_order_mark_do_not_matter(tmp_path):
    path = tmp_path / "votes.csv"
    path.write_bytes(b"\xef\xbb\xbfrow,happy\r\n3,2\r\n\r\n4,1\r\n")
    votes = read_votes(path, pictures([4, 3]), ("happy",))
    assert votes.positions.tolist() == [1, 0]
    assert votes.counts.tolist() == [[2], [1]]


def test_votes_that_agree_with_the_labels_as_chance_would_are_for_other_pictures(write):
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 7, 600)
    columns = (6, 3, 5, 4, 0, 1, 2)  # of the header, by label
    votes = np.zeros((600, 9), int)
    votes[np.arange(600), [columns.index(label) for label in labels]] = 10
    own = [",".join(map(str, (row, *cast))) for row, cast in enumerate(votes)]
    assert len(read(write(own), range(600), labels).positions) == 600
    other = rng.permutation(600)
    moved = [",".join(map(str, (row, *votes[other[row]]))) for row in range(600)]
    with pytest.raises(DataError, match=r"agree with 1\d\.\d % of the labels of drawn"):
        read(write(moved), range(600), labels)
    read(write(moved), range(600))  # without labels nobody can tell
