"""Calibration error by hand, against scikit-learn's bins and for drawn answers."""

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from mimika.evaluation.intervals import wilson_interval
from mimika.evaluation.reliability import (
    check_predictions,
    error_by_chance,
    expected_calibration_error,
    log_loss,
    reliability,
)


def two_classes(confidence):
    """Answers 0 with these probabilities: float32 (N, 2)."""
    first = np.asarray(confidence, np.float32)
    return np.stack([first, 1 - first], axis=1)


def drawn(count, seed):
    """Confidences, and labels that are right as often as these say."""
    rng = np.random.default_rng(seed)
    confidence = rng.uniform(0.5, 1, count)
    return two_classes(confidence), (rng.random(count) > confidence).astype(np.int64)


def test_the_error_by_hand():
    probabilities = two_classes([0.6, 0.7, 0.8, 1.0])
    labels = np.array([0, 1, 0, 0])
    low, high = reliability(probabilities, labels, bins=2)
    assert (low.images, high.images) == (2, 2)
    assert (low.confidence, high.confidence) == pytest.approx((0.65, 0.9))
    assert low.accuracy == wilson_interval(1, 2)
    assert high.accuracy == wilson_interval(2, 2)
    # half of the pictures 0.15 apart, half 0.1
    found = expected_calibration_error(probabilities, labels, bins=2)
    assert found == pytest.approx(0.125)


def test_bins_equal_those_of_scikit_learn():
    probabilities, labels = drawn(900, 1)
    accuracy, confidence = calibration_curve(
        labels == 0, probabilities[:, 0], n_bins=9, strategy="quantile"
    )
    found = reliability(probabilities, labels, bins=9)
    assert [part.images for part in found] == [100] * 9
    assert [part.confidence for part in found] == pytest.approx(confidence, abs=1e-3)
    assert [part.accuracy.value for part in found] == pytest.approx(accuracy, abs=0.011)


def test_sizes_differ_by_at_most_one_and_few_pictures_leave_bins_out():
    probabilities, labels = drawn(100, 2)
    sizes = [part.images for part in reliability(probabilities, labels)]
    assert (len(sizes), sum(sizes), min(sizes), max(sizes)) == (15, 100, 6, 7)
    assert len(reliability(probabilities[:4], labels[:4])) == 4


def test_equal_confidences_share_a_bin_whatever_the_order_of_the_pictures():
    probabilities = two_classes([0.9] * 50 + [0.6] * 50)
    labels = np.arange(100) % 2
    order = np.random.default_rng(0).permutation(100)
    found = reliability(probabilities, labels)
    assert [part.images for part in found] == [50, 50]
    assert found == reliability(probabilities[order], labels[order])


def test_drawn_answers_err_by_as_much_as_chance_would():
    errors = [expected_calibration_error(*drawn(500, seed)) for seed in range(100)]
    expected = error_by_chance(drawn(500, 0)[0])
    assert np.mean(errors) == pytest.approx(expected, rel=0.05)


def test_certain_answers_cannot_err_by_chance():
    assert error_by_chance(two_classes([1.0] * 40)) == 0


def test_a_true_class_without_any_probability_costs_a_finite_loss():
    assert log_loss(two_classes([0.0]), np.array([0])) == pytest.approx(-np.log(1e-12))
    found = log_loss(two_classes([0.5, 0.25]), np.array([0, 1]))
    assert found == pytest.approx(-np.log(0.5 * 0.75) / 2)


def test_probabilities_of_one_picture_by_itself_are_refused():
    with pytest.raises(ValueError, match=r"expected probabilities .N, K."):
        check_predictions(np.ones(3, np.float32), np.zeros(3, np.int64))
