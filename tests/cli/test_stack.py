"""`mimika stack`: soft targets from held-out answers and crowd votes."""

import numpy as np
import pytest

from mimika.core.errors import DataError
from mimika.evaluation.predictions import load_predictions


@pytest.fixture
def folds(call, fer_csv, tmp_path):
    """What the shipped model says about each of three folds."""
    split = tmp_path / "folds.json"
    made = call("split", fer_csv, "-o", split, "--rule", "folds", "--folds", "3")
    assert made.exit_code == 0, made.output
    files = [tmp_path / f"fold{k}.npz" for k in range(3)]
    for k, file in enumerate(files):
        options = ("--split-file", split, "--split", f"fold{k}")
        said = call("predict", "--data", fer_csv, *options, "--probabilities", file)
        assert said.exit_code == 0, said.output
    return files


@pytest.fixture
def votes(tmp_path):
    """Nine of ten raters agree with the label of `fer_csv`; row 5 has no votes."""
    path = tmp_path / "votes.csv"
    names = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
    lines = [f"row,{','.join(names)},NF"]
    for row in range(112):
        counts = [0 if row == 5 else 9 * (k == row % 7) for k in range(7)]
        lines.append(",".join(map(str, [row, *counts, 1])))
    path.write_text("\n".join(lines))
    return path


def test_votes_make_better_targets_than_answers_alone(call, folds, votes, tmp_path):
    out = tmp_path / "teacher.npz"
    done = call("stack", *reversed(folds), "--votes", votes, "-o", out)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(f"{out}: 84 pictures; the first answer is the label")
    found = load_predictions(out)
    assert found.rows.tolist() == list(range(84))
    assert found.sources.startswith("28,709 Training pictures of fer2013.parquet; ")
    assert found.sources.endswith("crowd votes (votes.csv)")
    right = found.probabilities.argmax(axis=1) == found.labels
    assert right[np.arange(84) != 5].all()
    assert found.probabilities[5].max() < found.probabilities[6].max()


def test_answers_alone_are_stacked_too(call, folds, tmp_path):
    out = tmp_path / "teacher.npz"
    assert call("stack", *folds, "-o", out).exit_code == 0
    np.testing.assert_allclose(
        load_predictions(out).probabilities.sum(axis=1), 1, atol=1e-3
    )


def test_what_cannot_be_stacked_or_written_is_refused(call, folds, votes, tmp_path):
    out = tmp_path / "a.npz"
    assert "ends in .npz" in call("stack", *folds, "-o", tmp_path / "a.csv").output
    failed = call("stack", folds[0], "-o", out)
    assert isinstance(failed.exception, DataError)
    assert "at least two" in str(failed.exception)
    votes.write_text("row,anger\n1,2\n")
    failed = call("stack", *folds, "--votes", votes, "-o", out)
    assert isinstance(failed.exception, DataError)
    assert "no column disgust" in str(failed.exception)
    assert not out.exists()
