"""`mimika ensemble`: the mean of saved predictions."""

import json

import numpy as np
import pytest

from mimika.core.errors import DataError
from mimika.evaluation.predictions import load_predictions


@pytest.fixture
def saved(call, fer_csv, tmp_path):
    """Plain and mirrored answers of the shipped model about PublicTest."""
    files = [tmp_path / "plain.npz", tmp_path / "views.npz"]
    for file, options in zip(files, ([], ["--tta", "flip"]), strict=True):
        common = ("--data", fer_csv, "--split", "PublicTest", "--probabilities", file)
        assert call("predict", *common, *options).exit_code == 0
    return files


def test_the_mean_is_written_and_can_be_compared(call, saved, tmp_path):
    out = tmp_path / "ensemble.npz"
    done = call("ensemble", *saved, "-o", out)
    assert done.exit_code == 0, done.output
    assert done.stdout == f"{out}: 28 pictures, from 2 files\n"
    members = [load_predictions(file).probabilities for file in saved]
    found = load_predictions(out)
    np.testing.assert_allclose(found.probabilities, np.mean(members, axis=0), atol=1e-3)
    assert found.model == "ensemble"
    compared = call("compare", *saved, out, "--no-published")
    assert compared.exit_code == 0, compared.output


def test_an_ensemble_is_judged_from_its_answers(call, saved, fer_csv, tmp_path):
    out = tmp_path / "ensemble.npz"
    call("ensemble", *saved, "-o", out)
    done = call("evaluate", out, "--data", fer_csv, "--json")
    assert done.exit_code == 0, done.output
    found, kept = json.loads(done.stdout), load_predictions(out)
    right = (kept.probabilities.argmax(axis=1) == kept.labels).mean()
    assert (found["model"], found["cost"]) == ("ensemble", None)
    assert found["accuracy"] == pytest.approx(right)
    assert "cost:" not in call("evaluate", out, "--data", fer_csv).stdout
    other = call("evaluate", out, "--data", fer_csv, "--split", "Training")
    assert isinstance(other.exception, DataError)
    assert "28 pictures of PublicTest, and not about the 84" in str(other.exception)
    views = call("evaluate", out, "--data", fer_csv, "--tta", "flip")
    assert "holds predictions and no model" in views.output


def test_what_cannot_be_averaged_or_written_is_refused(call, saved, tmp_path):
    assert "Missing argument" in call("ensemble", "-o", tmp_path / "a.npz").output
    assert "ends in .npz" in call("ensemble", *saved, "-o", tmp_path / "a.csv").output
    failed = call("ensemble", saved[0], tmp_path / "gone.npz", "-o", tmp_path / "a.npz")
    assert isinstance(failed.exception, DataError)
    assert "no file" in str(failed.exception)
    assert not (tmp_path / "a.npz").exists()
