"""A finished run with untrained weights, and pictures to compare on."""

import json

import numpy as np
import pytest
import torch

from mimika.core.card import ModelCard
from mimika.core.preprocess import PreprocessSpec
from mimika.core.tasks import EMOTION
from mimika.models.catalogue import NetworkSpec, create_network
from mimika.models.checkpoint import save_checkpoint, weights_digest


@pytest.fixture
def images():
    """Smooth pictures with all grey levels, uint8 (40, 48, 48)."""
    rng = np.random.default_rng(5)
    coarse = rng.random((40, 6, 6)).repeat(8, axis=1).repeat(8, axis=2)
    return (255 * coarse).astype(np.uint8)


@pytest.fixture
def run(tmp_path):
    """The folder of a finished run."""
    torch.manual_seed(0)
    network = create_network(NetworkSpec("compact_resnet", 1, 48, 7))
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):  # as if it were trained
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 2.0)
    network.classifier.weight.data *= 20  # probabilities far from uniform
    card = ModelCard(
        name="emotion-test",
        task="emotion",
        labels=EMOTION.keys,
        preprocess=PreprocessSpec(size=48, channels=1, mean=(0.5,), std=(0.25,)),
        architecture="compact_resnet",
        parameters=1,
        multiply_adds=1,
        training_data="none",
        selection="none",
        recipe="none",
        seed=0,
        temperature=1.5,
        intended_use="tests",
        limits="untrained",
        licence="MIT",
        digest=weights_digest(network.state_dict()),
        created="2026-01-01",
        mimika_version="0",
    )
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "card.json").write_text(json.dumps(card.model_dump(mode="json")))
    save_checkpoint(
        folder / "best.ckpt",
        {
            "weights": network.state_dict(),
            "experiment": {"backbone": "compact_resnet"},
        },
    )
    return folder
