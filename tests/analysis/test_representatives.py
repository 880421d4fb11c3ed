import numpy as np
import pytest

from mimika.analysis.features import describe_pictures
from mimika.analysis.representatives import distances, find_representatives


def silent(share):
    pass


def test_distances_are_those_of_brute_force():
    rng = np.random.default_rng(0)
    features = rng.normal(0, 1, (40, 6)).astype(np.float32)
    means, oddity = distances(features, rng)
    apart = np.linalg.norm(features[:, None] - features[None], axis=2)
    assert means == pytest.approx(apart.mean(axis=1), rel=1e-3)
    assert oddity == pytest.approx(np.sort(apart, axis=1)[:, 5], rel=1e-3)


def test_the_odd_one_of_a_class_comes_first(draw):
    pictures = draw([0] * 30 + [1] * 30)
    pictures.images[7] = np.where(np.arange(48) % 12 < 6, 255, 0)
    features = describe_pictures(pictures.images, 0, silent)
    usable = np.ones(60, bool)
    found = find_representatives(pictures, features, usable, 0)
    assert [item.label for item in found] == [0, 1]
    assert found[0].atypical[0] == 7
    assert 7 not in found[0].medoids
    mean = pictures.images[:30].mean(axis=0).round()
    assert np.abs(found[0].mean - mean).max() <= 1


def test_what_is_not_usable_is_never_shown(draw):
    pictures = draw([0] * 12)
    usable = np.arange(12) < 3
    features = describe_pictures(pictures.images, 0, silent)
    (found,) = find_representatives(pictures, features, usable, 0)
    assert set(found.random.tolist()) == {0, 1, 2}
    assert len(found.atypical) == 0


def test_a_class_of_one_stands_for_itself(draw):
    pictures = draw([0, 1, 1])
    features = describe_pictures(pictures.images, 0, silent)
    found = find_representatives(pictures, features, np.ones(3, bool), 0)
    assert found[0].medoids.tolist() == [0]
