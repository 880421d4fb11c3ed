"""What a network says about pictures."""

import numpy as np
import pytest
import torch
from torch import nn

from mimika.core.preprocess import PreprocessSpec
from mimika.training.config import Experiment
from mimika.training.features import PlainFeatures
from mimika.training.prediction import predict
from mimika.training.run import start_run

SPEC = PreprocessSpec(size=48, channels=1, mean=(0.5,), std=(0.25,))


@pytest.fixture
def run(tmp_path):
    values = {"name": "a", "data": "none", "backbone": "tiny_vgg", "epochs": 1}
    experiment = Experiment(**values, learning_rate=0.1, accelerator="cpu")
    return start_run(experiment, tmp_path, SPEC, 3)


@pytest.mark.parametrize("count", [1, 256, 600])
def test_probabilities_are_the_softmax_of_the_logits_in_order(run, count):
    inputs = torch.randn(count, 5, generator=torch.Generator().manual_seed(0))
    network = nn.Sequential(nn.Dropout(0.9), nn.Linear(5, 3)).train()
    found = predict(run, network, PlainFeatures(inputs, torch.device("cpu")))
    logits = network[1](inputs).detach().double().numpy()
    shares = np.exp(logits)
    shares /= shares.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found, shares, atol=1e-6)
    assert found.dtype == np.float32
