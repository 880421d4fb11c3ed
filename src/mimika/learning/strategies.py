"""The ways to learn a task from few pictures: features, fine-tuning, from scratch.

Each answers pictures of a fold after learning from the others, and makes the network
that is shipped after learning from all.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from mimika.core.preprocess import FloatArray, PreprocessSpec, UInt8Array, preprocess
from mimika.core.tasks import Task
from mimika.learning.fitting import Course, fit_network, logits_of
from mimika.learning.folds import Positions
from mimika.learning.looks import VIEWS, Looks, all_views, digest_of
from mimika.learning.photographs import Photographs
from mimika.learning.probe import Linear, fit_probe
from mimika.learning.starters import Started, scale_of
from mimika.models.catalogue import create_network
from mimika.models.costs import count_multiply_adds, count_parameters
from mimika.models.heads import LinearHead, find_head
from mimika.models.pretrained import Loaded
from mimika.models.spec import NetworkSpec
from mimika.models.tails import last_stage

# the classifier begins as the linear one on the frozen features: Kumar et al.,
# "Fine-Tuning can Distort Pretrained Features" (2022), section 4
TUNING = Course(epochs=6, learning_rate=3e-4, frozen_norms=True)
SCRATCH = Course(epochs=25, learning_rate=3e-3)
TINY_SIZE = 64
SCALED = np.float32(255)


class Strategy(Protocol):
    """A way to learn; see the module."""

    @property
    def name(self) -> str:
        """What it is called, such as `features of resnet50`."""
        ...

    @property
    def spec(self) -> PreprocessSpec:
        """How its network's input is made."""
        ...

    @property
    def architecture(self) -> str:
        """Its network, in words."""
        ...

    @property
    def loaded(self) -> Loaded | None:
        """The weights that it begins with; None for none."""
        ...

    @property
    def costs(self) -> tuple[int, int]:
        """Multiply-adds for a picture, and trained values of the network."""
        ...

    def answers(self, teach: Positions, judge: Positions, seed: int) -> FloatArray:
        """Logits float32 (M, K) of pictures, learned from others.

        Args:
            teach: int64, positions of the pictures to learn from.
            judge: int64 (M,), positions of those to answer.
            seed: of what is drawn.
        """
        ...

    def finished(self, seed: int) -> nn.Module:
        """The network, learned from all pictures, in evaluation mode."""
        ...


@dataclass(frozen=True)
class FeatureStrategy:
    """Feature extraction: a frozen network and a linear classifier."""

    backbone: str
    started: Started
    looks: Looks
    views: NDArray[np.float32]  # (V, N, F), as `Looks.features` gives them
    labels: NDArray[np.int64]
    classes: int

    @property
    def name(self) -> str:
        """See `Strategy`."""
        return f"features of {self.backbone}"

    @property
    def looks_key(self) -> str:
        """Names the network, its weights and how its input is made."""
        return f"{self.backbone}-{digest_of(self.started)[:16]}"

    @property
    def spec(self) -> PreprocessSpec:
        """See `Strategy`."""
        return self.started.spec

    @property
    def architecture(self) -> str:
        """See `Strategy`."""
        return f"{self.backbone}, frozen, with a linear classifier"

    @property
    def loaded(self) -> Loaded | None:
        """See `Strategy`."""
        return self.started.loaded

    @property
    def costs(self) -> tuple[int, int]:
        """See `Strategy`."""
        return costs_of(self.started.network, self.spec)

    def answers(self, teach: Positions, judge: Positions, seed: int) -> FloatArray:
        """See `Strategy`; nothing is drawn."""
        return self.probe(teach).logits(self.views[0, judge])

    def probe(self, teach: Positions) -> Linear:
        """The linear classifier of some pictures."""
        return fit_probe(self.views[:, teach], self.labels[teach], self.classes)

    def finished(self, seed: int) -> nn.Module:
        """See `Strategy`."""
        network = copy.deepcopy(self.started.network)
        put_linear(network, self.probe(np.arange(len(self.labels))))
        return network.eval()


def feature_strategy(
    backbone: str, started: Started, looks: Looks, photographs: Photographs, task: Task
) -> FeatureStrategy:
    """Feature extraction with a network that has looked at these pictures."""
    views = np.stack([looks.features(view) for view in range(VIEWS)])
    classes = len(task.labels)
    return FeatureStrategy(backbone, started, looks, views, photographs.labels, classes)


