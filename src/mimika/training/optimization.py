"""Optimisers, rates by layer, gradual unfreezing and sharpness-aware steps.

Rates that fall towards the input and layers that are thawed from the output on: Howard
and Ruder, "Universal Language Model Fine-tuning" (2018), sections 3.2 and 3.3.
Sharpness-aware minimisation: Foret et al., "Sharpness-Aware Minimization for
Efficiently Improving Generalization" (2021), equation 2 and algorithm 1. Checked by
hand-worked steps.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import SGD, AdamW, Optimizer

from mimika.training.config import Experiment

SCALE = "scale"  # key of a parameter group: its rate as a share of the schedule's


def make_optimizer(
    network: nn.Module, groups: Sequence[Sequence[str]], experiment: Experiment
) -> Optimizer:
    """The experiment's optimiser over all parameters.

    Args:
        network: whose parameters are trained.
        groups: their names in groups from the input to the output.
        experiment: gives the optimiser, its rates and decay.
    """
    parameters = parameter_groups(
        network, groups, experiment.weight_decay, experiment.layer_decay
    )
    if experiment.optimizer == "adamw":
        return AdamW(parameters, lr=experiment.learning_rate)
    return SGD(
        parameters,
        lr=experiment.learning_rate,
        momentum=experiment.momentum,
        nesterov=experiment.momentum > 0,
    )


def parameter_groups(
    network: nn.Module,
    groups: Sequence[Sequence[str]],
    weight_decay: float,
    layer_decay: float = 1.0,
) -> list[dict[str, Any]]:
    """Groups for an optimiser, each with the scale of its rate.

    Biases and the parameters of normalisation do not decay.

    Args:
        network: whose parameters are trained.
        groups: their names in groups from the input to the output.
        weight_decay: decay of the others.
        layer_decay: rate of a group as a share of the next one's.
    """
    named = dict(network.named_parameters())
    found = []
    for depth, names in enumerate(reversed(groups)):
        parameters = [named[name] for name in names]
        decays = [p for p in parameters if p.ndim > 1]
        others = [p for p in parameters if p.ndim <= 1]
        scale = layer_decay**depth
        for chosen, decay in ((decays, weight_decay), (others, 0.0)):
            if chosen:
                found.append({"params": chosen, "weight_decay": decay, SCALE: scale})
    return found


def set_rate(optimizer: Any, rate: float) -> None:
    """Sets each group's learning rate to its share of the schedule's."""
    for group in optimizer.param_groups:
        group["lr"] = rate * group[SCALE]


def thaw(
    network: nn.Module, groups: Sequence[Sequence[str]], epoch: int, every: int
) -> None:
    """Trains only the groups next to the output, one more after each `every` epochs.

    Args:
        network: whose parameters are switched on or off.
        groups: their names in groups from the input to the output.
        epoch: counted from 1.
        every: epochs until the next group is trained; 0 trains all.
    """
    if every == 0:
        return
    trained = 1 + (epoch - 1) // every
    named = dict(network.named_parameters())
    for depth, names in enumerate(reversed(groups)):
        for name in names:
            named[name].requires_grad_(depth < trained)


@contextmanager
def climbed(parameters: Sequence[Tensor], radius: float) -> Iterator[None]:
    """Moves weights to the steepest point within a radius while the block runs.

    Args:
        parameters: with gradients; None counts as zero.
        radius: length of the step along the gradient, over all of them.
    """
    moved = [p for p in parameters if p.grad is not None]
    norm = torch.linalg.vector_norm(
        torch.stack([torch.linalg.vector_norm(p.grad) for p in moved])
    )
    kept = [p.detach().clone() for p in moved]
    with torch.no_grad():
        for parameter in moved:
            parameter.add_(parameter.grad * (radius / (norm + 1e-12)))
    try:
        yield
    finally:
        with torch.no_grad():
            for parameter, before in zip(moved, kept, strict=True):
                parameter.copy_(before)


@contextmanager
def still_statistics(network: nn.Module) -> Iterator[None]:
    """Leaves batch normalisation's running averages as they are in the block.

    The second pass of a sharpness-aware step sees weights that are not kept.
    """
    norms = [
        (m, m.momentum)
        for m in network.modules()
        if isinstance(m, nn.modules.batchnorm._BatchNorm)
    ]
    try:
        for norm, _ in norms:
            norm.momentum = 0.0
        yield
    finally:
        for norm, momentum in norms:
            norm.momentum = momentum
