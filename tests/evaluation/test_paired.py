"""Paired figures against SciPy, scikit-learn and closed forms."""

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import accuracy_score, confusion_matrix

from mimika.evaluation.intervals import DRAWS, Z95, percentile_interval
from mimika.evaluation.metrics import evaluate_probabilities, macro_f1
from mimika.evaluation.paired import accuracies, draw_confusions, mcnemar_p


def answers(seed, share, count=2000, classes=7):
    """True classes, and answers that are right with this probability."""
    rng = np.random.default_rng(seed)
    labels = np.random.default_rng(0).integers(0, classes, count)
    wrong = (labels + rng.integers(1, classes, count)) % classes
    return labels, np.where(rng.random(count) < share, labels, wrong)


@pytest.mark.parametrize(
    ("first", "second"), [(1, 0), (5, 5), (10, 25), (210, 160), (900, 1100)]
)
def test_mcnemar_equals_the_binomial_test(first, second):
    expected = binomtest(first, first + second, 0.5).pvalue
    assert mcnemar_p(first, second) == pytest.approx(expected)
    assert mcnemar_p(second, first) == pytest.approx(expected)


def test_mcnemar_by_hand():
    # one of eight on the smaller side: 2 * (1 + 8) / 256
    assert mcnemar_p(1, 7) == pytest.approx(18 / 256)
    assert mcnemar_p(0, 0) == 1.0


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="expected counts, got -1 and 3"):
        mcnemar_p(-1, 3)


def test_the_accuracy_of_a_matrix_equals_that_of_scikit_learn():
    labels, predicted = answers(1, 0.6)
    matrix = confusion_matrix(labels, predicted)[None]
    assert accuracies(matrix) == pytest.approx([accuracy_score(labels, predicted)])


def test_a_drawn_difference_spreads_as_the_closed_form_says():
    labels, first = answers(1, 0.6)
    _, second = answers(2, 0.65)
    drawn = draw_confusions([first, second], labels, 7)
    difference = accuracies(drawn[1]) - accuracies(drawn[0])
    pairs = (second == labels).astype(float) - (first == labels)
    error = pairs.std() / np.sqrt(len(pairs))
    assert difference.std() == pytest.approx(error, rel=0.05)
    found = percentile_interval(pairs.mean(), difference)
    expected = pairs.mean() + Z95 * error * np.array([-1, 1])
    assert [found.low, found.high] == pytest.approx(expected, abs=0.15 * error)


def test_equal_models_have_no_difference_in_any_draw():
    labels, first = answers(1, 0.6)
    drawn = draw_confusions([first, first.copy()], labels, 7)
    assert drawn.shape == (2, DRAWS, 7, 7)
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert (drawn.sum(axis=(2, 3)) == len(labels)).all()


def test_the_interval_of_macro_f1_is_that_of_the_metrics():
    labels, predicted = answers(3, 0.7)
    drawn = macro_f1(draw_confusions([predicted], labels, 7)[0])
    expected = evaluate_probabilities(np.eye(7, dtype=np.float32)[predicted], labels)
    assert np.quantile(drawn, (0.025, 0.975)) == pytest.approx(
        [expected.macro_f1.low, expected.macro_f1.high], abs=0.002
    )
