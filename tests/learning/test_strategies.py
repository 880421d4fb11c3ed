"""Feature extraction, fine-tuning and learning from scratch."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from mimika.core.images import read_picture
from mimika.learning import strategies
from mimika.learning.fitting import Course
from mimika.learning.looks import look
from mimika.learning.starters import find_starters, start
from mimika.learning.strategies import (
    TuningStrategy,
    feature_strategy,
    measured,
    put_linear,
    scratch_strategy,
)
from mimika.models.catalogue import create_network
from mimika.models.spec import NetworkSpec


@pytest.fixture
def features(weights, material, tmp_path):
    (starter,) = find_starters((), weights, tmp_path, tmp_path)
    started = start(starter, material.task, "crop", 80)
    looks = look(started, "resnet10t", material.pool.paths, tmp_path, lambda s: None)
    return feature_strategy("resnet10t", started, looks, material.pool, material.task)


TEACH, JUDGE = np.arange(0, 24, 2), np.arange(1, 24, 2)


def share_right(logits, material):
    return (logits.argmax(axis=1) == material.pool.labels[JUDGE]).mean()


def test_features_answer_and_the_finished_network_answers_alike(features, material):
    logits = features.answers(TEACH, JUDGE, 1)
    assert share_right(logits, material) > 0.6
    everything = np.arange(24)
    network = features.finished(1)
    inputs = [read_picture(path).pixels for path in material.pool.paths[:4]]
    x = torch.from_numpy(strategies.preprocess(inputs, features.spec))
    with torch.no_grad():
        found = network(x).numpy()
    expected = features.probe(everything).logits(features.views[0, :4])
    np.testing.assert_allclose(found, expected, atol=0.05)
    assert features.costs[0] > 1e7
    assert features.loaded.origin.endswith("resnet10t.drawn.safetensors")


def test_fine_tuning_changes_the_last_stage_alone(features, monkeypatch):
    monkeypatch.setattr(strategies, "TUNING", Course(2, 1e-3, frozen_norms=True))
    tuned = TuningStrategy(features)
    before = features.started.network.state_dict()
    network = tuned.finished(1)
    changed = {
        name.split(".")[0]
        for name, values in network.state_dict().items()
        if not torch.equal(values, before[name])
    }
    assert changed == {"layer4", "fc"}
    again = tuned.answers(TEACH, JUDGE, 1)
    np.testing.assert_array_equal(again, tuned.answers(TEACH, JUDGE, 1))
    assert tuned.name == "fine-tuned resnet10t"


def test_from_scratch_begins_anew_each_time(material, monkeypatch):
    monkeypatch.setattr(strategies, "SCRATCH", Course(8, 3e-3))
    strategy = scratch_strategy(material.pool, material.task, "crop")
    assert strategy.views.shape == (4, 24, 3, 64, 64)
    assert strategy.views[0].mean().abs() < 0.1
    first = strategy.answers(TEACH, JUDGE, 1)
    assert share_right(first, material) > 0.6
    np.testing.assert_array_equal(first, strategy.answers(TEACH, JUDGE, 1))
    assert not np.array_equal(first, strategy.answers(TEACH, JUDGE, 2))
    assert strategy.loaded is None


def test_the_mean_of_each_channel_is_measured():
    red = np.zeros((4, 6, 3), np.uint8)
    red[..., 0] = (0, 0, 0, 255, 255, 255)
    plain = {"size": 16, "channels": 3}
    spec = measured([red], plain)
    assert spec.mean == (0.5, 0, 0)
    assert spec.std == (0.5, 0.001, 0.001)


def test_only_a_linear_head_can_be_set(features):
    linear = features.probe(TEACH)
    mlp = create_network(NetworkSpec("resnet10t", 3, 64, 2, head="mlp"))
    with pytest.raises(TypeError, match="expected a linear head"):
        put_linear(mlp, linear)
    tiny = replace(features, classes=2)
    assert tiny.name == "features of resnet10t"
