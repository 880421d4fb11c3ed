"""The learning curve and what is said about it."""

import numpy as np
import pytest

from mimika.learning.folds import plan_folds
from mimika.learning.growth import Point, fewer, learning_curve, sentence


class Better:
    """Is right about as many of a hundred pictures as it was taught ones, and more."""

    def answers(self, teach, judge, seed):
        rng = np.random.default_rng(len(teach))
        right = rng.random(len(judge)) < 0.5 + len(teach) / 40
        labels = (judge >= 12).astype(int)
        return np.eye(2, dtype=np.float32)[np.where(right, labels, 1 - labels)]


def test_points_rise_with_the_pictures(material):
    folds = list(plan_folds(material.pool, 4, 1, 1))
    shares = []
    points = learning_curve(
        Better(), material.pool.labels, folds, np.ones((1, 24)), shares.append
    )
    assert [point.pictures for point in points] == [4, 8, 14, 18]
    assert points[-1].mean == 1
    assert shares[-1] == pytest.approx(1)


def test_fewer_pictures_keep_every_class(material):
    (fold, *_) = plan_folds(material.pool, 4, 1, 1)
    for share in (0.1, 0.5, 1.0):
        chosen = fewer(fold, material.pool.labels, share)
        assert set(chosen) <= set(fold.teach)
        counts = np.bincount(material.pool.labels[chosen])
        assert counts.min() >= 2
        assert counts[0] == counts[1]
    np.testing.assert_array_equal(
        fewer(fold, material.pool.labels, 0.5), fewer(fold, material.pool.labels, 0.5)
    )


@pytest.mark.parametrize(
    ("means", "words"),
    [
        ((0.6, 0.7, 0.8), "it is still rising, and more pictures would help"),
        ((0.6, 0.79, 0.8), "it has levelled off"),
        ((0.79, 0.8, 0.8), "no more than by chance"),
        ((0.9, 0.99, 0.995), "hardly anything left to gain"),
    ],
)
def test_the_sentence_follows_from_the_last_rise(means, words):
    points = [Point(10 * n, mean, 0.03) for n, mean in enumerate(means, start=1)]
    assert words in sentence(points)
    assert "From 20 to 30 pictures" in sentence(points)
    assert "too few" in sentence(points[:1])
