"""What a frozen backbone gives, computed once."""

import numpy as np
import pytest
import torch

from mimika.models.catalogue import NetworkSpec, create_network
from mimika.models.parts import features_of
from mimika.models.super_resolution import SubPixelUpscaler, Upscaled
from mimika.training.config import Experiment
from mimika.training.features import (
    FeatureFeeder,
    PlainFeatures,
    cached,
    digest_of,
    extract,
)
from mimika.training.feeding import PlainFeeder
from mimika.training.loaders import prepare

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def data(samples):
    values = {"name": "a", "data": "none", "backbone": "tiny_vgg", "epochs": 1}
    return prepare(samples, Experiment(**values, learning_rate=0.1))


@pytest.fixture
def network():
    torch.manual_seed(0)
    return create_network(NetworkSpec("compact_resnet", 1, 48, 2)).eval()


@torch.no_grad()
def expected(network, images, spec):
    plain = PlainFeeder(images, spec, CPU)
    return features_of(network, plain(slice(None)))


def test_features_are_those_before_the_classifier(network, data, tmp_path):
    found = extract(network, data, mirrored=True, home=tmp_path, device=CPU)
    assert found.training.shape == (2, 128, 192)
    for view, images in enumerate((data.training, data.training.flip(3))):
        wanted = expected(network, images, data.spec)
        torch.testing.assert_close(found.training[view], wanted, atol=2e-3, rtol=2e-3)
    wanted = expected(network, data.selection, data.spec)
    torch.testing.assert_close(found.selection, wanted, atol=2e-3, rtol=2e-3)


def test_without_mirroring_there_is_one_view(network, data, tmp_path):
    found = extract(network, data, mirrored=False, home=tmp_path, device=CPU)
    assert found.training.shape == (1, 128, 192)


def test_they_are_computed_once(network, data, tmp_path, monkeypatch):
    from mimika.training import features

    first = cached(network, data.selection, data.spec, tmp_path, CPU)
    monkeypatch.setattr(features, "compute", None)
    again = cached(network, data.selection, data.spec, tmp_path, CPU)
    assert torch.equal(first, again)
    assert len(list((tmp_path / "features").iterdir())) == 1


def test_another_classifier_has_the_same_features_and_other_weights_have_not(
    network, data
):
    before = digest_of(network, data.selection, data.spec)
    network.classifier.weight.data += 1
    assert digest_of(network, data.selection, data.spec) == before
    other = data.spec.model_copy(update={"mean": (0.1,)})
    assert digest_of(network, data.selection, other) != before
    assert digest_of(network, data.training, data.spec) != before
    network.stem[0].weight.data += 1
    assert digest_of(network, data.selection, data.spec) != before


def test_another_size_behind_an_upscaler_has_other_features(data):
    torch.manual_seed(0)
    upscaler = SubPixelUpscaler()
    backbone = create_network(NetworkSpec("compact_resnet", 1, 96, 2))
    digests = {
        digest_of(
            Upscaled(upscaler, backbone, data.spec, times), data.selection, data.spec
        )
        for times in (1, 2)
    }
    assert len(digests) == 2


def test_networks_of_equal_weights_and_other_layers_have_other_features(data):
    torch.manual_seed(0)
    one = create_network(NetworkSpec("efficientnet_b0", 1, 48, 2))
    other = create_network(NetworkSpec("tf_efficientnet_b0", 1, 48, 2))
    other.load_state_dict(one.state_dict())
    digests = [digest_of(x, data.selection, data.spec) for x in (one, other)]
    assert digests[0] != digests[1]


def test_a_batch_draws_one_view_of_each_picture():
    features = torch.arange(24.0).reshape(2, 6, 2)
    feeder = FeatureFeeder(features, CPU)
    batch = torch.tensor([5, 0, 3, 1])
    found = feeder(batch, slice(0, 4, 1), 1, torch.Generator().manual_seed(2))
    views = torch.randint(2, (4,), generator=torch.Generator().manual_seed(2))
    assert set(views.tolist()) == {0, 1}
    assert torch.equal(found, features[views, batch])
    half = feeder(batch, slice(1, None, 2), 1, torch.Generator().manual_seed(2))
    assert torch.equal(half, found[1::2])


def test_the_selection_set_is_given_in_order():
    plain = PlainFeatures(torch.arange(12.0).reshape(6, 2), CPU)
    assert len(plain) == 6
    np.testing.assert_array_equal(plain(slice(1, 6, 2))[:, 0].numpy(), [2, 6, 10])
