"""A short training of a small network on tensors that lie in memory.

AdamW (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019) with a
cosine to zero after one epoch of warm-up, and label smoothing (Szegedy et al.,
"Rethinking the Inception Architecture", 2016, section 7). Each time a picture comes,
one of its views is drawn.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor, nn
from torch.nn.functional import cross_entropy

from mimika.core.preprocess import FloatArray
from mimika.models.tails import normalizations

JUDGED_TOGETHER = 64


@dataclass(frozen=True)
class Course:
    """How a network is trained.

    Attributes:
        epochs: how often it sees each picture.
        learning_rate: the largest.
        batch_size: pictures of a step.
        weight_decay: of AdamW.
        smoothing: of the labels.
        frozen_norms: whether running means of batches stay as they are.
    """

    epochs: int
    learning_rate: float
    batch_size: int = 32
    weight_decay: float = 0.05
    smoothing: float = 0.1
    frozen_norms: bool = False


def fit_network(
    network: nn.Module,
    views: Tensor,
    labels: NDArray[np.int64],
    course: Course,
    seed: int,
) -> None:
    """Trains a network in place and leaves it in evaluation mode.

    Args:
        network: takes (B, ...), gives logits (B, K).
        views: float (V, N, ...), inputs of N pictures in V views.
        labels: int64 (N,).
        course: how.
        seed: of the order and the views; weights are the caller's.
    """
    generator = Generator().manual_seed(seed)
    targets = torch.from_numpy(labels)
    size = min(course.batch_size, len(labels))
    steps = max(1, len(labels) // size)
    total = steps * course.epochs
    optimizer = torch.optim.AdamW(
        network.parameters(), course.learning_rate, weight_decay=course.weight_decay
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: rate_at(step, total, steps)
    )
    network.train()
    if course.frozen_norms:
        for norm in normalizations(network):
            norm.eval()
    for _ in range(course.epochs):
        order = torch.randperm(len(labels), generator=generator)
        for batch in torch.split(order[: steps * size], size):
            chosen = torch.randint(len(views), (len(batch),), generator=generator)
            logits = network(views[chosen, batch].float())
            loss = cross_entropy(
                logits, targets[batch], label_smoothing=course.smoothing
            )
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # missing in torch's stubs
            optimizer.step()
            schedule.step()
    network.eval()


def rate_at(step: int, total: int, warm_up: int) -> float:
    """Share of the largest rate: rises linearly, then falls as a cosine."""
    if step < warm_up:
        return (step + 1) / (warm_up + 1)
    done = (step - warm_up) / max(1, total - warm_up)
    return 0.5 * (1 + math.cos(math.pi * min(1.0, done)))


@torch.no_grad()
def logits_of(network: nn.Module, inputs: Tensor) -> FloatArray:
    """float32 (N, K) of inputs (N, ...), in evaluation mode."""
    network.eval()
    parts = [network(part.float()) for part in torch.split(inputs, JUDGED_TOGETHER)]
    return np.asarray(torch.cat(parts).numpy(), np.float32)
