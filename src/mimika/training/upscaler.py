"""Trains the learned enlargement on the data set's own pictures.

A picture is halved by averaging and the network learns to give it back, so no other
pictures are needed. It is then used to double pictures at their own size: that what
holds from 24 to 48 pixels also holds from 48 to 96 is an assumption (Shi et al. 2016
and others make it too), so the figures below speak of 24 to 48.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Generator, Tensor
from torch.nn.functional import mse_loss

from mimika.core.errors import DataError
from mimika.core.preprocess import ENLARGING, UInt8Array, resize
from mimika.data.samples import SIDE
from mimika.models.super_resolution import FACTOR, SubPixelUpscaler

LEARNING_RATE = 2e-3
BATCH = 128


@dataclass(frozen=True)
class Reconstruction:
    """How well halved pictures are given back.

    Attributes:
        psnr_db: peak signal-to-noise ratio in decibels by the way of enlarging, the
            mean over the pictures that are not of one grey.
        images: how many pictures that are.
    """

    psnr_db: dict[str, float]
    images: int


def train_upscaler(
    images: UInt8Array, epochs: int, seed: int, report: Callable[[int, float], None]
) -> SubPixelUpscaler:
    """Learns to double pictures.

    Args:
        images: uint8 (N, 48, 48), grey.
        epochs: passes over the pictures.
        seed: seeds the weights and the order.
        report: told the epoch, counted from 1, and its mean squared error.

    Raises:
        DataError: no pictures.
    """
    if len(images) == 0:
        raise DataError("no pictures to train an upscaler on; expected some Training")
    torch.manual_seed(seed)
    network = SubPixelUpscaler()
    optimizer = torch.optim.Adam(network.parameters(), lr=LEARNING_RATE)
    steps = epochs * -(-len(images) // BATCH)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    generator = Generator().manual_seed(seed)
    small, large = as_tensor(halved(images)), as_tensor(images)
    for epoch in range(1, epochs + 1):
        total = 0.0
        for batch in torch.split(
            torch.randperm(len(large), generator=generator), BATCH
        ):
            loss = mse_loss(network(small[batch]), large[batch])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch's own
            optimizer.step()
            schedule.step()
            total += loss.item() * len(batch)
        report(epoch, total / len(large))
    return network.eval()


def judge(network: SubPixelUpscaler, images: UInt8Array) -> Reconstruction:
    """Compares the learned enlargement with the plain ones.

    Args:
        network: a trained upscaler.
        images: uint8 (N, 48, 48), grey, others than it was trained on.
    """
    kept = images[images.reshape(len(images), -1).std(axis=1) > 0]
    small, large = halved(kept), as_tensor(kept)
    figures = {
        name: psnr(as_tensor(enlarged(small, SIDE, flag)), large)
        for name, flag in ENLARGING.items()
    }
    inputs = as_tensor(small)
    with torch.no_grad():
        answers = torch.cat([network(part) for part in torch.split(inputs, BATCH)])
    return Reconstruction(figures | {"learned": psnr(answers, large)}, len(kept))


def psnr(answers: Tensor, truth: Tensor) -> float:
    """Mean peak signal-to-noise ratio in decibels of pictures in 0..1.

    Args:
        answers: float32 (N, 1, H, W).
        truth: the same.
    """
    errors = (answers.clamp(0, 1) - truth).square().mean(dim=(1, 2, 3))
    return float((-10 * torch.log10(errors.clamp(min=1e-10))).mean())


def halved(images: UInt8Array) -> UInt8Array:
    """uint8 (N, 24, 24), each pixel the mean of four."""
    return enlarged(images, SIDE // FACTOR, cv2.INTER_AREA)


def enlarged(images: UInt8Array, side: int, flag: int) -> UInt8Array:
    """uint8 (N, side, side), by OpenCV's way of enlarging."""
    return np.stack([resize(image, side, side, flag) for image in images])


def as_tensor(images: UInt8Array) -> Tensor:
    """float32 (N, 1, H, W), 0..1."""
    return torch.from_numpy(images)[:, None].float() / 255
