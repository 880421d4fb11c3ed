"""From the numbers of a batch's pictures to what the network is trained on.

Three ways for pictures, chosen by the experiment: the built-in ranges, a policy picture
by picture on the CPU, or a policy in batches on the device. The data set lies as bytes
where the network computes.
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
from mimika.training.config import Experiment
from mimika.training.config_checks import RANGES
from mimika.training.loaders import Material

# torch's names for what OpenCV does when it enlarges
ON_DEVICE: dict[str, dict[str, Any]] = {
    "nearest": {"mode": "nearest-exact"},
    "bilinear": {"mode": "bilinear", "align_corners": False},
    "bicubic": {"mode": "bicubic", "align_corners": False},
}


class Feeder(Protocol):
    """Makes the inputs of a batch."""

    def __call__(
        self, batch: Tensor, part: slice, epoch: int, generator: Generator
    ) -> Tensor:
        """Augmented, normalised inputs of this process's part of a batch.

        Args:
            batch: int64 (B,), positions among the training pictures.
            part: which of them.
            epoch: counted from 1.
            generator: the epoch's source of random numbers; as many are drawn as the
                whole batch needs, so that they do not depend on the processes.

        Returns:
            float32 (P, C, size, size), on the run's device.
        """
        ...


class Normalizer:
    """The second half of `core.preprocess`, on a device and for grey pictures."""

    def __init__(self, spec: PreprocessSpec, device: Any) -> None:
        """Takes mean and deviation of a specification."""
        self._channels = spec.channels
        self._mean = torch.tensor(spec.mean[0], device=device)
        self._std = torch.tensor(spec.std[0], device=device)

    def __call__(self, images: Tensor) -> Tensor:
        """Normalised values.

        Args:
            images: uint8 (B, 1, H, W), or float32 in 0..1.

        Returns:
            float32 (B, 1, H, W).
        """
        scaled = images if images.is_floating_point() else images.float() / 255
        return (scaled - self._mean) / self._std

    def spread(self, normalized: Tensor) -> Tensor:
        """(B, C, H, W): the grey values repeated for each channel."""
        return normalized.expand(-1, self._channels, -1, -1)


class PlainFeeder:
    """Pictures as they are: what a network is judged on."""

    def __init__(self, images: Tensor, spec: PreprocessSpec, device: Any) -> None:
        """Takes pictures uint8 (N, 1, size, size)."""
        self._images = images
        self._device = device
        self._normalize = Normalizer(spec, device)

    def __len__(self) -> int:
        return len(self._images)

    def __call__(self, part: slice) -> Tensor:
        """Normalised inputs float32 (P, C, size, size) of some pictures."""
        normalized = self._normalize(self._images[part].to(self._device))
        return self._normalize.spread(normalized)


class RangesFeeder:
    """The built-in ranges, on pictures that were enlarged beforehand."""

    def __init__(self, data: Material, experiment: Experiment, device: Any) -> None:
        """Moves the training pictures to the device."""
        self._images = data.training.to(device)
        self._normalize = Normalizer(data.spec, device)
        self._is_calm = experiment.is_calm
        self._augmentation = BatchAugmentation(
            flip=experiment.flip,
            shift=experiment.shift,
            rotation_degrees=experiment.rotation_degrees,
            zoom=experiment.zoom,
            contrast=experiment.contrast,
            brightness=experiment.brightness,
            erase=experiment.erase,
            soften=experiment.soften,
        )
        self._calm = self._augmentation.calmed(
            experiment.calm_share, experiment.calm_zoom, experiment.calm_soften
        )

    def __call__(
        self, batch: Tensor, part: slice, epoch: int, generator: Generator
    ) -> Tensor:
        """See `Feeder`."""
        drawn_from = self._calm if self._is_calm(epoch) else self._augmentation
        changes = drawn_from.draw(len(batch), generator)[part]
        images = self._images[batch[part].to(self._images.device)]
        return self._normalize.spread(changes.apply(self._normalize(images)))


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

    def __call__(
        self, batch: Tensor, part: slice, epoch: int, generator: Generator
    ) -> Tensor:
        """See `Feeder`; the numbers follow from seed, epoch and source row."""
        images, rows = self._samples.images, self._samples.rows
        changed = [
            self._augmenter(images[i], seed=self._seed, epoch=epoch, row=int(rows[i]))
            for i in batch[part].tolist()
        ]
        inputs = preprocess(np.stack(changed), self._spec)
        return torch.from_numpy(inputs).to(self._device)


class DeviceFeeder:
    """A policy in batches, on the device."""

    def __init__(
        self, data: Material, augmenter: BatchAugmenter, seed: int, device: Any
    ) -> None:
        """Moves the training pictures, at their own size, to the device."""
        training = data.division.training
        self._images = torch.from_numpy(training.images)[:, None].to(device)
        self._rows = torch.from_numpy(training.rows).to(device)
        self._augmenter = augmenter
        self._seed = seed
        self._spec = data.spec
        self._normalize = Normalizer(data.spec, device)

    def __call__(
        self, batch: Tensor, part: slice, epoch: int, generator: Generator
    ) -> Tensor:
        """See `Feeder`; the numbers follow from seed, epoch and source row."""
        places = batch[part].to(self._images.device)
        changed = self._augmenter(
            self._images[places], self._rows[places], seed=self._seed, epoch=epoch
        )
        if self._spec.size != SIDE:
            how = ON_DEVICE[self._spec.interpolation]
            changed = interpolate(changed, (self._spec.size, self._spec.size), **how)
        return self._normalize.spread(self._normalize(changed))


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
