"""A linear classifier on frozen features."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from mimika.learning.probe import STRENGTH, fit_probe


def features(classes, count=60, seed=0):
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % classes
    centres = rng.normal(size=(classes, 8)) * 2 + 5
    return (centres[labels] + rng.normal(size=(count, 8))).astype(np.float32), labels


def test_its_logits_are_those_of_scikit_learn_on_standardised_features():
    for classes in (2, 4):
        x, labels = features(classes)
        scaler = StandardScaler().fit(x)
        oracle = LogisticRegression(C=STRENGTH, max_iter=1000)
        oracle.fit(scaler.transform(x), labels)
        expected = oracle.predict_proba(scaler.transform(x))
        logits = fit_probe(x[None], labels, classes).logits(x).astype(np.float64)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        found = powers / powers.sum(axis=1, keepdims=True)
        np.testing.assert_allclose(found, expected, atol=1e-3)


def test_views_of_a_picture_count_as_one_picture():
    x, labels = features(3)
    once = fit_probe(x[None], labels, 3)
    twice = fit_probe(np.stack([x, x]), labels, 3)
    np.testing.assert_allclose(once.weight, twice.weight, atol=1e-3)


def test_a_class_without_pictures_is_never_answered():
    x, labels = features(2)
    logits = fit_probe(x[None], labels * 2, 3).logits(x)
    assert set(logits.argmax(axis=1)) == {0, 2}
    assert logits[:, 1].max() < logits[:, [0, 2]].max(axis=1).min()


def test_a_feature_that_never_changes_does_no_harm():
    x, labels = features(2)
    x[:, 3] = 7
    assert np.isfinite(fit_probe(x[None], labels, 2).weight).all()
