"""Submissions: labels by name, a line for every picture."""

import numpy as np
import pytest

from mimika.core.errors import DataError
from mimika.core.tasks import EMOTION
from mimika.evaluation.submission import (
    Form,
    label_texts,
    place_rows,
    plain_form,
    write_submission,
)

KEYS = EMOTION.keys


def form(ids, lines=None):
    count = len(ids) if lines is None else lines
    return Form(("id", "emotion"), ids, count, label_texts(KEYS, "number"), "number")


def test_numbers_names_and_alphabetical_numbers():
    assert label_texts(KEYS, "number") == tuple("0123456")
    assert label_texts(KEYS, "name") == KEYS
    # angry, disgust, fear, happy, neutral, sad, surprise
    assert label_texts(KEYS, "alphabetical") == tuple("0123564")


def test_the_plain_form_is_id_and_number(tmp_path):
    path = tmp_path / "s.csv"
    write_submission(path, plain_form([7, 8, 9], KEYS, "number"), np.array([6, 0, 3]))
    assert path.read_bytes() == b"id,emotion\n7,6\n8,0\n9,3\n"


def test_a_form_without_header_and_ids_and_with_another_delimiter(tmp_path):
    path = tmp_path / "s.csv"
    bare = Form((), None, 2, label_texts(KEYS, "name"), "name")
    write_submission(path, bare, np.array([5, 2]))
    assert path.read_text() == "surprise\nfear\n"
    tabs = Form(("Id", "Class"), ("01", "02"), 2, KEYS, "name", delimiter="\t")
    write_submission(path, tabs, np.array([5, 2]))
    assert path.read_text() == "Id\tClass\n01\tsurprise\n02\tfear\n"


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(DataError, match=r"missing.s.csv: cannot be written"):
        write_submission(tmp_path / "missing" / "s.csv", form(("0",)), np.array([1]))
    assert list(tmp_path.iterdir()) == []


def test_lines_find_their_pictures_whatever_the_order():
    found = place_rows(form(("12", "010", "11")), [10, 11, 12], "test.csv")
    assert found.tolist() == [2, 0, 1]
    assert place_rows(form(None, 3), [10, 11, 12], "test.csv").tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (("0", "1", "2", "9"), r"only the sample has 1 of the ids, the first is 9"),
        (("0", "1"), "only the data has 1 of the ids, the first is 2"),
        (("0", "1", "7"), "first is 7; only the data has 1 .* the first is 2"),
        (("3", "1", "2"), "give --first-id 1"),
        (("0", "1"), "--split"),
    ],
)
def test_ids_that_do_not_fit_are_refused(ids, message):
    with pytest.raises(DataError, match=rf"test.csv .ids 0 to 2.*{message}"):
        place_rows(form(ids), [0, 1, 2], "test.csv")


def test_an_id_for_two_pictures_is_refused():
    with pytest.raises(DataError, match=r"the id 1 stands for several .*--split"):
        place_rows(form(("0", "1")), [0, 1, 1], "data")


def test_a_form_without_ids_needs_a_line_for_every_picture():
    with pytest.raises(DataError, match="3 pictures, but the sample has 2 lines"):
        place_rows(form(None, 2), [0, 1, 2], "data")
