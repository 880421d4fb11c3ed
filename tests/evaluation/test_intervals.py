"""Intervals against SciPy and against drawing single pictures."""

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import confusion_matrix, f1_score

from mimika.evaluation.intervals import (
    DRAWS,
    drawn_again,
    percentile_interval,
    wilson_interval,
)
from mimika.evaluation.metrics import macro_f1


@pytest.mark.parametrize(
    ("successes", "trials"), [(0, 1), (1, 1), (5, 10), (2390, 3589)]
)
def test_the_interval_of_a_share_equals_that_of_scipy(successes, trials):
    expected = binomtest(successes, trials).proportion_ci(method="wilson")
    found = wilson_interval(successes, trials)
    assert found.low == pytest.approx(expected.low, abs=1e-9)
    assert found.high == pytest.approx(expected.high, abs=1e-9)


@pytest.mark.parametrize(("successes", "trials"), [(0, 0), (2, 1), (-1, 3)])
def test_an_impossible_share_is_refused(successes, trials):
    with pytest.raises(ValueError, match="successes"):
        wilson_interval(successes, trials)


def test_drawn_matrices_have_as_many_pictures_and_the_same_mean():
    matrix = np.array([[30, 10], [5, 15]])
    drawn = drawn_again(matrix)
    assert drawn.shape == (DRAWS, 2, 2)
    assert (drawn.sum(axis=(1, 2)) == 60).all()
    assert drawn.mean(axis=0) == pytest.approx(matrix, abs=0.5)
    assert (drawn_again(matrix) == drawn).all()


def test_a_drawn_matrix_varies_as_drawing_single_pictures_does():
    rng = np.random.default_rng(4)
    labels = rng.integers(0, 7, 400)
    predicted = np.where(rng.random(400) < 0.6, labels, rng.integers(0, 7, 400))
    draws = (rng.integers(0, 400, 400) for _ in range(400))
    again = [
        f1_score(labels[draw], predicted[draw], average="macro", labels=range(7))
        for draw in draws
    ]
    expected = np.quantile(again, (0.025, 0.975))
    matrix = confusion_matrix(labels, predicted)
    found = percentile_interval(float(np.mean(again)), macro_f1(drawn_again(matrix)))
    assert (found.low, found.high) == pytest.approx(expected, abs=0.01)
    assert found.high - found.low > 0.05


def test_an_interval_holds_its_figure():
    found = percentile_interval(2.0, np.array([0.0, 1.0]))
    assert found.low <= found.value == found.high == 2.0
