"""Feature extraction: the frozen backbone looks at each picture once.

What it gives is kept under `MIMIKA_HOME`, by a digest of weights, preprocessing and
pictures, so that another classifier, seed or schedule need not compute it again.
Donahue et al., "DeCAF: A Deep Convolutional Activation Feature for Generic Visual
Recognition" (2014), section 2.
"""

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Generator, Tensor, nn

from mimika.core.files import replacing
from mimika.core.preprocess import PreprocessSpec
from mimika.data.split_file import picture_digest
from mimika.models.checkpoint import weights_digest
from mimika.models.heads import find_head
from mimika.models.parts import features_of, layer_groups
from mimika.training.feeding import PlainFeeder
from mimika.training.loaders import Material

logger = logging.getLogger(__name__)

BATCH = 128


@dataclass(frozen=True)
class Features:
    """What a frozen backbone gives.

    Attributes:
        training: float32 (V, N, F), of the training pictures as they are and, where
            V is 2, mirrored.
        selection: float32 (M, F).
    """

    training: Tensor
    selection: Tensor


class FeatureFeeder:
    """Features instead of pictures; see `training.feeding.Feeder`."""

    def __init__(self, features: Tensor, device: Any) -> None:
        """Takes features float32 (V, N, F) and moves them to the device."""
        self._features = features.to(device)

    def __call__(
        self, batch: Tensor, part: slice, epoch: int, generator: Generator
    ) -> Tensor:
        """Features float32 (P, F), each in a view that is drawn."""
        views = torch.randint(len(self._features), (len(batch),), generator=generator)
        device = self._features.device
        return self._features[views[part].to(device), batch[part].to(device)]


class PlainFeatures:
    """Features of pictures as they are; see `training.feeding.PlainFeeder`."""

    def __init__(self, features: Tensor, device: Any) -> None:
        """Takes features float32 (M, F) and moves them to the device."""
        self._features = features.to(device)

    def __len__(self) -> int:
        return len(self._features)

    def __call__(self, part: slice) -> Tensor:
        """Features float32 (P, F) of some pictures."""
        return self._features[part]


def extract(
    network: nn.Module, data: Material, *, mirrored: bool, home: Path, device: Any
) -> Features:
    """Features of all pictures of a run, computed or found.

    Args:
        network: with the backbone's weights.
        data: the pictures.
        mirrored: whether the training pictures are also looked at mirrored.
        home: folder of all state.
        device: where to compute.
    """
    views = [data.training, data.training.flip(3)] if mirrored else [data.training]
    frozen = network.eval()
    training = [cached(frozen, view, data.spec, home, device) for view in views]
    selection = cached(frozen, data.selection, data.spec, home, device)
    return Features(torch.stack(training), selection)


def cached(
    network: nn.Module, images: Tensor, spec: PreprocessSpec, home: Path, device: Any
) -> Tensor:
    """Features of pictures, from the file that an earlier run wrote where there is one.

    Args:
        network: in evaluation mode.
        images: uint8 (N, 1, size, size).
        spec: how they are normalised.
        home: folder of all state.
        device: where to compute.

    Returns:
        float32 (N, F), rounded to float16 as in the file.
    """
    path = home / "features" / f"{digest_of(network, images, spec)}.npy"
    if path.is_file():
        return torch.from_numpy(np.load(path)).float()
    logger.info("computing the features of %d pictures", len(images))
    plain = PlainFeeder(images, spec, device)
    values = compute(network, plain).numpy().astype(np.float16)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path, shared=True) as partial, partial.open("wb") as file:
        np.save(file, values)
    return torch.from_numpy(values).float()


@torch.no_grad()
def compute(network: nn.Module, plain: PlainFeeder) -> Tensor:
    """Features float32 (N, F) of pictures, on the CPU."""
    starts = range(0, len(plain), BATCH)
    parts = [
        features_of(network, plain(slice(start, start + BATCH))).float().cpu()
        for start in starts
    ]
    return torch.cat(parts)


def digest_of(network: nn.Module, images: Tensor, spec: PreprocessSpec) -> str:
    """SHA-256 of everything that features follow from."""
    classifier = set(layer_groups(network)[-1])
    state = network.state_dict()
    backbone = {name: state[name] for name in state if name not in classifier}
    head, _ = find_head(network)
    structure = (
        f"{path} {type(part).__name__} {part.extra_repr()}"
        for path, part in network.named_modules()
        if not path.startswith(head)
    )
    parts = (
        *structure,
        weights_digest(backbone),
        spec.model_dump_json(),
        picture_digest(images.numpy()),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
