"""Loss and accuracy of an epoch while it goes on."""

import math

import torch
from lightning_fabric import Fabric
from torch import Tensor

from mimika.core.errors import TrainingError

LOOK_EVERY = 20  # batches; a graphics card is not waited for more often


class Meter:
    """Adds up what the steps of an epoch give."""

    def __init__(self, epoch: int, fabric: Fabric) -> None:
        """An empty one.

        Args:
            epoch: counted from 1, for messages.
            fabric: gives device and processes.
        """
        self._epoch = epoch
        self._fabric = fabric
        self._sums = torch.zeros(3, dtype=torch.float64, device=fabric.device)
        self._read = (0.0, 0.0, 0.0)
        self._batches = 0
        self._every = 1 if fabric.device.type == "cpu" else LOOK_EVERY

    def add(self, loss: Tensor, logits: Tensor, target: Tensor) -> None:
        """Adds a batch.

        Args:
            loss: a scalar.
            logits: (B, K).
            target: float32 (B, K); the class with the largest share is the true one.

        Raises:
            TrainingError: the loss is not a number any more; on a graphics card this
                may be noticed some batches later.
        """
        count = len(logits)
        hits = (logits.argmax(dim=1) == target.argmax(dim=1)).sum()
        images = torch.full_like(hits, count)
        self._sums += torch.stack([loss.double() * count, hits, images])
        self._batches += 1
        if self._batches % self._every == 0:
            self._look()

    def finish(self) -> None:
        """Adds up all processes' figures at the end of the epoch.

        Raises:
            TrainingError: the loss is not a number any more.
        """
        self._sums = torch.as_tensor(
            self._fabric.all_reduce(self._sums, reduce_op="sum")
        )
        self._look()

    @property
    def loss(self) -> float:
        """Mean loss of the pictures so far."""
        return self._read[0] / max(1.0, self._read[2])

    @property
    def accuracy(self) -> float:
        """Share of right answers so far, while the weights changed."""
        return self._read[1] / max(1.0, self._read[2])

    @property
    def images(self) -> int:
        """Pictures so far; of all processes after `finish`."""
        return int(self._read[2])

    def _look(self) -> None:
        loss, hits, images = self._sums.tolist()
        if not math.isfinite(loss):
            raise no_numbers(
                f"the loss became {loss} in epoch {self._epoch}, batch {self._batches}"
            )
        self._read = (loss, hits, images)


def no_numbers(what: str) -> TrainingError:
    """What to raise where training has come to values that are no numbers.

    Args:
        what: has become of what, and when.
    """
    return TrainingError(
        f"{what}; train again with a lower learning_rate, a clip_norm or precision = "
        '"32-true", in another folder (--out)'
    )
