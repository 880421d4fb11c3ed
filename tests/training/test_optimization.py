"""Optimisers and sharpness-aware steps, by hand-worked steps."""

import pytest
import torch
from torch import nn
from torch.optim import SGD

from mimika.training.config import Experiment
from mimika.training.optimization import (
    climbed,
    make_optimizer,
    parameter_groups,
    set_rate,
    still_statistics,
    thaw,
)

GROUPS = [["0.weight"], ["1.weight", "1.bias"], ["2.weight", "2.bias"]]


def experiment(**changes):
    values = {
        "name": "a",
        "data": "none",
        "backbone": "b",
        "epochs": 9,
        "learning_rate": 0.1,
    }
    return Experiment.model_validate(values | changes)


@pytest.fixture
def network():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(3, 4, bias=False), nn.BatchNorm1d(4), nn.Linear(4, 2)
    )


def quadratic(*start):
    """A weight whose loss is half its square, so that its gradient is itself."""
    module = nn.Linear(len(start), 1, bias=False)
    with torch.no_grad():
        module.weight.copy_(torch.tensor([start]))
    return module


def loss_of(module):
    return module.weight.square().sum() / 2


def stepped(module, optimizer, steps=1):
    for _ in range(steps):
        optimizer.zero_grad()
        loss_of(module).backward()
        optimizer.step()
    return module.weight.detach()[0].tolist()


def test_each_parameter_is_in_one_group(network):
    found = parameter_groups(network, GROUPS, 0.1, 0.5)
    held = [id(p) for group in found for p in group["params"]]
    assert sorted(held) == sorted(id(p) for p in network.parameters())


def test_rates_fall_towards_the_input_and_only_matrices_decay(network):
    found = parameter_groups(network, GROUPS, 0.1, 0.5)
    facts = {
        id(p): (group["scale"], group["weight_decay"])
        for group in found
        for p in group["params"]
    }
    named = {name: facts[id(p)] for name, p in network.named_parameters()}
    assert named == {
        "0.weight": (0.25, 0.1),
        "1.weight": (0.5, 0.0),
        "1.bias": (0.5, 0.0),
        "2.weight": (1.0, 0.1),
        "2.bias": (1.0, 0.0),
    }


def test_kernels_of_convolutions_decay():
    convolution = nn.Conv2d(1, 2, 3)
    found = parameter_groups(convolution, [["weight", "bias"]], 0.1)
    assert [group["weight_decay"] for group in found] == [0.1, 0.0]
    assert [group["scale"] for group in found] == [1.0, 1.0]


def test_the_rate_of_the_schedule_is_shared_out_and_groups_move_by_it(network):
    setting = experiment(layer_decay=0.5, momentum=0.0, weight_decay=0.0)
    optimizer = make_optimizer(network, GROUPS, setting)
    set_rate(optimizer, 0.08)
    before = [p.detach().clone() for p in network.parameters()]
    for parameter in network.parameters():
        parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    moved = [
        float((old - new.detach()).mean())
        for old, new in zip(before, network.parameters(), strict=True)
    ]
    assert moved == pytest.approx([0.02, 0.04, 0.04, 0.08, 0.08], rel=1e-4)


def test_sgd_with_nesterov_momentum_takes_the_steps_worked_out_by_hand():
    module = quadratic(1.0)
    setting = experiment(momentum=0.5, weight_decay=0.0)
    optimizer = make_optimizer(module, [["weight"]], setting)
    # velocity 1, step 0.1 * (1 + 0.5); then velocity 0.5 + 0.85
    assert stepped(module, optimizer) == pytest.approx([0.85])
    assert stepped(module, optimizer) == pytest.approx([0.85 - 0.1 * (0.85 + 0.675)])


def test_sgd_without_momentum_goes_straight_down_with_its_decay():
    module = quadratic(2.0)
    setting = experiment(momentum=0.0, weight_decay=0.5)
    optimizer = make_optimizer(module, [["weight"]], setting)
    assert stepped(module, optimizer) == pytest.approx([2 - 0.1 * (2 + 0.5 * 2)])


def test_adamw_takes_the_first_step_worked_out_by_hand():
    module = quadratic(2.0, -3.0)
    setting = experiment(optimizer="adamw", weight_decay=0.5)
    optimizer = make_optimizer(module, [["weight"]], setting)
    # decay apart from the gradient, whose size does not matter in the first step
    expected = [2 * (1 - 0.05) - 0.1, -3 * (1 - 0.05) + 0.1]
    assert stepped(module, optimizer) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("epoch", "every", "trained"),
    [(1, 2, 1), (2, 2, 1), (3, 2, 2), (4, 2, 2), (5, 2, 3), (99, 2, 3), (2, 1, 2)],
)
def test_layers_are_thawed_from_the_output_on(network, epoch, every, trained):
    thaw(network, GROUPS, epoch, every)
    found = {name for name, p in network.named_parameters() if p.requires_grad}
    assert found == {name for group in GROUPS[-trained:] for name in group}


