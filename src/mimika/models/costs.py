"""What a network costs: parameters, multiply-adds, milliseconds."""

import statistics
import time

import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from mimika.core.preprocess import PreprocessSpec
from mimika.models.parts import evaluating

WARM_UPS = 2
LEAST, MOST = 5, 50
ENOUGH_S = 0.5


def count_parameters(network: nn.Module) -> int:
    """The number of trained values."""
    return sum(parameter.numel() for parameter in network.parameters())


def count_multiply_adds(network: nn.Module, spec: PreprocessSpec) -> int:
    """Multiply-adds of convolutions, linear layers and attention for one picture.

    Args:
        network: takes float32 (B, C, size, size).
        spec: gives channels and size.
    """
    device = next((p.device for p in network.parameters()), torch.device("cpu"))
    picture = torch.zeros(1, spec.channels, spec.size, spec.size, device=device)
    # fused attention is not counted: it is taken apart into matrix products
    with (
        torch.no_grad(),
        evaluating(network),
        sdpa_kernel(SDPBackend.MATH),
        FlopCounterMode(display=False) as counter,
    ):
        network(picture)
    return int(counter.get_total_flops()) // 2


def latency_ms(network: nn.Module, spec: PreprocessSpec) -> float:
    """Median milliseconds for one picture on one thread of this CPU.

    Args:
        network: on the CPU; takes float32 (B, C, size, size).
        spec: gives channels and size.
    """
    picture = torch.zeros(1, spec.channels, spec.size, spec.size)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.inference_mode(), evaluating(network):
            for _ in range(WARM_UPS):
                network(picture)
            return 1000 * statistics.median(_durations(network, picture))
    finally:
        torch.set_num_threads(threads)


def _durations(network: nn.Module, picture: torch.Tensor) -> list[float]:
    """Seconds of single runs: at least `LEAST`, until there are enough."""
    found: list[float] = []
    while len(found) < LEAST or (sum(found) < ENOUGH_S and len(found) < MOST):
        start = time.perf_counter()
        network(picture)
        found.append(time.perf_counter() - start)
    return found
