"""`mimika predict --data`: probabilities of every picture of a data set."""

import csv

import numpy as np
import pytest

from mimika.core.errors import DataError
from mimika.core.tasks import EMOTION
from mimika.data.reading import read_dataset
from mimika.data.split_file import read_split
from mimika.evaluation.predictions import load_predictions


def read(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_table_has_a_row_and_seven_probabilities_a_picture(
    call, drawn_test_csv, knowing_model, tmp_path
):
    out = tmp_path / "out.csv"
    model = knowing_model(tuple(sorted(EMOTION.keys)), "folders")
    result = call(
        *("predict", "--data", drawn_test_csv, "--probabilities", out),
        *("--model", model),
    )
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{out}: 21 pictures of all of test.csv\n"
    rows = read(out)
    assert list(rows[0]) == ["row", *EMOTION.keys, "predicted"]
    assert [int(row["row"]) for row in rows] == list(range(21))
    assert [row["predicted"] for row in rows] == 3 * list(EMOTION.keys)
    for row in rows:
        values = [float(row[key]) for key in EMOTION.keys]
        assert sum(values) == pytest.approx(1, abs=1e-5)
        assert max(values) == float(row[row["predicted"]])


def test_a_file_of_predictions_is_what_evaluation_reads(
    call, drawn_test_csv, fer_csv, knowing_model, tmp_path
):
    out, model = tmp_path / "out.npz", knowing_model()
    common = ("--probabilities", out, "--model", model)
    assert call("predict", "--data", drawn_test_csv, *common).exit_code == 0
    found = load_predictions(out)
    assert found.labels.tolist() == [-1] * 21
    assert (found.classes, found.model) == (EMOTION.keys, "columns")
    result = call("predict", "--data", fer_csv, *common, "--split", "publictest")
    assert result.exit_code == 0, result.output
    found = load_predictions(out)
    assert found.split == "PublicTest"
    np.testing.assert_array_equal(found.probabilities.argmax(axis=1), found.labels)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--data", "d", "photo.jpg", "--probabilities", "o.csv"],
            "exclude each other",
        ),
        (["--data", "d"], "--data needs --probabilities FILE"),
        (["--data", "d", "--probabilities", "o.txt"], "ends in .csv or .npz"),
        (["--data", "d", "--probabilities", "none/o.csv"], "no folder none"),
        (
            ["--data", "d", "--probabilities", "o.csv", "--json"],
            "do not go with --data",
        ),
        (["--data", "d", "--probabilities", "o.csv", "--save", "s"], "do not go with"),
        (["photo.jpg", "--probabilities", "o.csv"], "go with --data"),
        (["photo.jpg", "--split", "Training"], "go with --data"),
        ([], "Missing argument 'PICTURE...'"),
    ],
)
def test_options_that_do_not_go_together_are_a_wrong_call(call, options, message):
    result = call("predict", *options)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_missing_data_set_is_an_error(call, tmp_path):
    out = tmp_path / "o.csv"
    result = call("predict", "--data", tmp_path / "none.csv", "--probabilities", out)
    assert isinstance(result.exception, DataError)
    assert not out.exists()


def test_views_and_parts_of_a_split_file_can_be_asked_for(
    call, fer_csv, knowing_model, tmp_path
):
    folds, out = tmp_path / "folds.json", tmp_path / "out.npz"
    assert call("split", fer_csv, "-o", folds, "--folds", 3).exit_code == 0
    common = ("--data", fer_csv, "--model", knowing_model(), "--probabilities", out)
    options = ("--split-file", folds, "--split", "fold1", "--tta", "flip")
    result = call("predict", *common, *options)
    assert result.exit_code == 0, result.output
    found = load_predictions(out)
    part = read_split(folds).part(read_dataset(fer_csv), "fold1")
    assert found.rows.tolist() == part.rows.tolist()
    assert found.card.name == "columns"
    whole = call("predict", *common, "--split-file", folds)
    assert "name one of its parts with --split: fold0, fold1, fold2" in whole.output
