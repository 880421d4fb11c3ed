"""Networks with published weights to start from, and where their files are."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from torch import nn

from mimika.core.errors import ModelError
from mimika.core.preprocess import PreprocessSpec
from mimika.core.tasks import Task
from mimika.models import backbones
from mimika.models.catalogue import create_network, entry_of
from mimika.models.pretrained import (
    HUB,
    PICKLED,
    SAFE,
    Loaded,
    load_pretrained,
    locate,
)
from mimika.models.spec import NetworkSpec

logger = logging.getLogger(__name__)

# tried where nothing else is asked for: from the hub, or from files at hand
USUAL = (
    "mobilenetv2_100",
    "tf_efficientnet_lite0",
    "efficientnet_b0",
    "tf_efficientnet_lite2",
    "resnet50",
    "inception_v3",
    "vgg16",
)
FOLDER = "weights"
ABOVE = 4  # folders above the data that may hold a folder of weights


@dataclass(frozen=True)
class Starter:
    """A pretrained network.

    Attributes:
        backbone: its name in the catalogue or in timm.
        weights: a file, or `hub`.
    """

    backbone: str
    weights: str


@dataclass(frozen=True)
class Started:
    """A pretrained network that is at hand.

    Attributes:
        network: with a fresh classifier, in evaluation mode.
        spec: how its input is made.
        loaded: which weights it has.
    """

    network: nn.Module
    spec: PreprocessSpec
    loaded: Loaded


def find_starters(
    names: Sequence[str], folder: Path | None, data: Path, home: Path
) -> list[Starter]:
    """Where the weights of networks are: in a folder, or at the hub.

    Args:
        names: of the networks; none for the usual ones.
        folder: where files of weights lie, each called after its network (what follows
            a dot is free); None to look into `weights` under the home folder, beside
            the data and in the folders above it.
        data: the data set.
        home: folder of all state.

    Raises:
        ModelError: the folder that was named holds no weights.
    """
    files = _files_in([folder] if folder else _usual_folders(data, home))
    if folder is not None and not files:
        raise ModelError(
            f"{folder}: no files of weights in it; expected files such as "
            f"{USUAL[0]}.safetensors, each called after its network"
        )
    wanted = names or [*USUAL, *(name for name in files if name not in USUAL)]
    # a file at hand makes it unlikely that somebody waits for the hub
    fetch = not files or bool(names)
    return [
        Starter(name, str(files.get(name, HUB)))
        for name in wanted
        if name in files or fetch
    ]


def start(starter: Starter, task: Task, fit: str, scale_px: int) -> Started:
    """Makes a network and gives it its weights.

    Args:
        starter: which.
        task: gives the number of classes.
        fit: how pictures that are not square become square.
        scale_px: with keep-scale the longest side of any picture in pixels.

    Raises:
        ModelError: the weights cannot be had.
    """
    _check_at_hand(starter)  # before a large network is made
    expected = backbones.expected_input(_source(starter.backbone))
    spec = PreprocessSpec.model_validate(
        {
            "size": expected.size,
            "channels": 3,
            "mean": expected.mean,
            "std": expected.std,
            "fit": fit,
            "scale": scale_of(fit, expected.size, scale_px),
        }
    )
    network_spec = NetworkSpec(starter.backbone, 3, spec.size, len(task.labels))
    network = create_network(network_spec)
    loaded = load_pretrained(network, network_spec, starter.weights)
    return Started(network.eval(), spec, loaded)


def _check_at_hand(starter: Starter) -> None:
    try:
        locate(starter.backbone, starter.weights)
    except ModelError as error:
        said = str(error)
        cause = said.rpartition("; ")[0] or said  # its advice is that of training
        raise ModelError(
            f"{cause}; name a folder that holds {starter.backbone}.safetensors with "
            "--weights FOLDER"
        ) from error


def scale_of(fit: str, size: int, longest_px: int) -> float:
    """Input pixels for each picture pixel, so that the largest picture just fits."""
    return min(1.0, size / longest_px) if fit == "keep-scale" else 1.0


def _source(name: str) -> str:
    source = entry_of(name).published_as
    if source is None or source == backbones.GOOGLENET:
        raise ModelError(
            f"{name}: nobody publishes weights of it that say how pictures are to be "
            "prepared; take another network"
        )
    return source


def _usual_folders(data: Path, home: Path) -> Iterator[Path]:
    yield home / FOLDER
    for above in list(data.resolve().parents)[:ABOVE]:
        yield above / FOLDER


def _files_in(folders: Sequence[Path] | Iterator[Path]) -> dict[str, Path]:
    """Files of weights by the name of their network; the first folder goes before."""
    found: dict[str, Path] = {}
    for folder in folders:
        if not folder.is_dir():
            continue
        for file in sorted(folder.iterdir()):
            name = file.name.split(".")[0]
            if file.suffix.lower() in (*SAFE, *PICKLED) and _is_network(name):
                found.setdefault(name, file)
    return found


def _is_network(name: str) -> bool:
    return name in USUAL or backbones.is_timm(name)