def test_without_unfreezing_nothing_is_switched(network):
    network[0].requires_grad_(False)
    thaw(network, GROUPS, 1, 0)
    assert [p.requires_grad for p in network.parameters()] == [False] + [True] * 4


def test_frozen_layers_do_not_move_and_thawed_ones_do(network):
    optimizer = make_optimizer(network, GROUPS, experiment(optimizer="adamw"))
    for epoch in (1, 2):
        before = {k: v.clone() for k, v in network.state_dict().items()}
        thaw(network, GROUPS, epoch, 1)
        optimizer.zero_grad()
        network(torch.randn(8, 3)).square().sum().backward()
        optimizer.step()
        moved = {
            name
            for name, p in network.named_parameters()
            if not torch.equal(p, before[name])
        }
        assert moved == {name for group in GROUPS[-epoch:] for name in group}


def test_the_climb_goes_by_the_radius_along_the_gradient(network):
    network(torch.randn(8, 3)).square().sum().backward()
    network[1].bias.grad = None
    parameters = list(network.parameters())
    kept = [p.detach().clone() for p in parameters]
    gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
    with climbed(parameters, 0.05):
        moves = [p.detach() - old for p, old in zip(parameters, kept, strict=True)]
    move = torch.cat([m.flatten() for m in moves])
    uphill = torch.cat([g.flatten() for g in gradients])
    assert float(move.norm()) == pytest.approx(0.05, rel=1e-4)
    assert torch.allclose(move, 0.05 * uphill / uphill.norm(), atol=1e-6)


@pytest.mark.parametrize("fails", [False, True])
def test_afterwards_the_weights_are_back_bit_for_bit(network, fails):
    network(torch.randn(8, 3)).square().sum().backward()
    parameters = list(network.parameters())
    kept = [p.detach().clone() for p in parameters]

    def climb():
        with climbed(parameters, 0.3):
            assert not torch.equal(parameters[0], kept[0])
            for parameter in parameters:  # as a step's second pass does
                parameter.grad = None
            if fails:
                raise KeyboardInterrupt

    if fails:
        with pytest.raises(KeyboardInterrupt):
            climb()
    else:
        climb()
    assert all(torch.equal(a, b) for a, b in zip(parameters, kept, strict=True))


def test_a_gradient_of_zero_leads_nowhere():
    module = quadratic(0.0, 0.0)
    loss_of(module).backward()
    with climbed(list(module.parameters()), 0.1):
        assert module.weight.tolist() == [[0.0, 0.0]]


def test_a_sharpness_aware_step_is_the_one_worked_out_by_hand():
    module = quadratic(3.0, 4.0)
    optimizer = SGD(module.parameters(), lr=0.1)
    loss_of(module).backward()
    with climbed(list(module.parameters()), 0.5):  # the gradient has the norm 5
        assert module.weight[0].tolist() == pytest.approx([3.3, 4.4])
        optimizer.zero_grad()
        loss_of(module).backward()
    optimizer.step()
    assert module.weight[0].tolist() == pytest.approx([3 - 0.33, 4 - 0.44])


@pytest.mark.parametrize("momentum", [0.1, None])
def test_a_second_pass_leaves_the_statistics_of_normalisation(network, momentum):
    norm = network[1]
    norm.momentum = momentum
    network.train()(torch.randn(8, 3))
    mean, variance = norm.running_mean.clone(), norm.running_var.clone()
    with still_statistics(network):
        inside = network(5 + torch.randn(8, 3))
    assert torch.equal(norm.running_mean, mean)
    assert torch.equal(norm.running_var, variance)
    assert norm.momentum == momentum
    assert inside.requires_grad
    network(5 + torch.randn(8, 3))
    assert not torch.equal(norm.running_mean, mean)


def test_a_second_pass_normalises_by_its_own_batch(network):
    inputs = 5 + torch.randn(8, 3)
    expected = network.train()(inputs)
    with still_statistics(network):
        assert torch.equal(network(inputs), expected)


def test_statistics_move_again_after_a_failure(network):
    with pytest.raises(KeyboardInterrupt), still_statistics(network):
        raise KeyboardInterrupt
    assert network[1].momentum == 0.1
