"""Temperatures against torch, against known ones, and never fitted on themselves."""

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from mimika.evaluation.calibration import (
    COLDEST,
    FOLDS,
    HOTTEST,
    calibrate,
    cross_fitted,
    fit_temperature,
    scale,
)
from mimika.evaluation.reliability import log_loss


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)


def drawn(temperature, count=4000, seed=0):
    """Logits, probabilities stated at a temperature, and labels drawn at that of 1."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (count, 5))
    truth = softmax(logits)
    labels = (truth.cumsum(axis=1) < rng.random((count, 1))).sum(axis=1).clip(max=4)
    return logits, softmax(logits / temperature), labels


@pytest.mark.parametrize("stated", [0.4, 1.0, 2.5])
def test_a_known_temperature_is_found_again(stated):
    _, probabilities, labels = drawn(stated, count=20_000)
    assert fit_temperature(probabilities, labels) == pytest.approx(1 / stated, rel=0.03)


def test_the_temperature_is_that_of_torch():
    logits, probabilities, labels = drawn(0.5)
    inputs, targets = torch.tensor(logits / 0.5), torch.tensor(labels)
    log_t = torch.zeros((), dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([log_t], max_iter=100, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = cross_entropy(inputs / log_t.exp(), targets)
        loss.backward()
        return loss

    optimizer.step(closure)
    found = fit_temperature(probabilities, labels)
    assert found == pytest.approx(log_t.exp().item(), rel=1e-3)


def test_no_temperature_nearby_has_a_lower_loss():
    _, probabilities, labels = drawn(0.7, count=300)
    best = fit_temperature(probabilities, labels)
    losses = [log_loss(scale(probabilities, best * f), labels) for f in (0.98, 1, 1.02)]
    assert min(losses) == losses[1]
    assert losses[1] <= log_loss(probabilities, labels)


@pytest.mark.parametrize(("right", "end"), [(True, COLDEST), (False, HOTTEST)])
def test_a_temperature_without_a_best_value_stays_inside_its_bounds(right, end):
    probabilities = np.tile(np.array([[0.6, 0.4]], np.float32), (20, 1))
    labels = np.full(20, 0 if right else 1)
    assert fit_temperature(probabilities, labels) == pytest.approx(end, rel=0.01)


def test_scaling_is_dividing_the_logits_and_changes_no_answer():
    logits, probabilities, _ = drawn(1.0, count=200)
    found = scale(probabilities, 1.7)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, softmax(logits / 1.7), atol=1e-6)
    assert (found.argmax(axis=1) == probabilities.argmax(axis=1)).all()


@pytest.mark.parametrize("temperature", [0, -1, float("nan")])
def test_an_impossible_temperature_is_refused(temperature):
    with pytest.raises(ValueError, match="expected a temperature above 0"):
        scale(np.full((1, 2), 0.5, np.float32), temperature)


def test_probabilities_of_zero_are_scaled_to_finite_ones():
    found = scale(np.array([[1.0, 0.0]], np.float32), 20)
    assert np.isfinite(found).all()
    assert found.sum() == pytest.approx(1)


def test_no_picture_is_scaled_by_a_temperature_that_its_label_moved():
    _, probabilities, labels = drawn(0.5, count=100)
    before = cross_fitted(probabilities, labels)
    for place in range(0, 100, 20):
        other = labels.copy()
        other[place] = (other[place] + 1) % 5
        after = cross_fitted(probabilities, other)
        np.testing.assert_array_equal(after[place], before[place])
        assert (after != before).any()  # it moved those of other pictures


def test_pictures_of_one_group_share_a_fold():
    _, probabilities, labels = drawn(0.5, count=60)
    groups = np.arange(60) // 3
    temperatures = temperatures_of(
        probabilities, cross_fitted(probabilities, labels, groups)
    )
    assert np.ptp(temperatures.reshape(20, 3), axis=1).max() < 1e-3
    assert len(np.unique(temperatures.round(3))) == FOLDS


def temperatures_of(before, after):
    """What each row was scaled by, from its two extreme classes."""
    old, new = (np.log(p.astype(np.float64)) for p in (before, after))
    return np.ptp(old, axis=1) / np.ptp(new, axis=1)


def test_the_same_seed_gives_the_same_folds_and_another_others():
    _, probabilities, labels = drawn(0.5, count=100)
    one, again, other = (cross_fitted(probabilities, labels, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()


@pytest.mark.parametrize("groups", [np.zeros(10, int), np.arange(9)])
def test_too_few_groups_are_refused(groups):
    _, probabilities, labels = drawn(1.0, count=10)
    with pytest.raises(ValueError, match="cannot fill 5 folds"):
        cross_fitted(probabilities, labels, groups)


def test_calibration_mends_probabilities_that_are_too_certain():
    _, probabilities, labels = drawn(0.5)
    found = calibrate("drawn", probabilities, labels)
    assert (found.name, found.images) == ("drawn", 4000)
    assert found.temperature == pytest.approx(2, rel=0.05)
    assert found.ece_before > 0.1 > 0.04 > found.ece_after
    assert found.ece_by_chance < 0.04
    assert found.nll_after < found.nll_before
    assert sum(part.images for part in found.after) == 4000
