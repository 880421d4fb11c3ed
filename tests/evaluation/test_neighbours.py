"""Votes of the most similar known pictures."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from mimika.core.errors import DataError
from mimika.evaluation.neighbours import directions, neighbour_votes


@pytest.fixture
def drawn():
    """Features of 700 pictures to ask about and of 300 known ones with labels."""
    rng = np.random.default_rng(2)
    asked, known = rng.normal(size=(2, 700, 12)).astype(np.float32)
    known = known[:300]
    centre = known.mean(axis=0)
    labels = rng.integers(0, 4, 300)
    return directions(asked, centre), directions(known, centre), labels


@pytest.mark.parametrize(("count", "temperature"), [(1, 0.1), (10, 0.05), (300, 1.0)])
def test_the_votes_are_those_of_scikit_learn(drawn, count, temperature):
    asked, known, labels = drawn
    # of vectors of length 1: cosine = 1 - distance ** 2 / 2
    oracle = KNeighborsClassifier(
        count,
        algorithm="brute",
        weights=lambda distance: np.exp((1 - distance**2 / 2) / temperature),
    ).fit(known, labels)
    found = neighbour_votes(
        asked, known, labels, 4, count=count, temperature=temperature
    )
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, oracle.predict_proba(asked), atol=1e-4)


def test_a_class_that_nobody_knows_gets_nothing(drawn):
    asked, known, labels = drawn
    found = neighbour_votes(asked, known, labels, 6, count=5, temperature=0.05)
    assert found.shape == (700, 6)
    assert (found[:, 4:] == 0).all()
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-6)


def test_directions_have_length_one_and_the_centre_has_none():
    features = np.array([[3, 4], [1, 1], [1, 3]], np.float32)
    found = directions(features, np.array([1, 1], np.float32))
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), [1, 0, 1], atol=1e-6)
    np.testing.assert_allclose(found[2], [0, 1], atol=1e-6)


@pytest.mark.parametrize("count", [0, 301])
def test_more_neighbours_than_there_are_pictures_are_refused(drawn, count):
    with pytest.raises(DataError, match=f"{count} neighbours among 300 known pictures"):
        neighbour_votes(*drawn, 4, count=count, temperature=0.05)
