from dataclasses import replace

import numpy as np
import pytest

from mimika.analysis.votes import check_suspects, measure_agreement, read_votes
from mimika.core.errors import DataError

HEADER = "row,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,NF\n"


@pytest.fixture
def write(tmp_path):
    def save(lines, header=HEADER):
        path = tmp_path / "votes.csv"
        path.write_text(header + "".join(f"{line}\n" for line in lines))
        return path

    return save


def test_columns_are_found_under_their_usual_names(draw, write):
    pictures = draw([0, 3, 6])
    path = write(["0,0,0,0,1,8,0,0,1,0", "2,9,1,0,0,0,0,0,0,0", "77,1,0,0,0,0,0,0,0,0"])
    votes = read_votes(path, pictures)
    assert votes.positions.tolist() == [0, 2]
    assert votes.counts[0].tolist() == [8, 0, 0, 0, 1, 0, 0]
    assert votes.others.tolist() == [1, 0]
    assert votes.no_face.tolist() == [0, 0]
    assert votes.unmatched == 1


def test_agreement_is_that_of_hand_and_a_tie_is_shared(draw, write):
    pictures = draw([0, 3, 6, -1])
    path = write(
        [
            "0,0,0,0,0,10,0,0,0,0",  # all for the label
            "1,5,5,0,0,0,0,0,0,0",  # a tie of neutral and the label
            "2,0,9,0,0,0,0,0,0,1",  # nobody for the label
            "3,9,0,0,0,0,0,0,0,0",  # no label
        ]
    )
    found = measure_agreement(pictures, read_votes(path, pictures))
    assert found.pictures == 3
    assert found.agreement == pytest.approx(0.5)
    assert found.without_a_vote == pytest.approx(1 / 3)
    assert (found.unanimous, found.unanimous_agreement) == (1, 1.0)
    assert found.matrix[3, 3] == found.matrix[3, 6] == 0.5
    assert found.matrix.sum() == pytest.approx(3)


def test_suspects_are_held_against_the_votes(draw, write):
    pictures = draw([0, 0, 0, 0])
    lines = [f"{row},0,{9 if row < 2 else 0},0,0,3,0,0,0,0" for row in range(4)]
    votes = read_votes(write(lines), pictures)
    found = check_suspects(pictures, votes, np.array([1, 3, 0]), first=2)
    assert (found.first, found.against, found.against_all) == (2, 0.5, 0.5)


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
def test_other_files_are_refused_with_the_place(draw, write, header, lines, message):
    with pytest.raises(DataError, match=message):
        read_votes(write(lines, header), draw([0, 1]))


def test_a_missing_file_is_named(draw, tmp_path):
    with pytest.raises(DataError, match=r"gone\.csv"):
        read_votes(tmp_path / "gone.csv", draw([0]))


def test_rows_that_mean_two_pictures_cannot_be_joined(draw, write):
    pictures = replace(draw([0, 1]), rows=np.array([0, 0]))
    with pytest.raises(DataError, match="several files"):
        read_votes(write(["0" + ",1" * 9]), pictures)


def test_votes_of_unlabelled_pictures_give_no_agreement(draw, write):
    pictures = draw([-1, -1])
    votes = read_votes(write(["0" + ",1" * 9]), pictures)
    assert measure_agreement(pictures, votes) is None
    assert check_suspects(pictures, votes, np.array([0])) is None