@dataclass(frozen=True)
class TuningStrategy:
    """Fine-tuning of the last stage, from the linear classifier on."""

    features: FeatureStrategy

    @property
    def name(self) -> str:
        """See `Strategy`."""
        return f"fine-tuned {self.features.backbone}"

    @property
    def spec(self) -> PreprocessSpec:
        """See `Strategy`."""
        return self.features.spec

    @property
    def architecture(self) -> str:
        """See `Strategy`."""
        return f"{self.features.backbone}, its last stage fine-tuned"

    @property
    def loaded(self) -> Loaded | None:
        """See `Strategy`."""
        return self.features.loaded

    @property
    def costs(self) -> tuple[int, int]:
        """See `Strategy`."""
        return self.features.costs

    def answers(self, teach: Positions, judge: Positions, seed: int) -> FloatArray:
        """See `Strategy`."""
        network = self._tuned(teach, seed)
        asked = torch.from_numpy(self.features.looks.stage(0)[judge])
        return logits_of(_stage_of(network), asked)

    def finished(self, seed: int) -> nn.Module:
        """See `Strategy`."""
        return self._tuned(np.arange(len(self.features.labels)), seed)

    def _tuned(self, teach: Positions, seed: int) -> nn.Module:
        network = copy.deepcopy(self.features.started.network)
        put_linear(network, self.features.probe(teach))
        views = np.stack(
            [self.features.looks.stage(view)[teach] for view in range(VIEWS)]
        )
        labels = self.features.labels[teach]
        torch.manual_seed(seed)  # of dropout
        fit_network(_stage_of(network), torch.from_numpy(views), labels, TUNING, seed)
        return network.eval()


@dataclass(frozen=True)
class ScratchStrategy:
    """Tiny VGG with fresh weights."""

    spec: PreprocessSpec
    views: Tensor  # float32 (V, N, 3, size, size), normalised
    labels: NDArray[np.int64]
    classes: int
    name: str = "Tiny VGG from scratch"
    architecture: str = "tiny_vgg"
    loaded: Loaded | None = None

    @property
    def costs(self) -> tuple[int, int]:
        """See `Strategy`."""
        return costs_of(self._fresh(0), self.spec)

    def answers(self, teach: Positions, judge: Positions, seed: int) -> FloatArray:
        """See `Strategy`."""
        network = self._trained(teach, seed)
        return logits_of(network, self.views[0, torch.from_numpy(judge)])

    def finished(self, seed: int) -> nn.Module:
        """See `Strategy`."""
        return self._trained(np.arange(len(self.labels)), seed)

    def _trained(self, teach: Positions, seed: int) -> nn.Module:
        network = self._fresh(seed)
        places = torch.from_numpy(teach)
        fit_network(network, self.views[:, places], self.labels[teach], SCRATCH, seed)
        return network

    def _fresh(self, seed: int) -> nn.Module:
        torch.manual_seed(seed)
        spec = NetworkSpec("tiny_vgg", 3, self.spec.size, self.classes)
        return create_network(spec)


def scratch_strategy(photographs: Photographs, task: Task, fit: str) -> ScratchStrategy:
    """Tiny VGG for these pictures, which are read and kept in memory.

    Args:
        photographs: what is learned from.
        task: the classes.
        fit: how pictures that are not square become square.
    """
    keep_scale = fit == "keep-scale"
    by_view = all_views(photographs.paths, VIEWS, keep_scale=keep_scale)
    plain = {
        "size": TINY_SIZE,
        "channels": 3,
        "fit": fit,
        "scale": scale_of(fit, TINY_SIZE, photographs.longest_px),
    }
    spec = measured(by_view[0], plain)
    views = [torch.from_numpy(preprocess(pictures, spec)) for pictures in by_view]
    return ScratchStrategy(
        spec, torch.stack(views), photographs.labels, len(task.labels)
    )


def measured(pictures: Sequence[UInt8Array], plain: dict[str, Any]) -> PreprocessSpec:
    """A specification with the mean and deviation of each channel of these pictures.

    Args:
        pictures: uint8 (H, W, 3) each.
        plain: its other fields.
    """
    means = np.stack([picture.mean(axis=(0, 1)) for picture in pictures]) / SCALED
    squares = np.stack(
        [np.square(picture / SCALED).mean(axis=(0, 1)) for picture in pictures]
    )
    mean = means.mean(axis=0)
    deviation = np.sqrt(np.maximum(squares.mean(axis=0) - mean**2, 1e-6))
    return PreprocessSpec.model_validate(
        {
            **plain,
            "mean": tuple(round(float(v), 4) for v in mean),
            "std": tuple(max(round(float(v), 4), 1e-3) for v in deviation),
        }
    )


def put_linear(network: nn.Module, linear: Linear) -> None:
    """Makes a network's classifier that linear layer.

    Args:
        network: of `create_network` with a linear head; changed in place.
        linear: of as many features and classes.
    """
    head = find_head(network)[1]
    if not isinstance(head, LinearHead):
        raise TypeError(f"expected a linear head, got {type(head).__name__}")
    with torch.no_grad():
        head.weight.copy_(torch.from_numpy(linear.weight))
        head.bias.copy_(torch.from_numpy(linear.bias))


def costs_of(network: nn.Module, spec: PreprocessSpec) -> tuple[int, int]:
    """Multiply-adds for a picture, and the number of trained values."""
    return count_multiply_adds(network, spec), count_parameters(network)


def _stage_of(network: nn.Module) -> nn.Sequential:
    stage = last_stage(network)
    if stage is None:
        raise TypeError(f"the last stage of {type(network).__name__} is not known")
    return stage
