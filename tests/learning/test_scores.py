"""How good strategies are, and which one is taken."""

import math

import numpy as np
import pytest

from mimika.learning.folds import Fold
from mimika.learning.scores import Score, choose, pair, right_of, score

LABELS = np.arange(40) % 2
FOLDS = [
    Fold(
        repeat,
        number,
        0,
        np.flatnonzero(part != number),
        np.flatnonzero(part == number),
    )
    for repeat in range(2)
    for part in [np.random.default_rng(repeat).permutation(40) % 4]
    for number in range(4)
]


def logits(wrong):
    """Answers of two repeats that are wrong about these pictures."""
    answers = np.eye(2)[LABELS][None].repeat(2, axis=0).astype(np.float32)
    for repeat, places in enumerate(wrong):
        answers[repeat, places] = answers[repeat, places][:, ::-1]
    return answers


def named(name, mean, cost, error=0.02, effort=0):
    return Score(name, logits(([], [])), (), mean, 0.0, error, cost, effort)


def test_mean_and_deviation_are_those_of_the_folds():
    found = score("a", logits(([1, 2], [5])), LABELS, FOLDS, cost=3, effort=1)
    right = right_of(found.logits, LABELS)
    parts = [right[fold.repeat, fold.judge].mean() for fold in FOLDS]
    assert found.mean == pytest.approx(1 - 3 / 80) == pytest.approx(np.mean(parts))
    assert found.deviation == pytest.approx(np.std(parts, ddof=1))
    # Nadeau and Bengio: 1 / J + judged / taught
    assert found.error == pytest.approx(found.deviation * math.sqrt(1 / 8 + 1 / 3))


def test_the_cheapest_within_one_standard_error_is_taken():
    best, near = named("best", 0.95, 900), named("near", 0.935, 100)
    far = named("far", 0.92, 1)
    assert choose([best, near, far]) is near
    assert choose([best, far]) is best
    tuned = named("tuned", 0.94, 100, effort=1)
    assert choose([best, tuned, near]) is near


def test_the_difference_is_that_over_the_same_pictures():
    best = score("best", logits(([], [])), LABELS, FOLDS, cost=1, effort=0)
    other = score(
        "other", logits((range(8), range(8))), LABELS, FOLDS, cost=1, effort=0
    )
    found = pair(other, best, LABELS, np.arange(40)).difference
    assert found.value == pytest.approx(-0.2)
    assert found.low < -0.2 < found.high < 0
    whole = np.zeros(40, int)  # all are copies of one picture: nothing is known
    same = pair(other, best, LABELS, whole).difference
    assert same.low == pytest.approx(same.high)
