"""From the numbers of a batch's pictures to what the network is trained on.

Three ways, chosen by the experiment: the built-in ranges on normalised inputs, a policy
picture by picture on the CPU, or a policy in batches on the device, where the whole
data set then lies as uint8.
"""

from typing import Any, Protocol

import numpy as np
import torch
from torch import Generator, Tensor
from torch.nn.functional import interpolate

from mimika.augmentation.batch_policy import BatchAugmenter
from mimika.augmentation.pipeline import Augmenter
from mimika.augmentation.policies import parse_policy
from mimika.core.errors import ConfigError
from mimika.core.preprocess import PreprocessSpec, preprocess
from mimika.data.samples import SIDE
from mimika.training.augment import BatchAugmentation
from mimika.training.config import RANGES, Experiment
from mimika.training.loaders import Material

# torch's names for what OpenCV does when it enlarges
ON_DEVICE: dict[str, dict[str, Any]] = {
    "nearest": {"mode": "nearest-exact"},
    "bilinear": {"mode": "bilinear", "align_corners": False},
    "bicubic": {"mode": "bicubic", "align_corners": False},
}


class Feeder(Protocol):
    """Makes the inputs of a batch."""

    def __call__(self, batch: Tensor, epoch: int, generator: Generator) -> Tensor:
        """Augmented, normalised inputs.

        Args:
            batch: int64 (B,), positions among the training pictures.
            epoch: counted from 1.
            generator: the epoch's source of random numbers.

        Returns:
            float32 (B, C, size, size), on the run's device.
        """
        ...


class RangesFeeder:
    """The built-in ranges, on inputs that were made beforehand."""

    def __init__(self, data: Material, experiment: Experiment, device: Any) -> None:
        """Takes the inputs of the training pictures."""
        self._inputs = data.training[0]
        self._device = device
        self._augment = BatchAugmentation(
            flip=experiment.flip,
            shift=experiment.shift,
            rotation_degrees=experiment.rotation_degrees,
            zoom=experiment.zoom,
            contrast=experiment.contrast,
            brightness=experiment.brightness,
            erase=experiment.erase,
        )

    def __call__(self, batch: Tensor, epoch: int, generator: Generator) -> Tensor:
        """See `Feeder`."""
        return self._augment(self._inputs[batch].to(self._device), generator)


class PolicyFeeder:
    """A policy, picture by picture, before the one preprocessing."""

    def __init__(
        self, data: Material, augmenter: Augmenter, seed: int, device: Any
    ) -> None:
        """Takes the pictures themselves."""
        self._samples = data.division.training
        self._spec = data.spec
        self._augmenter = augmenter
        self._seed = seed
        self._device = device

    def __call__(self, batch: Tensor, epoch: int, generator: Generator) -> Tensor:
        """See `Feeder`; the numbers follow from seed, epoch and source row."""
        images, rows = self._samples.images, self._samples.rows
        changed = [
            self._augmenter(images[i], seed=self._seed, epoch=epoch, row=int(rows[i]))
            for i in batch.tolist()
        ]
        inputs = preprocess(np.stack(changed), self._spec)
        return torch.from_numpy(inputs).to(self._device)


class DeviceFeeder:
    """A policy in batches, on pictures that lie on the device as uint8."""

    def __init__(
        self, data: Material, augmenter: BatchAugmenter, seed: int, device: Any
    ) -> None:
        """Moves the training pictures to the device."""
        training = data.division.training
        self._images = torch.from_numpy(training.images)[:, None].to(device)
        self._rows = torch.from_numpy(training.rows).to(device)
        self._augmenter = augmenter
        self._seed = seed
        self._spec: PreprocessSpec = data.spec
        shape = (1, data.spec.channels, 1, 1)
        self._mean = torch.tensor(data.spec.mean, device=device).reshape(shape)
        self._std = torch.tensor(data.spec.std, device=device).reshape(shape)

    def __call__(self, batch: Tensor, epoch: int, generator: Generator) -> Tensor:
        """See `Feeder`; the numbers follow from seed, epoch and source row."""
        places = batch.to(self._images.device)
        changed = self._augmenter(
            self._images[places], self._rows[places], seed=self._seed, epoch=epoch
        )
        if self._spec.size != SIDE:
            how = ON_DEVICE[self._spec.interpolation]
            changed = interpolate(changed, (self._spec.size, self._spec.size), **how)
        return (changed - self._mean) / self._std  # grey is repeated where C is 3


def make_feeder(data: Material, experiment: Experiment, device: Any) -> Feeder:
    """The way that an experiment asks for.

    Raises:
        ConfigError: the policy has no batched form, or the enlargement has none.
    """
    if experiment.augmentation == RANGES:
        return RangesFeeder(data, experiment, device)
    policy = parse_policy(experiment.augmentation)
    if experiment.augmented_on == "cpu":
        return PolicyFeeder(data, policy.build(SIDE), experiment.seed, device)
    if data.spec.size != SIDE and data.spec.interpolation not in ON_DEVICE:
        raise ConfigError(
            f'upscaling = "{data.spec.interpolation}" has no form on the device; take '
            f'one of {", ".join(ON_DEVICE)}, or augmented_on = "cpu"'
        )
    return DeviceFeeder(data, BatchAugmenter(policy), experiment.seed, device)
