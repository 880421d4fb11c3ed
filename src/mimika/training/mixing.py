"""Mixup and cutmix: pictures and their targets mixed in pairs.

Zhang et al., "mixup: Beyond Empirical Risk Minimization" (2018), section 2; Yun et al.,
"CutMix: Regularization Strategy to Train Strong Classifiers with Localizable Features"
(2019), section 3.1. As in timm, a batch has one share and is paired with itself in
reverse. Not timm's own class: it draws from numpy's global state, and a run shall
depend on its seed alone. Checked by hand-worked batches.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Generator, Tensor

from mimika.training.config import Experiment


@dataclass(frozen=True)
class Mixing:
    """How batches are mixed.

    Attributes:
        mixup: alpha of mixup's Beta distribution; 0 is off.
        cutmix: the same for cutmix; with both, each batch takes one of them by lot.
    """

    mixup: float
    cutmix: float

    def __call__(
        self, images: Tensor, targets: list[Tensor], generator: Generator
    ) -> tuple[Tensor, list[Tensor]]:
        """A mixed batch.

        Args:
            images: float32 (B, C, H, W).
            targets: float32 (B, K) each, mixed in the same shares.
            generator: the epoch's source of random numbers, on the CPU.

        Returns:
            The same, mixed; as they are where both are off.
        """
        if not (self.mixup or self.cutmix):
            return images, targets
        rng = np.random.default_rng(_seed(generator))
        cuts = self.cutmix > 0 and (self.mixup == 0 or rng.random() < 0.5)
        alpha = self.cutmix if cuts else self.mixup
        share = float(rng.beta(alpha, alpha))
        if cuts:
            top, bottom, left, right = cut_box(images.shape[2:], share, rng)
            mixed = images.clone()
            mixed[:, :, top:bottom, left:right] = images.flip(0)[
                :, :, top:bottom, left:right
            ]
            share = 1 - (bottom - top) * (right - left) / images[0, 0].numel()
        else:
            mixed = torch.lerp(images.flip(0), images, share)
        return mixed, [torch.lerp(t.flip(0), t, share) for t in targets]


def cut_box(
    shape: tuple[int, ...], share: float, rng: np.random.Generator
) -> tuple[int, int, int, int]:
    """A rectangle with the sides' proportions of the picture, cut at its borders.

    Args:
        shape: height and width in pixels.
        share: share of the area that is kept, before the borders cut it.
        rng: draws the centre.

    Returns:
        top, bottom, left, right in pixels; bottom and right are outside.
    """
    ends: list[int] = []
    for side in shape:
        half = side * (1 - share) ** 0.5 / 2
        centre = rng.uniform(0, side)
        ends += [max(0, round(centre - half)), min(side, round(centre + half))]
    top, bottom, left, right = ends
    return top, bottom, left, right


def _seed(generator: Generator) -> int:
    return int(torch.randint(2**62, (1,), generator=generator))


def make_mixing(experiment: Experiment, epoch: int) -> Mixing:
    """How the batches of an epoch, counted from 1, are mixed."""
    if experiment.is_calm(epoch):
        return Mixing(0.0, 0.0)
    return Mixing(experiment.mixup, experiment.cutmix)
