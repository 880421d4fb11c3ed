"""Augmentation of a whole batch at once, in torch.

Fast enough for two CPU cores and for a GPU: one affine resampling for mirroring,
shift, rotation and zoom, then contrast and brightness, then Random Erasing (Zhong et
al., "Random Erasing Data Augmentation", 2020, section 3.2; we erase with the mean).
Every number is drawn from the generator that is passed in.
"""

import math
from dataclasses import dataclass

import torch
from torch import Generator, Tensor
from torch.nn.functional import affine_grid, grid_sample

ERASED_SHARE = (0.1, 0.4)  # side of an erased rectangle as a share of the picture's


@dataclass(frozen=True)
class BatchAugmentation:
    """How far pictures are changed; the fields are explained in `training.config`."""

    flip: bool
    shift: float
    rotation_degrees: float
    zoom: float
    contrast: float
    brightness: float
    erase: float

    def __call__(self, images: Tensor, generator: Generator) -> Tensor:
        """Changed copies of normalised pictures.

        Args:
            images: float32 (B, C, H, W), normalised: 0 is the mean.
            generator: source of the random numbers, on the CPU.

        Returns:
            float32 (B, C, H, W) on the same device.
        """
        count = len(images)
        matrices = self._matrices(count, generator).to(images.device)
        grid = affine_grid(matrices, list(images.shape), align_corners=False)
        moved = grid_sample(images, grid, mode="bilinear", align_corners=False)
        gain = 1 + self.contrast * _signed((count, 1, 1, 1), generator)
        offset = self.brightness * _signed((count, 1, 1, 1), generator)
        toned = moved * gain.to(images.device) + offset.to(images.device)
        height, width = images.shape[-2:]
        erased = self._erased(count, height, width, generator)
        return toned.masked_fill(erased.to(images.device), 0.0)

    def _matrices(self, count: int, generator: Generator) -> Tensor:
        """(B, 2, 3): from places in the result to places in the original."""
        angle = math.radians(self.rotation_degrees) * _signed((count,), generator)
        scale = 1 / (1 + self.zoom * _signed((count,), generator))
        shift = 2 * self.shift * _signed((count, 2), generator)
        mirrored = self.flip & (torch.rand(count, generator=generator) < 0.5)
        mirror = torch.where(mirrored, -1.0, 1.0)
        cosine, sine = torch.cos(angle) * scale, torch.sin(angle) * scale
        upper = torch.stack([cosine * mirror, -sine, shift[:, 0]], dim=1)
        lower = torch.stack([sine * mirror, cosine, shift[:, 1]], dim=1)
        return torch.stack([upper, lower], dim=1)

    def _erased(
        self, count: int, height: int, width: int, generator: Generator
    ) -> Tensor:
        """Boolean (B, 1, H, W): true where a picture is erased."""
        low, high = ERASED_SHARE
        share = low + (high - low) * torch.rand(count, 2, 1, generator=generator)
        centre = torch.rand(count, 2, 1, generator=generator)
        chosen = torch.rand(count, 1, 1, generator=generator) < self.erase
        rows = (torch.arange(height) + 0.5) / height  # (H,)
        columns = (torch.arange(width) + 0.5) / width  # (W,)
        in_rows = (rows - centre[:, 0]).abs() < share[:, 0] / 2  # (B, H)
        in_columns = (columns - centre[:, 1]).abs() < share[:, 1] / 2  # (B, W)
        return (in_rows[:, :, None] & in_columns[:, None, :] & chosen)[:, None]


def _signed(shape: tuple[int, ...], generator: Generator) -> Tensor:
    """Uniform in -1..1."""
    return torch.rand(shape, generator=generator) * 2 - 1
