"""Layers that a CPU computes faster in float32 than in bfloat16.

The backward pass of a strided depthwise convolution has no fast form in bfloat16 in
torch 2.13: of a training step of MobileNetV2 at 96 pixels it took a third. In float32
it has one (`benchmarks/train_throughput.py experiments/mobilenetv2.toml` gives the
images/s); all other layers are faster in bfloat16.
"""

from functools import cache
from typing import Any

import torch
from torch import Tensor, nn


def keep_in_float32(network: nn.Module) -> int:
    """Makes a network's strided depthwise convolutions ignore automatic precision.

    Names, weights and copies of the network stay what they were.

    Args:
        network: changed in place.

    Returns:
        How many there were.
    """
    found = [part for part in network.modules() if _is_strided_depthwise(part)]
    for part in found:
        part.__class__ = _in_float32(type(part))  # type: ignore[arg-type]  # hashable
    return len(found)


def _is_strided_depthwise(part: nn.Module) -> bool:
    if not isinstance(part, nn.Conv2d) or hasattr(part, "in_float32"):
        return False
    return 1 < part.groups == part.in_channels and max(part.stride) > 1


@cache
def _in_float32(kind: Any) -> Any:
    """The same kind of convolution, computed in float32."""

    class InFloat32(kind):  # type: ignore[misc]  # whatever kind it is
        in_float32 = True

        def forward(self, x: Tensor) -> Any:
            with torch.autocast(x.device.type, enabled=False):
                return super().forward(x.float())

    InFloat32.__name__ = kind.__name__
    return InFloat32
