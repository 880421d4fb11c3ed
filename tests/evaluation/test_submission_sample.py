"""What is taken over from a sample submission, and what is refused."""

from functools import partial

import pytest

from mimika.core.errors import DataError
from mimika.core.tasks import EMOTION
from mimika.data.folder_names import class_of_folder
from mimika.evaluation.submission_sample import read_sample

KEYS = EMOTION.keys
READER = partial(class_of_folder, labels=KEYS)


@pytest.fixture
def read(tmp_path):
    def write_and_read(text, style=None, encoding="utf-8"):
        path = tmp_path / "sample.csv"
        path.write_text(text, encoding=encoding)
        return read_sample(path, KEYS, READER, style)

    return write_and_read


def test_header_ids_and_their_order_are_taken_over(read):
    form = read("Image_ID,Label\n007,0\n3,0\n")
    assert form.header == ("Image_ID", "Label")
    assert form.ids == ("007", "3")
    assert (form.style, form.lines, form.delimiter) == ("number", 2, ",")
    assert form.labels == tuple("0123456")


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_quotes_marks_and_line_ends_are_understood(read, delimiter):
    text = f'"id"{delimiter}"emotion"\r\n"1"{delimiter}"6"\r\n\r\n'
    form = read(text, encoding="utf-8-sig")
    assert (form.header, form.ids, form.delimiter) == (
        ("id", "emotion"),
        ("1",),
        delimiter,
    )


def test_a_file_without_header_and_one_without_ids(read):
    form = read("0,3\n1,3\n")
    assert (form.header, form.ids) == ((), ("0", "1"))
    form = read("emotion\n3\n3\n")
    assert (form.header, form.ids, form.lines) == (("emotion",), None, 2)
    form = read("happy\nhappy\n")
    assert (form.header, form.ids, form.lines) == ((), None, 2)


def test_digits_are_the_numbers_of_the_data_set_unless_said_otherwise(read):
    assert read("id,y\n0,4\n").labels[KEYS.index("sad")] == "4"
    form = read("id,y\n0,4\n", "alphabetical")
    assert form.labels[KEYS.index("neutral")] == "4"
    assert form.labels[KEYS.index("sad")] == "5"


@pytest.mark.parametrize(
    ("shown", "expected"), [("happy", "sad"), ("Happy", "Sad"), ("HAPPY", "SAD")]
)
def test_names_are_written_in_the_case_of_the_sample(read, shown, expected):
    form = read(f"id,y\n0,{shown}\n")
    assert form.style == "name"
    assert form.labels[KEYS.index("sad")] == expected
    assert form.guessed == ()


def test_other_names_are_taken_over_and_the_rest_is_said_to_be_a_guess(read):
    form = read("id,y\n0,Happiness\n1,Sad\n")
    assert form.labels[KEYS.index("happy")] == "Happiness"
    assert form.labels[KEYS.index("angry")] == "Angry"
    assert form.guessed == ("angry", "disgust", "fear", "surprise", "neutral")


def test_empty_labels_need_a_style(read):
    with pytest.raises(DataError, match=r"labels are empty.*--label-style"):
        read("id,y\n0,\n1,\n")
    assert read("id,y\n0,\n1,\n", "name").labels == KEYS


@pytest.mark.parametrize(
    ("text", "style", "message"),
    [
        ("", None, "the sample is empty"),
        ("id,emotion\n", None, "no lines after the header"),
        ("id,angry,fear\n0,1,0\n", None, "3 columns .id, angry, fear.*probabilities"),
        ("id,y\n0,1\n1\n", None, "line 3: 1 fields, expected 2"),
        ("id,y\na.png,1\n", None, "line 2: the id 'a.png' is no number"),
        ("id,y\n0,1\n5,1\n00,1\n", None, "line 4: the id 00 stands in line 2 already"),
        ("id,y\n0,1\n1,7\n", None, r"line 3: label 7, expected 0\.\.6"),
        ("id,y\n0,1\n1,sad\n", None, "line 3: label 'sad', but in line 2 '1'"),
        ("id,y\n0,sad\n1,bored\n", None, "line 3: label 'bored' is none of angry"),
        ("id,y\n0,sad\n1,4_sad\n", None, "label '4_sad' is none of"),
        ("id,y\n0,sad\n1,Sad\n", None, "'Sad' and 'sad' are the same class"),
        ("id,y\n0,sad\n", "number", "labels are names, such as 'sad'"),
        ("id,y\n0,3\n", "name", "labels are numbers, such as '3'"),
    ],
)
def test_what_cannot_be_followed_is_refused(read, text, style, message):
    with pytest.raises(DataError, match=message):
        read(text, style)


def test_a_missing_file_and_a_file_that_is_no_text_are_refused(read, tmp_path):
    with pytest.raises(DataError, match=r"none.csv: cannot be read as a sample"):
        read_sample(tmp_path / "none.csv", KEYS, READER)
    with pytest.raises(DataError, match="cannot be read as a sample"):
        read("id,y\n0,1\n", encoding="utf-16")
