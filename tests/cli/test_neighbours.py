"""`mimika neighbours`: answers of the most similar training pictures."""

import numpy as np
import pytest

from mimika.core.errors import DataError
from mimika.evaluation.predictions import load_predictions


def test_answers_can_be_judged_and_averaged(call, fer_csv, tmp_path):
    out, plain = tmp_path / "neighbours.npz", tmp_path / "plain.npz"
    done = call("neighbours", "--data", fer_csv, "--count", "3", "-o", out)
    assert done.exit_code == 0, done.output
    assert done.stdout == f"{out}: 28 pictures of PublicTest\n"
    found = load_predictions(out)
    # of the seven drawn classes three are mirror images of three others
    assert (found.probabilities.argmax(axis=1) == found.labels).mean() > 0.4
    assert found.card is not None
    assert found.card.name == found.model == "emotion-robust-neighbours"
    assert found.card.metrics == {}
    assert "the 3 most similar of 84 known pictures" in found.card.architecture
    call(
        "predict", "--data", fer_csv, "--split", "PublicTest", "--probabilities", plain
    )
    mean = call("ensemble", out, plain, "-o", tmp_path / "ensemble.npz")
    assert mean.exit_code == 0, mean.output


def test_other_settings_are_another_model(call, fer_csv, tmp_path):
    out = tmp_path / "neighbours.npz"
    digests = set()
    for options in ([], ["--count", "5"], ["--temperature", "0.5"]):
        assert call("neighbours", "--data", fer_csv, *options, "-o", out).exit_code == 0
        digests.add(load_predictions(out).weights)
    assert len(digests) == 3


def test_training_pictures_and_too_many_neighbours_are_refused(call, fer_csv, tmp_path):
    out = tmp_path / "neighbours.npz"
    own = call("neighbours", "--data", fer_csv, "--split", "training", "-o", out)
    assert isinstance(own.exception, DataError)
    assert "its own nearest neighbour" in str(own.exception)
    many = call("neighbours", "--data", fer_csv, "--count", "85", "-o", out)
    assert isinstance(many.exception, DataError)
    assert "85 neighbours among 84 known pictures" in str(many.exception)
    assert not out.exists()


def test_it_works_with_any_exported_model(call, fer_csv, knowing_model, tmp_path):
    out = tmp_path / "neighbours.npz"
    model = knowing_model()
    done = call("neighbours", "--data", fer_csv, "--model", model, "-o", out)
    assert done.exit_code == 0, done.output
    found = load_predictions(out)
    assert found.model == "columns-neighbours"
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, atol=1e-3)
    missing = call("neighbours", "--data", tmp_path / "no.csv", "-o", out)
    assert isinstance(missing.exception, DataError)
    with pytest.raises(DataError, match="does not exist"):
        raise missing.exception
