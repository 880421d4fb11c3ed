import numpy as np

from mimika.analysis.quick_model import FOLDS, grouped_folds, out_of_fold


def silent(share):
    pass


def test_a_group_is_never_divided():
    rng = np.random.default_rng(0)
    groups = rng.integers(0, 60, 300)
    folds = grouped_folds(groups, rng)
    assert set(folds.tolist()) == set(range(FOLDS))
    for group in np.unique(groups):
        assert len(set(folds[groups == group].tolist())) == 1


def test_probabilities_are_good_where_classes_are_apart():
    rng = np.random.default_rng(0)
    labels = np.arange(300) % 3
    features = (np.eye(3)[labels] + rng.normal(0, 0.2, (300, 3))).astype(np.float32)
    shares = out_of_fold(features, labels, np.arange(300), 0, silent)
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)
    assert (shares.argmax(axis=1) == labels).mean() > 0.95


def test_labels_without_meaning_are_not_learnt():
    rng = np.random.default_rng(0)
    features = rng.normal(0, 1, (400, 8)).astype(np.float32)
    labels = rng.integers(0, 2, 400)
    shares = out_of_fold(features, labels, np.arange(400), 0, silent)
    assert 0.35 < (shares.argmax(axis=1) == labels).mean() < 0.65


def test_copies_in_one_group_do_not_betray_their_label():
    rng = np.random.default_rng(0)
    features = np.repeat(rng.normal(0, 1, (150, 8)), 2, axis=0).astype(np.float32)
    labels = np.repeat(rng.integers(0, 2, 150), 2)
    groups = np.repeat(np.arange(150), 2)
    shares = out_of_fold(features, labels, groups, 0, silent)
    assert (shares.argmax(axis=1) == labels).mean() < 0.68


def test_the_same_seed_gives_the_same_probabilities():
    rng = np.random.default_rng(0)
    features = rng.normal(0, 1, (80, 4)).astype(np.float32)
    labels = np.arange(80) % 2
    one, other = (
        out_of_fold(features, labels, np.arange(80), 3, silent) for _ in range(2)
    )
    assert (one == other).all()


def test_all_pictures_in_one_group_and_pictures_that_are_all_alike_do_not_fail():
    features = np.zeros((40, 4), np.float32)
    labels = np.arange(40) % 2
    shares = out_of_fold(features, labels, np.zeros(40, np.int64), 0, silent)
    assert np.allclose(shares, 0.5)
