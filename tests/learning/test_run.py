"""All steps of `mimika learn`, on drawn pictures."""

import numpy as np
import pytest

from mimika.core.errors import ModelError
from mimika.learning import strategies
from mimika.learning.fitting import Course
from mimika.learning.run import learn
from mimika.learning.settings import Settings


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    """Trains for a moment only."""
    monkeypatch.setattr(strategies, "TUNING", Course(1, 1e-4, frozen_norms=True))
    monkeypatch.setattr(strategies, "SCRATCH", Course(2, 3e-3))


@pytest.fixture
def settings(folder, tmp_path, weights):
    return Settings(folder, tmp_path / "home", weights=weights, folds=3, repeats=2)


def test_all_strategies_are_compared_and_one_is_taken(
    folder, analysed, settings, heard
):
    found = learn(*analysed(folder), settings, heard)
    names = {score.name for score in found.scores}
    expected = {"features of resnet10t", "fine-tuned resnet10t"}
    assert names == {*expected, "Tiny VGG from scratch"}
    means = [score.mean for score in found.scores]
    assert means == sorted(means, reverse=True)
    assert found.pairs[0].difference.value == 0
    assert found.chosen.logits.shape == (2, 24, 2)
    card = found.card
    assert (card.name, card.task, card.labels) == ("shapes",) * 2 + (
        ("round", "square"),
    )
    assert set(card.metrics) == {"accuracy", "macro_f1", "test_accuracy"}
    assert card.metrics["accuracy"].value == pytest.approx(found.chosen.mean)
    assert card.metrics["accuracy"].low < found.chosen.mean
    assert card.metrics["test_accuracy"].images == 6
    assert card.temperature != 1
    assert [len(test.probabilities) for test in found.tests] == [6]
    assert heard.names.count("features of resnet10t") == 1
    assert "learning curve" in heard.names


def test_the_same_seed_gives_the_same_model(folder, analysed, settings, heard):
    pictures = analysed(folder)
    first, second = (learn(*pictures, settings, heard) for _ in range(2))
    assert first.card.digest == second.card.digest
    np.testing.assert_array_equal(first.chosen.logits, second.chosen.logits)


def test_without_weights_it_learns_from_scratch_and_says_what_is_missing(
    folder, analysed, tmp_path, heard
):
    deep = tmp_path / "a" / "b" / "c" / "d"
    deep.mkdir(parents=True)
    (deep / "shapes").symlink_to(folder)
    settings = Settings(deep / "shapes", tmp_path / "home", folds=2, repeats=1)
    found = learn(*analysed(folder), settings, heard)
    assert found.chosen.name == "Tiny VGG from scratch"
    assert "resnet50" in found.left_out
    assert "not on this machine" in found.left_out["resnet50"]


def test_a_network_that_was_named_has_to_be_had(folder, analysed, tmp_path, heard):
    settings = Settings(folder, tmp_path / "home", backbones=("vgg16",))
    with pytest.raises(ModelError, match="not on this machine"):
        learn(*analysed(folder), settings, heard)


def test_the_scale_is_kept_throughout(folder, analysed, settings, heard):
    from dataclasses import replace

    kept = replace(settings, fit="keep-scale")
    spec = learn(*analysed(folder), kept, heard).card.preprocess
    assert (spec.fit, spec.scale) == ("keep-scale", min(1.0, spec.size / 80))
