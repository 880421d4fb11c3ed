"""Figures against scikit-learn and worked examples."""

import numpy as np
import pytest
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    f1_score,
    log_loss,
    top_k_accuracy_score,
)

from mimika.evaluation.metrics import (
    balanced_accuracy,
    evaluate_probabilities,
    macro_f1,
)
from mimika.evaluation.reliability import expected_calibration_error


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
    expected = balanced_accuracy_score(labels, predicted)
    assert found.balanced_accuracy.value == pytest.approx(expected)
    expected = top_k_accuracy_score(labels, probabilities, k=2)
    assert found.top2.value == pytest.approx(expected)
    rows = probabilities.astype(np.float64)
    rows /= rows.sum(axis=1, keepdims=True)
    assert found.nll == pytest.approx(log_loss(labels, rows), abs=1e-5)
    assert found.ece == expected_calibration_error(probabilities, labels)


def test_the_confusion_matrix_has_the_true_class_in_rows():
    probabilities = np.array([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]], np.float32)
    found = evaluate_probabilities(probabilities, np.array([0, 0, 1]))
    assert found.confusion.tolist() == [[1, 1], [0, 1]]
    assert found.classes[1].precision == pytest.approx(0.5)
    assert found.classes[1].recall == 1.0
    assert [c.images for c in found.classes] == [2, 1]


@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true")
def test_a_class_that_never_occurs_counts_in_macro_f1_but_has_no_recall():
    probabilities = np.eye(3, dtype=np.float32)[[0, 1, 2]]
    labels = np.array([0, 1, 1])
    found = evaluate_probabilities(probabilities, labels)
    expected = f1_score(labels, [0, 1, 2], average="macro", labels=range(3))
    assert found.macro_f1.value == pytest.approx(expected) == pytest.approx(5 / 9)
    expected = balanced_accuracy_score(labels, [0, 1, 2])
    assert found.balanced_accuracy.value == pytest.approx(expected)
    assert expected == pytest.approx(0.75)


def test_of_equal_probabilities_the_first_class_is_named():
    probabilities = np.full((3, 3), 1 / 3, np.float32)
    found = evaluate_probabilities(probabilities, np.array([0, 1, 2]))
    assert found.accuracy.value == pytest.approx(1 / 3)
    assert found.top2.value == pytest.approx(2 / 3)


def test_the_same_matrix_has_the_same_interval_and_more_pictures_a_narrower_one():
    probabilities, labels = random_case(3, 100, 3)
    one, again = (evaluate_probabilities(probabilities, labels) for _ in range(2))
    many = evaluate_probabilities(
        np.tile(probabilities, (100, 1)), np.tile(labels, 100)
    )
    assert one.macro_f1 == again.macro_f1
    for name in ("macro_f1", "balanced_accuracy"):
        few, more = getattr(one, name), getattr(many, name)
        assert more.value == pytest.approx(few.value)
        width = (few.high - few.low) / 10
        assert more.high - more.low == pytest.approx(width, rel=0.15)


def test_a_matrix_without_pictures_has_no_figure_to_divide_by():
    nothing = np.zeros((1, 2, 2), np.int64)
    assert macro_f1(nothing).tolist() == balanced_accuracy(nothing).tolist() == [0]


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
