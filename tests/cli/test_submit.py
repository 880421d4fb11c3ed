"""`mimika submit` as people call it."""

import csv

import numpy as np
import pytest

from mimika.core.errors import DataError, ModelError
from mimika.core.tasks import EMOTION

TRUE = [row % 7 for row in range(21)]
ALPHABETICAL = tuple(sorted(EMOTION.keys))


@pytest.fixture
def sample(tmp_path):
    def write(*lines):
        path = tmp_path / "sample.csv"
        path.write_text("\n".join(lines) + "\n")
        return path

    return write


@pytest.fixture
def submit(call, drawn_test_csv, knowing_model, tmp_path):
    """Calls the command; gives its result and the lines that it wrote."""

    def run(*options, model=None):
        out = tmp_path / "submission.csv"
        result = call(
            *("submit", model or knowing_model(), "--data", drawn_test_csv),
            *("-o", out, *options),
        )
        if not out.exists():
            return result, None
        with out.open(newline="") as file:
            return result, list(csv.reader(file))

    return run


def test_without_a_sample_ids_are_rows_and_labels_are_numbers(submit):
    result, lines = submit()
    assert result.exit_code == 0, result.output
    assert lines[0] == ["id", "emotion"]
    assert lines[1:] == [[str(row), str(label)] for row, label in enumerate(TRUE)]
    assert "21 lines, classes by number" in result.stdout
    assert "happy     written 3       3   14.3 %" in result.stdout


def test_a_model_that_learnt_from_folders_in_alphabetical_order_is_not_misread(
    submit, knowing_model
):
    """Output 4 of this model is neutral; FER2013's number 4 is sad."""
    assert ALPHABETICAL.index("neutral") == EMOTION.keys.index("sad") == 4
    _, right = submit()
    _, lines = submit(model=knowing_model(ALPHABETICAL, "folders"))
    assert lines == right
    other_names = ("happiness", "anger", "sadness", "Surprised", "Fear", "disgust")
    _, lines = submit(model=knowing_model((*other_names, "neutral"), "named"))
    assert lines == right


def test_alphabetical_numbers_are_written_only_where_they_are_asked_for(submit, sample):
    path = sample("id,emotion", *(f"{row},0" for row in range(21)))
    _, lines = submit("--sample", path)
    assert [int(label) for _, label in lines[1:]] == TRUE
    _, lines = submit("--sample", path, "--label-style", "alphabetical")
    names = [ALPHABETICAL[int(label)] for _, label in lines[1:]]
    assert names == [EMOTION.keys[label] for label in TRUE]


def test_header_order_and_names_follow_the_sample(submit, sample):
    ids = np.random.default_rng(1).permutation(21).tolist()
    path = sample("Picture;Label", *(f"{row:03d};Happiness" for row in ids))
    result, lines = submit("--sample", path)
    assert lines[0] == ["Picture;Label"]
    for (line,), row in zip(lines[1:], ids, strict=True):
        name = EMOTION.keys[row % 7].title().replace("Happy", "Happiness")
        assert line == f"{row:03d};{name}"
    assert "does not show how angry, disgust" in result.stderr


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (range(20), "only the data has 1 of the ids, the first is 20"),
        (range(22), "only the sample has 1 of the ids, the first is 21"),
        ([*range(20), 3], "the id 3 stands in line 5 already"),
        (range(1, 22), "give --first-id 1"),
    ],
)
def test_a_missing_unknown_or_doubled_id_is_refused(submit, sample, ids, message):
    path = sample("id,emotion", *(f"{row},0" for row in ids))
    result, lines = submit("--sample", path)
    assert isinstance(result.exception, DataError)
    assert message in str(result.exception)
    assert lines is None


def test_pictures_can_be_counted_from_another_number(submit, sample):
    path = sample("id,emotion", *(f"{row + 1},0" for row in range(21)))
    _, lines = submit("--sample", path, "--first-id", 1)
    assert lines[1:] == [[str(row + 1), str(label)] for row, label in enumerate(TRUE)]


def test_a_part_of_a_data_set(call, fer_csv, knowing_model, tmp_path):
    out = tmp_path / "s.csv"
    model = knowing_model()
    result = call(
        "submit", model, "--data", fer_csv, "-o", out, "--split", "publictest"
    )
    assert result.exit_code == 0, result.output
    ids = [line.split(",")[0] for line in out.read_text().splitlines()[1:]]
    assert ids == [str(row) for row in range(84, 112)]


def test_the_shipped_model_is_called_default(call, drawn_test_csv, tmp_path):
    out = tmp_path / "s.csv"
    result = call("submit", "default", "--data", drawn_test_csv, "-o", out)
    assert result.exit_code == 0, result.output
    assert len(out.read_text().splitlines()) == 22


def test_what_is_not_there_is_named(call, drawn_test_csv, tmp_path):
    out, none = tmp_path / "s.csv", tmp_path / "none"
    result = call("submit", none, "--data", drawn_test_csv, "-o", out)
    assert isinstance(result.exception, ModelError)
    assert "nothing is there" in str(result.exception)
    result = call("submit", "default", "--data", none, "-o", out)
    assert isinstance(result.exception, DataError)
    result = call("submit", "default", "--data", drawn_test_csv, "-o", none / "s.csv")
    assert result.exit_code == 2
    assert "no folder" in result.stderr
