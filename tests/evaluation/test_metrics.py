"""Figures against scikit-learn, SciPy and worked examples."""

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import accuracy_score, f1_score, log_loss

from mimika.evaluation.metrics import (
    bootstrap_macro_f1,
    evaluate_probabilities,
    wilson_interval,
)


def random_case(seed, count=400, classes=7):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, count)
    logits = rng.normal(size=(count, classes)) + 1.5 * np.eye(classes)[labels]
    exponentials = np.exp(logits)
    probabilities = exponentials / exponentials.sum(axis=1, keepdims=True)
    return probabilities.astype(np.float32), labels


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_figures_equal_those_of_scikit_learn(seed):
    probabilities, labels = random_case(seed)
    predicted = probabilities.argmax(axis=1)
    found = evaluate_probabilities(probabilities, labels)
    assert found.accuracy.value == pytest.approx(accuracy_score(labels, predicted))
    expected = f1_score(labels, predicted, average="macro")
    assert found.macro_f1.value == pytest.approx(expected)
    rows = probabilities.astype(np.float64)
    rows /= rows.sum(axis=1, keepdims=True)
    assert found.nll == pytest.approx(log_loss(labels, rows), abs=1e-5)


def test_the_confusion_matrix_has_the_true_class_in_rows():
    probabilities = np.array([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]], np.float32)
    found = evaluate_probabilities(probabilities, np.array([0, 0, 1]))
    assert found.confusion.tolist() == [[1, 1], [0, 1]]
    assert found.classes[1].precision == pytest.approx(0.5)
    assert found.classes[1].recall == 1.0
    assert [c.images for c in found.classes] == [2, 1]


def test_a_class_that_never_occurs_counts_as_zero_in_macro_f1():
    probabilities = np.eye(3, dtype=np.float32)[[0, 1]]
    found = evaluate_probabilities(probabilities, np.array([0, 1]))
    assert found.macro_f1.value == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("successes", "trials"), [(0, 1), (1, 1), (5, 10), (2390, 3589)]
)
def test_the_interval_equals_that_of_scipy(successes, trials):
    expected = binomtest(successes, trials).proportion_ci(method="wilson")
    found = wilson_interval(successes, trials)
    assert found.low == pytest.approx(expected.low, abs=1e-9)
    assert found.high == pytest.approx(expected.high, abs=1e-9)


def test_the_interval_of_macro_f1_is_that_of_drawing_pictures_again():
    probabilities, labels = random_case(4)
    predicted = probabilities.argmax(axis=1)
    rng = np.random.default_rng(9)
    draws = (rng.integers(0, len(labels), len(labels)) for _ in range(400))
    again = [
        f1_score(labels[draw], predicted[draw], average="macro", labels=range(7))
        for draw in draws
    ]
    expected = np.quantile(again, (0.025, 0.975))
    found = evaluate_probabilities(probabilities, labels).macro_f1
    assert (found.low, found.high) == pytest.approx(expected, abs=0.01)
    assert found.high - found.low > 0.05


def test_the_same_matrix_has_the_same_interval_and_more_pictures_a_narrower_one():
    few = np.array([[30, 10], [5, 15]])
    one, again, many = (bootstrap_macro_f1(m) for m in (few, few, 100 * few))
    assert one == again
    assert many.value == pytest.approx(one.value)
    assert many.high - many.low == pytest.approx((one.high - one.low) / 10, rel=0.1)


def test_the_interval_of_a_perfect_classifier_ends_at_one():
    found = bootstrap_macro_f1(np.diag([50, 3, 0]))
    assert found.low <= found.value == found.high == pytest.approx(2 / 3)


@pytest.mark.parametrize(("successes", "trials"), [(0, 0), (2, 1), (-1, 3)])
def test_an_impossible_share_is_refused(successes, trials):
    with pytest.raises(ValueError, match="successes"):
        wilson_interval(successes, trials)


@pytest.mark.parametrize(
    ("probabilities", "labels", "words"),
    [
        (np.zeros((0, 7)), np.zeros(0, int), "N > 0"),
        (np.zeros((3, 7)), np.zeros(2, int), "one label a row"),
        (np.zeros((2, 7)), np.array([0, 7]), "0..6"),
        (np.zeros((2, 7)), np.array([0, -1]), "-1..0"),
    ],
)
def test_wrong_shapes_and_labels_are_named(probabilities, labels, words):
    with pytest.raises(ValueError, match=words):
        evaluate_probabilities(probabilities.astype(np.float32), labels)
