"""Intervals of a share of right answers."""

import numpy as np
import pytest
from scipy.stats import binomtest

from mimika.learning.certainty import exact_interval, interval_of_others


@pytest.mark.parametrize(("right", "count"), [(0, 10), (7, 10), (10, 10), (235, 244)])
def test_the_exact_interval_is_that_of_scipy(right, count):
    oracle = binomtest(right, count).proportion_ci(0.95, "exact")
    found = exact_interval(right, count)
    assert found.value == right / count
    assert (found.low, found.high) == pytest.approx((oracle.low, oracle.high))


def test_other_pictures_lie_inside_95_times_in_100():
    rng = np.random.default_rng(0)
    inside = []
    for share in (0.7, 0.9, 0.96):
        for _ in range(700):
            found = interval_of_others(rng.binomial(120, share), 120, 80)
            other = rng.binomial(80, share) / 80
            inside.append(found.low <= other <= found.high)
    assert 0.93 <= np.mean(inside) <= 0.99


def test_it_is_wider_than_that_of_the_share_alone():
    exact, others = exact_interval(90, 100), interval_of_others(90, 100, 50)
    assert others.low < exact.low
    assert others.value == exact.value == 0.9
    tiny = interval_of_others(8, 10, 10)
    assert tiny.high - tiny.low > 0.4


@pytest.mark.parametrize(("right", "count"), [(1, 0), (-1, 5), (6, 5)])
def test_impossible_counts_are_refused(right, count):
    for interval in (exact_interval, lambda a, b: interval_of_others(a, b, 5)):
        with pytest.raises(ValueError, match="expected 0 <= right <= count"):
            interval(right, count)
