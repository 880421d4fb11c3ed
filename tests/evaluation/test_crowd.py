import numpy as np
import pytest
from scipy.stats import entropy

from mimika.evaluation.crowd import against_votes


def test_the_divergence_is_that_of_scipy():
    rng = np.random.default_rng(1)
    probabilities = rng.dirichlet(np.ones(4), 50).astype(np.float32)
    counts = rng.integers(0, 4, (50, 4))
    labels = rng.integers(0, 4, 50)
    used = counts.sum(axis=1) > 0
    expected = entropy(counts[used].T, probabilities[used].T).mean()
    found = against_votes(probabilities, labels, counts)
    assert found.divergence == pytest.approx(expected, abs=1e-6)
    assert found.images == used.sum()


def test_any_first_choice_agrees_and_pictures_without_votes_are_left_out():
    probabilities = np.eye(3, dtype=np.float32)[[0, 1, 2, 2]]
    counts = np.array([[5, 5, 0], [1, 0, 9], [0, 0, 10], [0, 0, 0]])
    found = against_votes(probabilities, np.array([1, 2, 0, 0]), counts)
    assert found.images == 3
    assert found.agreement.value == pytest.approx(2 / 3)
    assert found.label_agreement.value == pytest.approx(2 / 3)


def test_a_perfect_model_has_no_divergence():
    probabilities = np.array([[0.5, 0.5, 0]], np.float32)
    found = against_votes(probabilities, np.array([0]), np.array([[3, 3, 0]]))
    assert found.divergence == pytest.approx(0)


def test_without_any_vote_there_is_nothing_to_say():
    probabilities = np.array([[0.5, 0.5]], np.float32)
    assert against_votes(probabilities, np.array([0]), np.zeros((1, 2), int)) is None


def test_votes_for_other_classes_are_refused():
    with pytest.raises(ValueError, match=r"expected votes of shape \(1, 2\)"):
        against_votes(np.ones((1, 2), np.float32), np.zeros(1, int), np.zeros((1, 3)))
