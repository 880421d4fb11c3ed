"""The cheapest pairs of rows and columns."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from mimika.runtime.assignment import FORBIDDEN, assign


def total(costs, pairs):
    return sum(costs[pair] for pair in pairs)


@pytest.mark.parametrize("seed", range(40))
def test_the_sum_is_as_low_as_scipys(seed):
    rng = np.random.default_rng(seed)
    costs = rng.random(rng.integers(1, 9, 2)) * 4
    pairs = assign(costs, 10)
    rows, columns = linear_sum_assignment(costs)
    assert len(pairs) == len(rows)
    assert total(costs, pairs) == pytest.approx(costs[rows, columns].sum())


@pytest.mark.parametrize("seed", range(40))
def test_as_many_allowed_pairs_are_made_as_can_be(seed):
    rng = np.random.default_rng(seed)
    costs = rng.random(rng.integers(1, 9, 2))
    costs[rng.random(costs.shape) < 0.3] = np.inf
    pairs = assign(costs, 0.6)
    filled = np.where(costs <= 0.6, costs, FORBIDDEN)
    rows, columns = linear_sum_assignment(filled)
    best = filled[rows, columns]
    assert len(pairs) == (best < FORBIDDEN).sum()
    assert total(costs, pairs) == pytest.approx(best[best < FORBIDDEN].sum())


def test_rows_and_columns_are_used_once():
    pairs = assign(np.random.default_rng(0).random((6, 4)), 10)
    rows, columns = zip(*pairs, strict=True)
    assert sorted(set(rows)) == list(rows)
    assert sorted(set(columns)) == [0, 1, 2, 3]


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (2, 0)])
def test_nothing_is_paired_with_nothing(shape):
    assert assign(np.zeros(shape), 1) == []


def test_the_nearest_pair_gives_way_where_the_sum_is_lower():
    costs = np.array([[0.1, 0.2], [0.15, 0.9]])
    assert assign(costs, 1) == [(0, 1), (1, 0)]
