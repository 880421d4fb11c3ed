"""A short training on tensors in memory."""

import numpy as np
import pytest
import torch
from torch import nn

from mimika.learning.fitting import Course, fit_network, logits_of, rate_at

COURSE = Course(epochs=12, learning_rate=0.05, batch_size=8)


def made():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 2))


def data(views=2, count=50):
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 2, count)
    x = rng.normal(size=(views, count, 4)) + 2 * labels[None, :, None]
    return torch.from_numpy(x.astype(np.float32)), labels


def test_it_learns_and_the_same_seed_gives_the_same_weights():
    x, labels = data()
    networks = [made() for _ in range(3)]
    for network, seed in zip(networks, (1, 1, 2), strict=True):
        fit_network(network, x, labels, COURSE, seed)
    answers = [logits_of(network, x[0]) for network in networks]
    assert (answers[0].argmax(axis=1) == labels).mean() > 0.9
    np.testing.assert_array_equal(answers[0], answers[1])
    assert not np.array_equal(answers[0], answers[2])


def test_frozen_means_stay_as_they_are():
    x, labels = data()
    network = made()
    fit_network(network, x, labels, Course(2, 0.05, frozen_norms=True), 1)
    assert network[1].running_mean.abs().max() == 0
    assert not network[1].training
    fit_network(network, x, labels, Course(2, 0.05), 1)
    assert network[1].running_mean.abs().max() > 0


def test_fewer_pictures_than_a_batch_are_one_batch():
    x, labels = data(count=5)
    fit_network(made(), x, labels, COURSE, 1)


def test_the_rate_rises_and_falls_to_nothing():
    rates = [rate_at(step, 100, 10) for step in range(101)]
    assert rates[0] < rates[5] < rates[9] < 1
    assert rates[10] == pytest.approx(1)
    assert rates[100] == pytest.approx(0)
    assert rates[10:] == sorted(rates[10:], reverse=True)
