"""A finished run with untrained weights, and pictures to compare on."""

import json

import numpy as np
import pytest
import torch

from mimika.export.onnx import export_run
from mimika.models.catalogue import NetworkSpec, create_network
from mimika.models.checkpoint import save_checkpoint, weights_digest


@pytest.fixture
def images():
    """Smooth pictures with all grey levels, uint8 (40, 48, 48)."""
    rng = np.random.default_rng(5)
    coarse = rng.random((40, 6, 6)).repeat(8, axis=1).repeat(8, axis=2)
    return (255 * coarse).astype(np.uint8)


@pytest.fixture
def run(tmp_path, make_card):
    """The folder of a finished run."""
    torch.manual_seed(0)
    network = create_network(NetworkSpec("compact_resnet", 1, 48, 7))
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):  # as if it were trained
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 2.0)
    network.classifier.weight.data *= 20  # probabilities far from uniform
    card = make_card(
        architecture="compact_resnet",
        temperature=1.5,
        digest=weights_digest(network.state_dict()),
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


@pytest.fixture
def exported(run, images, tmp_path):
    """The run as an ONNX file with float32 weights."""
    export_run(run, tmp_path / "model.onnx", images)
    return tmp_path / "model.onnx"
