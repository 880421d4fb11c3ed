"""Labels from held-out answers and crowd votes."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from mimika.core.errors import DataError
from mimika.evaluation.predictions import Predictions
from mimika.evaluation.stacking import held_out, stacked, vote_features

CLASSES = ("angry", "fear", "happy")
COUNT = 600


def member(rows, probabilities, labels):
    """What a model said about some rows of a data set with these labels."""
    return Predictions(
        np.asarray(probabilities, np.float32)[rows],
        labels[rows],
        np.asarray(rows),
        CLASSES,
        "a fold",
        f"of {rows[0]}",
        "model",
        "weights",
    )


@pytest.fixture
def labels():
    return np.random.default_rng(5).integers(0, 3, COUNT)


@pytest.fixture
def say(labels):
    """Makes probabilities that are highest for the label on a share of the rows."""

    def drawn(share, seed):
        rng = np.random.default_rng(seed)
        wrong = (labels + rng.integers(1, 3, COUNT)) % 3
        answers = np.where(rng.random(COUNT) < share, labels, wrong)
        return 0.7 * np.eye(3)[answers] + 0.1

    return drawn


@pytest.fixture
def folds():
    order = np.random.default_rng(1).permutation(COUNT)
    return [np.sort(part) for part in np.array_split(order, 3)]


def right(found, labels):
    return (found.probabilities.argmax(axis=1) == labels).mean()


def test_three_sources_know_more_than_any(labels, say, folds):
    sources = [say(0.7, seed) for seed in range(3)]
    members = [member(rows, said, labels) for rows in folds for said in sources]
    found = stacked(members, "teacher")
    alone = stacked([member(rows, sources[0], labels) for rows in folds], "alone")
    assert found.rows.tolist() == list(range(COUNT))
    assert right(alone, labels) == pytest.approx(0.7, abs=0.05)
    assert right(found, labels) > right(alone, labels) + 0.03
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, atol=1e-5)
    assert found.model == "teacher"


def test_a_source_with_other_habits_is_translated(labels, folds):
    """A model that calls each class by the next one's name says as much."""
    shifted = 0.8 * np.eye(3)[(labels + 1) % 3] + 0.2 / 3
    found = stacked([member(rows, shifted, labels) for rows in folds], "teacher")
    assert right(found, labels) == 1.0


def test_each_fold_is_answered_by_a_regression_from_the_others(labels, say, folds):
    features = np.log(say(0.6, 3)).astype(np.float32)
    found = held_out(features, labels, folds, 3)
    others = np.concatenate(folds[1:])
    oracle = LogisticRegression(max_iter=2000).fit(features[others], labels[others])
    expected = oracle.predict_proba(features[folds[0]])
    np.testing.assert_allclose(found[folds[0]], expected, atol=1e-4)


def test_a_pictures_own_label_does_not_decide_its_answer(labels, folds):
    """Features that name the picture and nothing else lead to the classes' shares."""
    own = np.eye(COUNT, dtype=np.float32)
    found = held_out(own, labels, folds, 3)
    assert found.std(axis=0).max() < 0.05


def test_a_class_that_no_other_fold_has_gets_nothing():
    labels = np.array([0, 1, 0, 1, 2])
    features = np.zeros((5, 2), np.float32)
    folds = [np.array([4]), np.array([0, 1]), np.array([2, 3])]
    found = held_out(features, labels, folds, 4)
    assert found[4].tolist() == pytest.approx([0.5, 0.5, 0, 0])
    with pytest.raises(DataError, match="2 pictures outside a fold and no two labels"):
        held_out(features[:4], np.zeros(4, int), [np.arange(2), np.arange(2, 4)], 2)


def test_votes_are_a_source_of_their_own(labels, say, folds):
    votes = (10 * say(0.8, 4)).round().astype(int)
    nobody = np.zeros(COUNT, int)
    features = vote_features(votes, nobody, None)
    members = [member(rows, say(0.6, 1), labels) for rows in folds]
    without, found = stacked(members, "a"), stacked(members, "a", features)
    assert right(found, labels) > right(without, labels) + 0.1


def test_votes_become_shares_roots_and_steps():
    counts, others = np.array([[3, 1], [0, 0]]), np.array([0, 0])
    found = vote_features(counts, others, np.array([4, 0]))
    shares = [3 / 8, 1 / 8, 0, 1 / 2]
    assert found[0, :4].tolist() == pytest.approx(shares)
    assert found[0, 4:8].tolist() == pytest.approx(np.sqrt(shares).tolist())
    assert found[0, 8:].tolist() == [1, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert not found[1].any()
    assert vote_features(counts, others, None).shape == (2, 15)


def test_what_is_no_cross_validation_is_refused(labels, say, folds):
    said = say(0.7, 1)
    first = member(folds[0], said, labels)
    with pytest.raises(DataError, match="all predictions are about the same pictures"):
        stacked([first, first], "a")
    both = member(np.sort(np.concatenate(folds[:2])), said, labels)
    with pytest.raises(DataError, match="is in 2 folds; expected each in one"):
        stacked([first, both], "a")
    second = member(folds[1], said, labels)
    with pytest.raises(DataError, match="expected each row in equally many"):
        stacked([first, first, second], "a")
    unknown = member(folds[1], said, np.full(COUNT, -1))
    with pytest.raises(DataError, match="no label; stacking learns from labels"):
        stacked([first, unknown], "a")
