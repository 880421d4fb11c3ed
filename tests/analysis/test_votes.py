import numpy as np
import pytest

from mimika.analysis.run import join_votes
from mimika.analysis.votes import check_suspects, measure_agreement

HEADER = "row,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,NF\n"


@pytest.fixture
def write(tmp_path):
    def save(lines, header=HEADER):
        path = tmp_path / "votes.csv"
        path.write_text(header + "".join(f"{line}\n" for line in lines))
        return path

    return save


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
    found = measure_agreement(pictures, join_votes(path, pictures))
    assert found.pictures == 3
    assert found.agreement == pytest.approx(0.5)
    assert found.without_a_vote == pytest.approx(1 / 3)
    assert (found.unanimous, found.unanimous_agreement) == (1, 1.0)
    assert found.matrix[3, 3] == found.matrix[3, 6] == 0.5
    assert found.matrix.sum() == pytest.approx(3)


def test_suspects_are_held_against_the_votes(draw, write):
    pictures = draw([0, 0, 0, 0])
    lines = [f"{row},0,{9 if row < 2 else 0},0,0,3,0,0,0,0" for row in range(4)]
    votes = join_votes(write(lines), pictures)
    found = check_suspects(pictures, votes, np.array([1, 3, 0]), first=2)
    assert (found.first, found.against, found.against_all) == (2, 0.5, 0.5)


def test_votes_of_unlabelled_pictures_give_no_agreement(draw, write):
    pictures = draw([-1, -1])
    votes = join_votes(write(["0" + ",1" * 9]), pictures)
    assert measure_agreement(pictures, votes) is None
    assert check_suspects(pictures, votes, np.array([0])) is None
