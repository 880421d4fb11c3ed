"""The networks by name."""

from collections.abc import Callable

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from mimika.core.errors import ConfigError
from mimika.core.preprocess import PreprocessSpec
from mimika.models.compact_resnet import CompactResNet, CompactResNetSpec
from mimika.models.super_resolution import SubPixelUpscaler, Upscaled

Constructor = Callable[[int, int], nn.Module]


def _compact_resnet(channels: int, classes: int) -> nn.Module:
    return CompactResNet(CompactResNetSpec(channels, classes))


# name: constructor from (input channels, classes)
BACKBONES: dict[str, Constructor] = {"compact_resnet": _compact_resnet}


def create_network(backbone: str, channels: int, classes: int) -> nn.Module:
    """A network with fresh weights, drawn from torch's current random state.

    Args:
        backbone: a key of `BACKBONES`.
        channels: 1 (grey) or 3 (RGB).
        classes: number of logits.

    Raises:
        ConfigError: no network has this name.
    """
    if backbone not in BACKBONES:
        raise ConfigError(
            f"unknown backbone {backbone!r}; choose one of {', '.join(BACKBONES)}"
        )
    return BACKBONES[backbone](channels, classes)


def assemble(
    backbone: str, spec: PreprocessSpec, classes: int, doublings: int
) -> nn.Module:
    """A network for inputs of a specification, enlarged inside it where asked for.

    Args:
        backbone: a key of `BACKBONES`.
        spec: how the inputs are made.
        classes: number of logits.
        doublings: how often a learned upscaler doubles the inputs' size first.

    Raises:
        ConfigError: no network has this name.
    """
    network = create_network(backbone, spec.channels, classes)
    if doublings == 0:
        return network
    return Upscaled(SubPixelUpscaler(), network, spec, doublings)


def count_parameters(network: nn.Module) -> int:
    """The number of trained values."""
    return sum(parameter.numel() for parameter in network.parameters())


def count_multiply_adds(network: nn.Module, spec: PreprocessSpec) -> int:
    """Multiply-adds of convolutions and linear layers for one picture.

    Args:
        network: takes float32 (B, C, size, size).
        spec: gives channels and size.
    """
    was_training = network.training
    device = next((p.device for p in network.parameters()), torch.device("cpu"))
    picture = torch.zeros(1, spec.channels, spec.size, spec.size, device=device)
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        network.eval()(picture)
    network.train(was_training)
    return int(counter.get_total_flops()) // 2
