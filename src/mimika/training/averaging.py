"""A moving average of the weights, which is judged and kept instead of them.

Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging" (1992), in
the exponential form of Tarvainen and Valpola, "Mean teachers are better role models"
(2017), section 2. torch's AveragedModel holds it. While it is young the decay is lower,
min(decay, (1 + n) / (10 + n)) after n steps, so that the first weights are forgotten.
Checked against the recursion written out.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

Average = Callable[[Sequence[Tensor], Sequence[Tensor], Any], None]


def averaged(network: nn.Module, decay: float) -> AveragedModel:
    """An average that begins with a network's weights.

    Args:
        network: its parameters and buffers are followed by `update_parameters`.
        decay: share of the average that a step keeps.
    """
    average = AveragedModel(network, multi_avg_fn=moving(decay), use_buffers=True)
    return average.requires_grad_(False)


def moving(decay: float) -> Average:
    """The step from one average to the next."""

    @torch.no_grad()
    def step(kept: Sequence[Tensor], new: Sequence[Tensor], count: Any) -> None:
        # a tensor, so that a graphics card need not be waited for
        change = 1 - ((1 + count) / (10 + count)).clamp(max=decay)
        for old, current in zip(kept, new, strict=True):
            if old.is_floating_point():
                old.lerp_(current, change.to(old.dtype))
            else:
                old.copy_(current)

    return step
