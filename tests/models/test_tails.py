"""The last stage of a network, apart from what comes before."""

import pytest
import torch

from mimika.models.catalogue import create_network
from mimika.models.parts import features_of
from mimika.models.spec import NetworkSpec
from mimika.models.tails import activations_of, first_part, last_stage, normalizations

FAMILIES = (
    "resnet18",
    "mobilenetv2_100",
    "efficientnet_b0",
    "inception_v3",
    "vgg16_bn",
)


@pytest.mark.parametrize("backbone", FAMILIES)
def test_the_last_stage_goes_on_where_the_rest_has_ended(backbone):
    torch.manual_seed(0)
    network = create_network(NetworkSpec(backbone, 3, 80, 4)).eval()
    stage = last_stage(network)
    pictures = torch.randn(2, 3, 80, 80)
    features, given = activations_of(network, stage, pictures)
    with torch.no_grad():
        assert torch.allclose(stage(given), network(pictures), atol=1e-5)
        assert torch.allclose(features, features_of(network, pictures), atol=1e-6)
    assert not torch.allclose(given[0], given[1])


def test_training_the_stage_trains_the_network():
    network = create_network(NetworkSpec("resnet18", 3, 64, 2))
    stage = last_stage(network)
    own = {id(parameter) for parameter in network.parameters()}
    assert {id(parameter) for parameter in stage.parameters()} <= own
    assert isinstance(first_part(stage), torch.nn.Module)
    assert len(list(normalizations(stage))) == 5


def test_other_networks_have_features_alone():
    network = create_network(NetworkSpec("tiny_vgg", 3, 32, 2)).eval()
    assert last_stage(network) is None
    features, given = activations_of(network, None, torch.randn(1, 3, 32, 32))
    assert features.shape == (1, 250)
    assert given is None
