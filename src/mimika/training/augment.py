"""Augmentation of a whole batch at once, in torch.

Fast enough for two CPU cores and for a GPU: one affine resampling for mirroring,
shift, rotation and zoom, then a blur, then contrast and brightness, then Random Erasing
(Zhong et al., "Random Erasing Data Augmentation", 2020, section 3.2; we erase with the
mean).
Every number is drawn from the generator that is passed in.
"""

import math
from dataclasses import dataclass, replace

import torch
from torch import Generator, Tensor

from mimika.augmentation.batched import (
    affine_batch,
    blur_batch,
    erase_batch,
    tone_batch,
)

LEAST_SIGMA = 1e-3  # no blur at all; a deviation of nought cannot be divided by
ERASED_SHARE = (0.1, 0.4)  # side of an erased rectangle as a share of the picture's


@dataclass(frozen=True)
class Changes:
    """What is done to each picture of a batch.

    Attributes:
        matrices: (B, 2, 3), from places in the result to places in the original.
        sigma: (B,), deviation of the blur in pixels; empty where nothing is blurred.
        gain: (B,), the contrast is multiplied by it.
        offset: (B,), added to the brightness in standard deviations.
        centre: (B, 2), of the erased rectangle as a share of the sides.
        share: (B, 2), its sides as a share of the picture's.
        chosen: bool (B,), whether it is erased at all.
    """

    matrices: Tensor
    sigma: Tensor
    gain: Tensor
    offset: Tensor
    centre: Tensor
    share: Tensor
    chosen: Tensor

    def __getitem__(self, part: slice) -> "Changes":
        """Those of a part of the batch."""
        return Changes(*(values[part] for values in vars(self).values()))

    def apply(self, images: Tensor) -> Tensor:
        """Changed copies of normalised pictures.

        Args:
            images: float32 (B, C, H, W), normalised: 0 is the mean.

        Returns:
            float32 (B, C, H, W) on the same device.
        """
        on_device = Changes(*(v.to(images.device) for v in vars(self).values()))
        moved = affine_batch(images, on_device.matrices)
        if on_device.sigma.numel():
            moved = blur_batch(moved, on_device.sigma, float(self.sigma.max()))
        toned = tone_batch(moved, on_device.gain, on_device.offset)
        return erase_batch(toned, on_device.centre, on_device.share, on_device.chosen)


@dataclass(frozen=True)
class BatchAugmentation:
    """How far pictures are changed; the fields are explained in `training.config`.

    `share` of the pictures are changed; the others are only mirrored.
    """

    flip: bool
    shift: float
    rotation_degrees: float
    zoom: float
    contrast: float
    brightness: float
    erase: float
    soften: float = 0.0
    share: float = 1.0

    def calmed(
        self, share: float, zoom: float | None, soften: float | None
    ) -> "BatchAugmentation":
        """Only this share of the pictures changed, and nothing erased.

        Args:
            share: 0 to 1.
            zoom: instead of ours; None for the same.
            soften: likewise.
        """
        zoom = self.zoom if zoom is None else zoom
        soften = self.soften if soften is None else soften
        return replace(self, erase=0.0, share=share, zoom=zoom, soften=soften)

    def draw(self, count: int, generator: Generator) -> Changes:
        """Draws the changes of a batch.

        Args:
            count: B, pictures of the batch.
            generator: source of the random numbers, on the CPU.
        """
        much = self._much(count, generator)
        matrices = self._matrices(much, generator)
        gain = 1 + much * self.contrast * _signed((count,), generator)
        offset = much * self.brightness * _signed((count,), generator)
        low, high = ERASED_SHARE
        share = low + (high - low) * torch.rand(count, 2, generator=generator)
        centre = torch.rand(count, 2, generator=generator)
        chosen = torch.rand(count, generator=generator) < self.erase
        sigma = self._sigma(much, generator)
        return Changes(matrices, sigma, gain, offset, centre, share, chosen)

    def _much(self, count: int, generator: Generator) -> Tensor:
        """(B,): 1 for each picture that is changed, 0 for the others."""
        if self.share >= 1:
            return torch.ones(count)
        return (torch.rand(count, generator=generator) < self.share).float()

    def _sigma(self, much: Tensor, generator: Generator) -> Tensor:
        """(B,), or empty where no picture is blurred."""
        if not self.soften or not self.share:
            return torch.empty(0)
        drawn = self.soften * torch.rand(len(much), generator=generator)
        return (much * drawn).clamp(min=LEAST_SIGMA)

    def _matrices(self, much: Tensor, generator: Generator) -> Tensor:
        """(B, 2, 3): from places in the result to places in the original."""
        count = len(much)
        most = math.radians(self.rotation_degrees)
        angle = much * most * _signed((count,), generator)
        scale = 1 / (1 + much * self.zoom * _signed((count,), generator))
        shift = much[:, None] * 2 * self.shift * _signed((count, 2), generator)
        mirrored = self.flip & (torch.rand(count, generator=generator) < 0.5)
        mirror = torch.where(mirrored, -1.0, 1.0)
        cosine, sine = torch.cos(angle) * scale, torch.sin(angle) * scale
        upper = torch.stack([cosine * mirror, -sine, shift[:, 0]], dim=1)
        lower = torch.stack([sine * mirror, cosine, shift[:, 1]], dim=1)
        return torch.stack([upper, lower], dim=1)


def _signed(shape: tuple[int, ...], generator: Generator) -> Tensor:
    """Uniform in -1..1."""
    return torch.rand(shape, generator=generator) * 2 - 1
