"""Pairs of classes, their shares both ways, and what is said about them."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from mimika.evaluation.confusions import (
    FEW,
    MORE_OFTEN,
    SECOND,
    SURE,
    Confusion,
    Direction,
    confusions,
    describe,
    explain,
)
from mimika.evaluation.intervals import Interval, wilson_interval

NAMES = ("Fear", "Sad", "Happy")


def answers_of(*counts):
    """One-sided probabilities: (true, answer, second, how many), answered with 0.6."""
    rows, labels = [], []
    for true, answer, second, count in counts:
        row = np.full(3, 0.1, np.float32)
        row[answer], row[second] = 0.6, 0.3
        rows += [row] * count
        labels += [true] * count
    return np.array(rows, np.float32), np.array(labels, np.int64)


def pair(more=(30, 100), less=(5, 100), confidence=0.5, second=0.9):
    ways = [
        Direction(true, answer, k, n, wilson_interval(k, n))
        for (true, answer), (k, n) in (((0, 1), more), ((1, 0), less))
    ]
    return Confusion(*ways, confidence, second)


@pytest.fixture(scope="module")
def drawn():
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet(np.full(6, 0.4), 900).astype(np.float32)
    return probabilities, rng.integers(0, 6, 900)


def test_the_counts_are_those_of_scikit_learns_matrix(drawn):
    probabilities, labels = drawn
    matrix = confusion_matrix(labels, probabilities.argmax(axis=1))
    found = confusions(probabilities, labels, most=99)
    assert len(found) == 15  # every two of six classes
    assert sum(one.mistakes for one in found) == matrix.sum() - np.trace(matrix)
    for one in found:
        for way in (one.more, one.less):
            assert way.mistakes == matrix[way.true, way.answer]
            assert way.images == matrix[way.true].sum()
            assert way.share.value == way.mistakes / way.images
        assert one.more.share.value >= one.less.share.value


def test_the_pair_with_the_most_mistakes_comes_first(drawn):
    counts = [one.mistakes for one in confusions(*drawn, most=4)]
    assert len(counts) == 4
    assert counts == sorted(counts, reverse=True)


def test_confidence_and_second_answers_are_those_of_both_ways():
    probabilities, labels = answers_of(
        (0, 0, 1, 50), (0, 1, 0, 6), (1, 0, 2, 2), (1, 1, 0, 40), (2, 2, 0, 9)
    )
    (only,) = confusions(probabilities, labels)
    assert (only.more.true, only.more.answer, only.mistakes) == (0, 1, 8)
    assert only.confidence == pytest.approx(0.6)
    assert only.second == pytest.approx(6 / 8)


def test_answers_without_a_mistake_have_no_pairs():
    assert confusions(*answers_of((0, 0, 1, 5), (1, 1, 0, 5))) == ()


def test_a_class_that_never_occurs_has_no_share_and_is_left_out():
    assert confusions(*answers_of((0, 2, 0, 5), (1, 1, 0, 5))) == ()


def test_labels_of_other_classes_are_refused():
    with pytest.raises(ValueError, match=r"labels in 0\.\.2"):
        confusions(np.full((2, 3), 1 / 3, np.float32), np.array([0, 3]))


def test_both_directions_are_told_with_shares_and_counts():
    text = describe(pair((94, 496), (53, 653)), NAMES, 1137)
    assert text == (
        "Fear is taken for Sad in 19.0 % of its 496 pictures, Sad for Fear in 8.1 % of "
        "its 653. Together these are 147 of 1,137 mistakes (12.9 %)."
    )


def test_mistakes_are_one_sided_where_the_intervals_are_apart():
    touching = Interval(0.2, 0.15, 0.25)
    for low, is_apart in ((0.2501, True), (0.25, False)):
        one = pair()
        more = Direction(0, 1, 30, 100, Interval(0.3, low, 0.4))
        less = Direction(1, 0, 20, 100, touching)
        one = Confusion(more, less, 0.5, 0.9)
        assert one.one_sided == is_apart


@pytest.mark.parametrize(("less", "is_told"), [(10, True), (9, False)])
def test_few_mistakes_are_not_explained(less, is_told):
    found = explain(
        pair((FEW - 10, 100), (less, 100)), NAMES, (1, 1, 1), balanced=False
    )
    assert (len(found) == 2) == is_told
    assert ("too few mistakes" in found[0]) != is_told


def test_balanced_mistakes_are_not_blamed_on_the_training_set():
    sides, _ = explain(
        pair((20, 100), (19, 100)), NAMES, (100, 900, 100), balanced=False
    )
    assert "equally frequent" in sides
    assert "training pictures" not in sides


@pytest.mark.parametrize(("more", "blamed"), [(0, True), (-1, False)])
def test_the_training_set_is_blamed_from_a_ratio_on(more, blamed):
    training = (1000, round(1000 * MORE_OFTEN) + more, 10)
    sides, _ = explain(pair(), NAMES, training, balanced=False)
    assert "leans to Sad" in sides
    assert ("a loss in which each picture counts the same" in sides) == blamed
    assert ("look at the pictures and their labels" in sides) != blamed


@pytest.mark.parametrize(
    ("training", "words"),
    [
        (
            (1500, 1000, 10),
            "rarer in training (1,000 against 1,500): the class weights",
        ),
        ((1000, 1500, 10), "although the loss weighs the classes"),
        ((1000, 1000, 10), "their number does not explain it"),
    ],
)
def test_a_loss_with_class_weights_is_taken_into_account(training, words):
    sides, _ = explain(pair(), NAMES, training, balanced=True)
    assert words in sides


@pytest.mark.parametrize(
    ("confidence", "second", "words"),
    [
        (SURE, 0.9, "wrong labels or pictures of a kind"),
        (SURE - 0.001, SECOND, "close calls"),
        (SURE - 0.001, SECOND - 0.001, "a third class"),
    ],
)
def test_the_certainty_of_mistakes_decides_what_is_said(confidence, second, words):
    _, certainty = explain(
        pair(confidence=confidence, second=second), NAMES, (1, 1, 1), balanced=False
    )
    assert words in certainty
