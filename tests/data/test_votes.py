"""Files of crowd votes."""

import numpy as np
import pytest

from mimika.core.errors import DataError
from mimika.core.tasks import EMOTION
from mimika.data.votes import read_votes

HEADER = "row,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,NF\n"


@pytest.fixture
def write(tmp_path):
    def save(lines, header=HEADER):
        path = tmp_path / "votes.csv"
        path.write_text(header + "".join(f"{line}\n" for line in lines))
        return path

    return save


def read(path, rows):
    return read_votes(path, np.array(rows), EMOTION.keys, "drawn")


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
    votes = read_votes(path, np.array([0]), ("happy",), "drawn")
    assert votes.counts.tolist() == [[3]]
    assert (votes.others.tolist(), votes.no_face.tolist()) == ([4], [8])


def test_without_a_column_for_no_face_nothing_is_said_about_it(write):
    votes = read_votes(
        write(["5,1"], "row,happy\n"), np.array([5]), ("happy",), "drawn"
    )
    assert votes.no_face is None
    assert votes.others.tolist() == [0]


def test_empty_lines_and_a_byte_order_mark_do_not_matter(tmp_path):
    path = tmp_path / "votes.csv"
    path.write_bytes(b"\xef\xbb\xbfrow,happy\r\n3,2\r\n\r\n4,1\r\n")
    votes = read_votes(path, np.array([4, 3]), ("happy",), "drawn")
    assert votes.positions.tolist() == [1, 0]
    assert votes.counts.tolist() == [[2], [1]]
