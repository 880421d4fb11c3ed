"""Losses against targets that are shares of classes.

Label smoothing (Szegedy et al., "Rethinking the Inception Architecture" (2016),
section 7), crowd votes (Barsoum et al., "Training Deep Networks for Facial Expression
Recognition with Crowd-Sourced Label Distribution" (2016), section 3.2.4) and mixed
pictures all give such targets, so one form serves them. On top of it: the focal loss
(Lin et al., "Focal Loss for Dense Object Detection" (2017), section 3.2), extended to
shares class by class; class weights, by frequency or by the effective number of
pictures (Cui et al., "Class-Balanced Loss" (2019), section 3); and learning from
teachers (Hinton et al., "Distilling the Knowledge in a Neural Network" (2015),
section 2). Checked against torch's own losses and by hand-worked examples.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, log_softmax

from mimika.core.errors import ConfigError
from mimika.training.config import Experiment

EFFECTIVE_BETA = 0.999  # "effective number": a thousand pictures are almost all news


@dataclass(frozen=True)
class Loss:
    """One number for a batch of logits.

    Attributes:
        gamma: focusing; 0 gives cross-entropy.
        weights: float32 (K,), weights of the classes, in the teachers' part as well;
            None for equal ones.
        teachers_share: share of the part that is learned from teachers.
        temperature: softens teachers and network in that part.
    """

    gamma: float = 0.0
    weights: Tensor | None = field(default=None, compare=False)
    teachers_share: float = 0.0
    temperature: float = 1.0

    def __call__(
        self, logits: Tensor, target: Tensor, taught: Tensor | None = None
    ) -> Tensor:
        """The mean loss of a batch, in nats.

        Args:
            logits: (B, K).
            target: float32 (B, K), shares of the classes, rows sum to 1.
            taught: float32 (B, K), the teachers' probabilities, softened already.

        Returns:
            A scalar.
        """
        own = self._against(logits.float(), target)
        if taught is None or self.teachers_share == 0:
            return own
        # the square keeps the gradients' size: Hinton et al., end of section 2
        soft = cross_entropy(
            logits.float() / self.temperature, taught, weight=self.weights
        )
        soft = soft * self.temperature**2
        return (1 - self.teachers_share) * own + self.teachers_share * soft

    def _against(self, logits: Tensor, target: Tensor) -> Tensor:
        if self.gamma == 0:
            return cross_entropy(logits, target, weight=self.weights)
        logs = log_softmax(logits, dim=1)
        # not zero, where the gradient of a power below 1 is infinite
        doubts = (1 - logs.exp()).clamp_min(1e-7)
        parts = -target * doubts**self.gamma * logs  # (B, K)
        if self.weights is not None:
            parts = parts * self.weights
        return parts.sum(dim=1).mean()


def make_loss(
    experiment: Experiment, epoch: int, counts: Tensor, device: torch.device
) -> Loss:
    """The loss of an epoch.

    Args:
        experiment: names it, and what it is switched to.
        epoch: counted from 1.
        counts: int64 (K,), training pictures of each class, all positive.
        device: where logits will lie.
    """
    name = experiment.loss_of(epoch)
    is_balanced = name.startswith("balanced")
    weights = class_weights(counts, experiment.balance) if is_balanced else None
    return Loss(
        gamma=experiment.focal_gamma if name.endswith("focal") else 0.0,
        weights=None if weights is None else weights.to(device),
        teachers_share=experiment.teachers_share_of(epoch),
        temperature=experiment.teachers_temperature,
    )


def check_balance(balance: str | Sequence[float], classes: int) -> None:
    """Refuses weights for another number of classes than the data have.

    Raises:
        ConfigError: as said.
    """
    if not isinstance(balance, str) and len(balance) != classes:
        raise ConfigError(
            f"balance = {list(balance)} has {len(balance)} weights, but the data have "
            f"{classes} classes; give one for each, in their order"
        )


def class_weights(counts: Tensor, kind: str | Sequence[float]) -> Tensor:
    """Weights by which classes count more or less than their pictures say.

    Args:
        counts: int64 (K,), training pictures of each class, all positive.
        kind: `frequency`: inversely to the count; `effective`: inversely to the
            effective number (1 - beta^n) / (1 - beta), which levels off for frequent
            classes; or the weights' ratios themselves.

    Returns:
        float32 (K,); over the training pictures their mean is 1.

    Raises:
        ConfigError: weights for another number of classes.
    """
    check_balance(kind, len(counts))
    if kind == "frequency":
        raw = 1 / counts.double()
    elif kind == "effective":
        raw = (1 - EFFECTIVE_BETA) / (1 - EFFECTIVE_BETA ** counts.double())
    else:
        raw = torch.tensor(kind, dtype=torch.float64)
    return (raw * counts.sum() / (raw * counts).sum()).float()


def smoothed(labels: Tensor, classes: int, smoothing: float) -> Tensor:
    """One-hot targets with a share spread over all classes.

    Args:
        labels: int64 (N,), 0..K-1.
        classes: K.
        smoothing: that share.

    Returns:
        float32 (N, K), rows sum to 1.
    """
    hard = torch.nn.functional.one_hot(labels, classes).float()
    return (1 - smoothing) * hard + smoothing / classes


def softened(probabilities: Tensor, temperature: float) -> Tensor:
    """What the softmax of the logits divided by a temperature would give.

    Args:
        probabilities: float32 (N, K), rows sum to 1.
        temperature: 1 changes nothing, more brings the classes closer together.

    Returns:
        float32 (N, K), rows sum to 1.
    """
    logs = probabilities.clamp_min(1e-7).log()
    return (logs / temperature).softmax(dim=1)
