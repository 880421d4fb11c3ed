"""What the best checkpoint's answers come to."""

from dataclasses import replace

import numpy as np
import pytest

from mimika.evaluation.calibration import fit_temperature, scale
from mimika.training.loaders import Division, divide
from mimika.training.outcome import judge


@pytest.fixture
def division(samples):
    return divide(samples, 0.1)


@pytest.fixture
def drawn(division):
    """Probabilities that are right on most pictures, and on fewer mirrored ones."""
    rng = np.random.default_rng(0)
    labels = division.selection.labels
    noise = rng.normal(0, 1, (2, len(labels), 2)) + 1.2 * np.eye(2)[labels]
    odds = np.exp(noise)
    return np.asarray(odds / odds.sum(axis=2, keepdims=True), np.float32)


def test_probabilities_are_kept_with_their_temperature(drawn, division):
    plain, mirrored = drawn
    labels = division.selection.labels
    judged = judge(plain, mirrored, division)
    assert judged.temperature == fit_temperature(plain, labels)
    np.testing.assert_array_equal(
        judged.probabilities, scale(plain, judged.temperature)
    )
    assert judged.calibration.temperature == judged.temperature
    assert judged.calibration.name == "PublicTest"
    right = (plain.argmax(axis=1) == labels).mean()
    assert judged.evaluation.accuracy.value == right


def test_the_gain_is_that_of_the_mean_of_both_views(drawn, division):
    plain, mirrored = drawn
    labels = division.selection.labels
    judged = judge(plain, mirrored, division)
    both = scale(plain, judged.temperature) + scale(mirrored, judged.temperature)
    gain = (both.argmax(axis=1) == labels).mean()
    gain -= (plain.argmax(axis=1) == labels).mean()
    assert judged.mirror_gain.value == pytest.approx(gain)
    assert judged.mirror_gain.low <= gain <= judged.mirror_gain.high


def test_the_same_answers_for_mirror_images_gain_nothing(drawn, division):
    gain = judge(drawn[0], drawn[0], division).mirror_gain
    assert (gain.low, gain.value, gain.high) == (0, 0, 0)


def test_too_few_different_pictures_are_not_calibrated_on(drawn, division):
    selection = division.selection
    images = np.repeat(selection.images[:4], 8, axis=0)
    copies = Division(division.training, replace(selection, images=images), "copies")
    assert judge(*drawn, copies).calibration is None


def test_answers_for_other_pictures_are_refused(drawn, division):
    with pytest.raises(ValueError, match=r"\(31, 2\) and \(32, 2\)"):
        judge(drawn[0], drawn[1][:31], division)


def test_an_outcome_knows_its_best_epoch_and_its_classes(outcome):
    assert outcome.best.epoch == 8
    assert outcome.names == ("Left", "Right")
    assert outcome.training_counts == (64, 64)
