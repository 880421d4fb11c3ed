"""What a run is fed with."""

import pytest
import torch

from mimika.models.catalogue import NetworkSpec, create_network
from mimika.training.config import Experiment
from mimika.training.features import FeatureFeeder, PlainFeatures
from mimika.training.feed import make_feed
from mimika.training.feeding import PlainFeeder, RangesFeeder
from mimika.training.loaders import prepare
from mimika.training.run import start_run


@pytest.fixture
def feed_of(samples, task, tmp_path, monkeypatch):
    monkeypatch.setenv("MIMIKA_HOME", str(tmp_path / "home"))

    def make(**changes):
        values = {"name": "a", "data": "none", "backbone": "tiny_vgg", "epochs": 1}
        values |= {"learning_rate": 0.1, "accelerator": "cpu"}
        experiment = Experiment.model_validate(values | changes)
        data = prepare(samples, experiment)
        run = start_run(experiment, tmp_path, data.spec, 2)
        return make_feed(run, data, task)

    return make


def test_pictures_are_fed_to_a_network_that_is_trained_as_a_whole(feed_of):
    feed = feed_of()
    assert isinstance(feed.training, RangesFeeder)
    assert isinstance(feed.selection, PlainFeeder)
    assert feed.targets.own.shape == (128, 2)


@pytest.mark.parametrize(("flip", "views"), [(True, {0, 1}), (False, {0})])
def test_features_are_fed_to_a_classifier(feed_of, tmp_path, flip, views):
    network = create_network(NetworkSpec("tiny_vgg", 1, 48, 4))
    torch.save(network.state_dict(), tmp_path / "w.pth")
    weights = str(tmp_path / "w.pth")
    feed = feed_of(strategy="features", weights=weights, flip=flip)
    assert isinstance(feed.training, FeatureFeeder)
    assert isinstance(feed.selection, PlainFeatures)
    batch = torch.zeros(64, dtype=torch.int64)  # one picture again and again
    generator = torch.Generator().manual_seed(0)
    found = feed.training(batch, slice(None), 1, generator)
    assert len(torch.unique(found, dim=0)) == len(views)
