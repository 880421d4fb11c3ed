"""A network taken apart."""

import pytest
import torch
from torch import nn

from mimika.core.preprocess import PreprocessSpec
from mimika.models.catalogue import NetworkSpec, assemble, create_network
from mimika.models.parts import classifier_of, evaluating, features_of, layer_groups

INPUTS = PreprocessSpec(size=48, channels=1, mean=(0.5,), std=(0.25,))


@pytest.fixture
def network():
    torch.manual_seed(0)
    return create_network(NetworkSpec("compact_resnet", 1, 48, 7))


def test_every_part_goes_back_to_its_mode(network):
    network.stem.eval()
    with evaluating(network):
        assert not any(part.training for part in network.modules())
    assert network.training
    assert not any(part.training for part in network.stem.modules())
    assert all(part.training for part in network.stages.modules())


def test_features_are_those_of_evaluation_whatever_the_mode(network):
    x = torch.randn(3, 1, 48, 48)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    with torch.no_grad():
        features = features_of(network.train(), x)
        assert torch.equal(features, features_of(network.eval(), x))
        expected = network.stages(network.stem(x)).mean((2, 3))
    torch.testing.assert_close(features, expected)
    after = network.state_dict()
    assert all(torch.equal(after[name], before[name]) for name in before)


def test_features_carry_gradients(network):
    features_of(network, torch.randn(2, 1, 48, 48)).sum().backward()
    assert network.stem[0].weight.grad.abs().sum() > 0
    assert network.classifier.weight.grad is None


def test_a_failed_pass_leaves_no_hook_behind(network):
    with pytest.raises(RuntimeError):
        features_of(network, torch.randn(2, 5, 48, 48))
    assert len(network.classifier._forward_pre_hooks) == 0


@pytest.mark.parametrize("head", ["linear", "mlp"])
def test_features_and_classifier_make_the_logits(head):
    spec = NetworkSpec("mobilenetv3_small_100", 1, 40, 7, dropout=0.5, head=head)
    network = create_network(spec).eval()
    x = torch.randn(2, 1, 40, 40)
    with torch.no_grad():
        features = features_of(network, x)
        assert features.shape == (2, 1024)
        torch.testing.assert_close(classifier_of(network)(features), network(x))


def test_groups_of_our_network_follow_its_stages(network):
    groups = layer_groups(network)
    firsts = [group[0] for group in groups]
    stages = [f"stages.{number}.conv1.weight" for number in range(5)]
    assert firsts == ["stem.0.weight", *stages, "classifier.weight"]


def test_convolutions_of_vgg_stay_with_their_normalisation():
    with torch.device("meta"):
        network = create_network(NetworkSpec("vgg16_bn", 1, 48, 7))
    groups = layer_groups(network)
    assert [len(group) // 4 for group in groups[:5]] == [2, 2, 3, 3, 3]
    assert groups[5][0] == "pre_logits.fc1.weight"
    assert groups[6] == ["head.fc.weight", "head.fc.bias"]


def test_what_follows_the_last_stage_belongs_to_it():
    with torch.device("meta"):
        network = create_network(NetworkSpec("convnext_atto", 1, 48, 7))
    groups = layer_groups(network)
    assert [group[0].split(".")[:2] for group in groups[1:5]] == [
        ["stages", str(number)] for number in range(4)
    ]
    assert groups[4][-2:] == ["head.norm.weight", "head.norm.bias"]


def test_an_upscaler_is_the_first_group_and_is_seen_through(network):
    spec = NetworkSpec("compact_resnet", 1, 96, 7)
    behind = assemble(spec, INPUTS, 1).eval()
    groups = layer_groups(behind)
    assert groups[0][0] == "upscaler.first.weight"
    assert groups[-1] == ["network.classifier.weight", "network.classifier.bias"]
    names = [name for group in groups for name in group]
    assert sorted(names) == sorted(dict(behind.named_parameters()))
    x = torch.randn(2, 1, 48, 48)
    with torch.no_grad():
        logits = classifier_of(behind)(features_of(behind, x))
        torch.testing.assert_close(logits, behind(x))


def test_a_network_that_was_not_made_here_is_refused():
    with pytest.raises(ValueError, match="create_network"):
        layer_groups(nn.Linear(1, 1))
