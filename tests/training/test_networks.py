"""The network that an experiment begins with."""

import pytest
import torch

from mimika.core.errors import ConfigError, ModelError
from mimika.core.preprocess import PreprocessSpec
from mimika.models.catalogue import NetworkSpec, create_network
from mimika.models.super_resolution import Upscaled
from mimika.training.config import Experiment
from mimika.training.networks import fresh_network, network_spec


def experiment(**changes):
    values = {
        "name": "a",
        "data": "none",
        "backbone": "compact_resnet",
        "epochs": 1,
        "learning_rate": 0.1,
    }
    return Experiment.model_validate(values | changes)


def spec(size=48, channels=1):
    return PreprocessSpec(
        size=size, channels=channels, mean=(0.5,) * channels, std=(0.25,) * channels
    )


def test_the_network_is_made_for_the_experiments_keys():
    found = network_spec(experiment(size=64, channels=3, dropout=0.4, head="mlp"), 5)
    assert found == NetworkSpec("compact_resnet", 3, 64, 5, dropout=0.4, head="mlp")


def test_an_unknown_backbone_is_refused():
    with pytest.raises(ConfigError, match="compact_resnet"):
        fresh_network(experiment(backbone="compact_resnets"), spec(), 7)


def test_pretrained_weights_are_taken_over_and_the_classifier_is_new(tmp_path):
    pretrained = create_network(NetworkSpec("compact_resnet", 1, 48, 9))
    torch.save(pretrained.state_dict(), tmp_path / "w.pth")
    setting = experiment(strategy="fine-tune", weights=str(tmp_path / "w.pth"))
    network, _ = fresh_network(setting, spec(), 7)
    state = network.state_dict()
    for name, values in pretrained.state_dict().items():
        if not name.startswith("classifier"):
            assert torch.equal(state[name], values), name
    assert state["classifier.weight"].shape == (7, 192)


def test_a_missing_file_of_weights_is_named():
    setting = experiment(strategy="fine-tune", weights="gone.pth")
    with pytest.raises(ModelError, match=r"gone\.pth: no such file"):
        fresh_network(setting, spec(), 7)


def test_a_learned_upscaler_stands_in_front(tmp_path):
    from mimika.models.checkpoint import save_checkpoint
    from mimika.models.super_resolution import SubPixelUpscaler

    upscaler = SubPixelUpscaler()
    save_checkpoint(tmp_path / "u.ckpt", {"weights": upscaler.state_dict()})
    setting = experiment(size=96, upscaling=f"learned:{tmp_path / 'u.ckpt'}")
    network, _ = fresh_network(setting, spec(), 7)
    assert isinstance(network, Upscaled)
    assert torch.equal(network.upscaler.first.weight, upscaler.first.weight)
