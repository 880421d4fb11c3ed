"""A torch network behind the `Predictor` protocol."""

import numpy as np
import pytest
import torch
from torch import nn

from mimika.core.card import ModelCard
from mimika.core.preprocess import PreprocessSpec, fitted
from mimika.models.classifier import BATCH, TorchClassifier


class Corners(nn.Module):
    """The first two grey values of a picture as logits."""

    def forward(self, x):
        return x[:, 0, 0, :2]


def classifier(temperature=1.0):
    card = ModelCard(
        name="corners",
        task="corners",
        labels=("one", "two"),
        preprocess=PreprocessSpec(size=8, channels=1, mean=(0.0,), std=(1 / 255,)),
        architecture="none",
        parameters=0,
        multiply_adds=0,
        training_data="none",
        selection="none",
        recipe="none",
        seed=0,
        temperature=temperature,
        intended_use="tests",
        limits="tests",
        licence="MIT",
        digest="none",
        created="2026-01-01",
        mimika_version="0",
    )
    return TorchClassifier(Corners(), card)


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 8, (BATCH + 5, 8, 8), np.uint8)


@pytest.mark.parametrize("temperature", [1.0, 2.5])
def test_it_gives_the_softmax_of_the_logits_divided_by_the_temperature(
    images, temperature
):
    found = classifier(temperature).predict(images)
    powers = np.exp(images[:, 0, :2].astype(np.float64) / temperature)
    expected = powers / powers.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert found.dtype == np.float32


def test_no_pictures_give_no_rows(images):
    assert classifier().predict(images[:0]).shape == (0, 2)


def test_the_network_is_judged_in_evaluation_mode():
    network = nn.Sequential(nn.Dropout()).train()
    assert not TorchClassifier(network, classifier().card).network.training
    assert torch.is_grad_enabled()


def test_pictures_that_were_fitted_are_not_scaled_again(images):
    kept = {"fit": "keep-scale", "scale": 2.0, "size": 16}
    spec = classifier().card.preprocess.model_copy(update=kept)
    card = classifier().card.model_copy(update={"preprocess": spec})
    model = TorchClassifier(Corners(), card)
    small = fitted(images, spec)[..., 0]
    expected = model.predict(images)
    assert np.array_equal(model.predict(small, are_fitted=True), expected)
    assert not np.array_equal(model.predict(small), expected)
