"""Pretrained weights: found, read without running their code, fitted to a network.

A network takes over every tensor but its classifier. The first convolution is fitted
to the number of channels: its filters are summed over red, green and blue, so that a
grey picture gives what the same picture in all three channels gave.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import Tensor, nn

from mimika.core.errors import ModelError
from mimika.models import backbones
from mimika.models.catalogue import Entry, entry_of
from mimika.models.checkpoint import UNREADABLE
from mimika.models.heads import find_head
from mimika.models.hub import fetch, first_line
from mimika.models.spec import NetworkSpec
from mimika.models.super_resolution import Upscaled

HUB = "hub"
SAFE, PICKLED = (".safetensors",), (".pth", ".pt", ".bin", ".ckpt")
# where training programs put the weights in their files, averaged ones first
WRAPPERS = ("state_dict_ema", "model_ema", "state_dict", "model", "weights")
PREFIXES = ("module.", "_orig_mod.")
AUXILIARY = ("aux1.", "aux2.", "AuxLogits.")  # classifiers for training from scratch
NAMED = 3
OWN_LICENCE = "MIT"
UNKNOWN_LICENCE = "LicenseRef-of-the-pretrained-weights"
State = dict[str, Tensor]


@dataclass(frozen=True)
class Loaded:
    """Which weights a network was given.

    Attributes:
        origin: the file, or the name at the hub.
        licence: as their publisher states it; None where it is not known.
        digest: SHA-256 of the file.
        fresh: names of the tensors that were left as they were.
    """

    origin: str
    licence: str | None
    digest: str
    fresh: tuple[str, ...]


def licence_with(loaded: Loaded | None) -> str:
    """The licence of weights that were trained from others, as an SPDX expression.

    Args:
        loaded: what training began with; None from scratch.
    """
    if loaded is None or (loaded.licence or "").lower() == "mit":
        return OWN_LICENCE
    return f"{OWN_LICENCE} AND {loaded.licence or UNKNOWN_LICENCE}"


def load_pretrained(network: nn.Module, spec: NetworkSpec, weights: str) -> Loaded:
    """Puts pretrained weights into a network.

    Args:
        network: made for `spec`, alone or behind an upscaler; changed in place.
        spec: what it was made for.
        weights: path of a safetensors or pth file; `hub` for the weights that timm
            takes by itself, or `hub:` and a tag, a name with a tag, or a repository.

    Raises:
        ModelError: there is no such file, it cannot be read, it holds weights of
            another network, or the hub cannot be reached.
    """
    if isinstance(network, Upscaled):
        network = network.network
    entry = entry_of(spec.backbone)
    path, origin, licence = _find(spec.backbone, entry, weights)
    fitted = fit(network, entry, read_tensors(path))
    check(network, entry, fitted, f"{origin}: not weights of {spec.backbone}")
    network.load_state_dict(fitted, strict=False)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    fresh = tuple(_fresh(network, entry))
    return Loaded(origin, licence, digest, fresh)


def locate(backbone: str, weights: str) -> Path:
    """The file of pretrained weights, fetched where it has to be.

    Args:
        backbone: name of the network.
        weights: see `load_pretrained`.

    Raises:
        ModelError: they cannot be had.
    """
    return _find(backbone, entry_of(backbone), weights)[0]


def read_tensors(path: Path) -> State:
    """The tensors of a file by name, on the CPU.

    Files of torch are read with `weights_only`, so that they cannot run code. What
    training programs wrap around the tensors is taken off.

    Raises:
        ModelError: no such file, another kind of file, or a damaged one.
    """
    kinds = ", ".join((*SAFE, *PICKLED))
    if path.suffix.lower() not in (*SAFE, *PICKLED):
        raise ModelError(f"{path}: weights come as {kinds}; pass such a file")
    if not path.is_file():
        raise ModelError(
            f"{path}: no such file; pass weights=PATH of a {kinds} file, or "
            f'weights="{HUB}" to fetch published ones'
        )
    try:
        if path.suffix.lower() in SAFE:
            return unwrapped(safetensors.torch.load_file(path))
        return unwrapped(torch.load(path, map_location="cpu", weights_only=True))
    except (*UNREADABLE, safetensors.SafetensorError) as error:
        raise ModelError(
            f"{path}: holds no weights that can be read safely "
            f"({first_line(error)}); pass another file"
        ) from error


def unwrapped(content: Any) -> State:
    """The tensors in what a file held.

    Raises:
        ValueError: there are none.
    """
    while isinstance(content, Mapping):
        inner = [content[key] for key in WRAPPERS if key in content]
        inner = [part for part in inner if isinstance(part, Mapping)]
        if not inner:
            break
        content = inner[0]
    if not isinstance(content, Mapping):
        raise ValueError(f"a {type(content).__name__} instead of named tensors")
    tensors = {str(k): v for k, v in content.items() if isinstance(v, Tensor)}
    if not tensors:
        raise ValueError("no tensors in it")
    for prefix in PREFIXES:
        if all(name.startswith(prefix) for name in tensors):
            tensors = {name.removeprefix(prefix): v for name, v in tensors.items()}
    return tensors


def fit(network: nn.Module, entry: Entry, tensors: State) -> State:
    """Tensors by the network's names, without those that it shall draw itself.

    The first convolution is summed over colours, or spread evenly over them, where
    the file has it for the other number of channels.
    """
    try:
        tensors = backbones.renamed(network, tensors)
    except (*UNREADABLE, AssertionError):
        pass  # another network's; `check` will say in which tensors
    ignored = (f"{find_head(network)[0]}.", *AUXILIARY)
    fitted = {
        name: tensor
        for name, tensor in tensors.items()
        if not name.startswith(ignored) and name not in entry.fresh
    }
    name, stem = first_convolution(network)
    if name in fitted and fitted[name].ndim == 4:
        fitted[name] = fit_channels(fitted[name], stem.shape[1])
    return fitted


def first_convolution(network: nn.Module) -> tuple[str, Tensor]:
    """Name and values of the filters that see the pictures; empty where none do."""
    for name, part in network.named_modules():
        if isinstance(part, nn.Conv2d):
            return f"{name}.weight", part.weight
    return "", torch.empty(0)


def fit_channels(filters: Tensor, channels: int) -> Tensor:
    """Filters (O, I, H, W) for another number of channels.

    Args:
        filters: for I = 1 (grey) or 3 (RGB).
        channels: 1 or 3.

    Returns:
        (O, channels, H, W), with the same answer to a grey picture; others than 1 or
        3 channels are given back as they are.
    """
    if filters.shape[1] == 3 and channels == 1:
        return filters.float().sum(dim=1, keepdim=True)
    if filters.shape[1] == 1 and channels == 3:
        return filters.float().expand(-1, 3, -1, -1) / 3
    return filters


def check(network: nn.Module, entry: Entry, fitted: State, complaint: str) -> None:
    """Compares tensors with those of a network.

    Args:
        network: what they are meant for.
        entry: its entry.
        fitted: what `fit` gave.
        complaint: begins the message.

    Raises:
        ModelError: some are missing, too many or of another shape.
    """
    own = network.state_dict()
    fresh = set(_fresh(network, entry))
    missing = [name for name in own if name not in fitted and name not in fresh]
    unknown = [name for name in fitted if name not in own]
    wrong = [
        f"{name} {tuple(fitted[name].shape)} instead of {tuple(own[name].shape)}"
        for name in own
        if name in fitted and fitted[name].shape != own[name].shape
    ]
    faults = [
        f"{what} {_some(counted)}"
        for what, names in (
            ("without", missing),
            ("unknown", unknown),
            ("of another shape", wrong),
        )
        # older files do not have these counters
        if (counted := [x for x in names if not x.endswith("num_batches_tracked")])
    ]
    if faults:
        raise ModelError(
            f"{complaint}: {'; '.join(faults)}; take weights of that network"
        )


def _find(name: str, entry: Entry, weights: str) -> tuple[Path, str, str | None]:
    """File, name and licence of weights."""
    word, _, choice = weights.partition(":")
    if word != HUB:
        return Path(weights), weights, None
    source = entry.published_as
    found = None if source is None else backbones.published(source, choice)
    if found is None:
        raise ModelError(
            f"{weights}: nobody publishes weights of {name}; pass a local file by "
            'weights=PATH, or train with strategy = "scratch"'
        )
    return fetch(found), found.origin, found.licence


def _fresh(network: nn.Module, entry: Entry) -> Iterable[str]:
    """Names of the tensors that are not taken over."""
    head = find_head(network)[0]
    return (
        name
        for name in network.state_dict()
        if name.startswith(f"{head}.") or name in entry.fresh
    )


def _some(names: list[str]) -> str:
    """The first names of a list, and how many there are."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
