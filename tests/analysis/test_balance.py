import numpy as np
import pytest

from mimika.analysis.balance import measure_balance, same_but_case
from mimika.data.samples import PUBLIC_TEST, TRAINING


def test_counts_ratio_and_weights_are_those_of_hand(draw):
    labels = [0] * 6 + [1] * 2 + [0] * 3 + [1] + [-1] * 2
    found = measure_balance(draw(labels, [TRAINING] * 8 + [PUBLIC_TEST] * 6))
    training, public = found.splits
    assert training.counts[:3] == (6, 2, 0)
    assert (training.ratio, training.majority, training.distance) == (3.0, 0.75, None)
    assert (public.pictures, public.unlabelled, public.ratio) == (6, 2, 3.0)
    assert public.distance == 0
    assert found.weights[:3] == (8 / 12, 2.0, None)
    assert "Surprise" in found.empty


def test_weights_make_every_class_count_the_same(drawn):
    found = measure_balance(drawn)
    counts = found.splits[0].counts
    shares = np.array(found.weights) * counts
    assert shares == pytest.approx(np.full(7, sum(counts) / 7))


def test_the_distance_of_splits_is_the_total_variation(draw):
    labels = [0, 0, 0, 1, 0, 1, 1, 1]
    found = measure_balance(draw(labels, [TRAINING] * 4 + [PUBLIC_TEST] * 4))
    assert found.splits[1].distance == 0.5


def test_what_chance_makes_of_the_distance_is_what_draws_give(draw):
    rng = np.random.default_rng(0)
    shares = np.array([0.5, 0.3, 0.2])
    draws = []
    for _ in range(2000):
        one, other = rng.multinomial(90, shares) / 90, rng.multinomial(30, shares) / 30
        draws.append(np.abs(one - other).sum() / 2)
    labels = [0] * 45 + [1] * 27 + [2] * 18 + [0] * 15 + [1] * 9 + [2] * 6
    found = measure_balance(draw(labels, [TRAINING] * 90 + [PUBLIC_TEST] * 30))
    assert found.splits[1].by_chance == pytest.approx(np.mean(draws), rel=0.05)


def test_a_split_without_labels_has_no_ratio(draw):
    split = measure_balance(draw([-1, -1])).splits[0]
    assert (split.ratio, split.majority, split.unlabelled) == (None, None, 2)


def test_a_class_of_one_is_named(draw):
    assert measure_balance(draw([0, 0, 1])).single == ("Disgust",)


def test_names_that_differ_in_case_only_are_grouped():
    assert same_but_case(["Ants", "bees", "ants", "Straße", "STRASSE"]) == (
        ("Ants", "ants"),
        ("Straße", "STRASSE"),
    )
