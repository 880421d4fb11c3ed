"""A network taken apart: features, classifier, layers from the input to the output.

The layers serve rates that fall towards the input and gradual unfreezing: Howard and
Ruder, "Universal Language Model Fine-tuning for Text Classification" (2018), sections
3.2 and 3.3. We group by stages of the network, and join neighbours where there are
many.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from torch import Tensor, nn

from mimika.models.backbones import is_vgg, timm
from mimika.models.heads import Head, find_head, flat
from mimika.models.super_resolution import Upscaled

MOST_BODY_GROUPS = 11


@contextmanager
def evaluating(network: nn.Module) -> Iterator[None]:
    """Puts a network and all its parts into evaluation mode for the block."""
    modes = [(part, part.training) for part in network.modules()]
    network.eval()
    try:
        yield
    finally:
        for part, mode in modes:
            part.training = mode


def features_of(network: nn.Module, x: Tensor) -> Tensor:
    """What a network's classifier is given, without dropout.

    The network runs in evaluation mode and is left in its former one.

    Args:
        network: of `catalogue.create_network` or `catalogue.assemble`.
        x: float32 (B, C, size, size), normalised.

    Returns:
        float32 (B, F).
    """
    seen: list[Tensor] = []
    hook = find_head(network)[1].register_forward_pre_hook(
        lambda _head, inputs: seen.append(inputs[0])
    )
    try:
        with evaluating(network):
            network(x)
    finally:
        hook.remove()
    return flat(seen[0])


def classifier_of(network: nn.Module) -> Head:
    """The module that makes logits (B, K) of features (B, F); it holds the dropout."""
    return find_head(network)[1]


def layer_groups(network: nn.Module) -> list[list[str]]:
    """Names of a network's parameters in groups from the input to the classifier.

    Every parameter is in exactly one group, the classifier's alone in the last. A
    learned upscaler is the first.

    Args:
        network: of `catalogue.create_network` or `catalogue.assemble`.

    Returns:
        At most 12 groups, and one more for an upscaler.
    """
    if isinstance(network, Upscaled):
        first = [f"upscaler.{name}" for name, _ in network.upscaler.named_parameters()]
        groups = layer_groups(network.network)
        return [first, *([f"network.{name}" for name in group] for group in groups)]
    path, _ = find_head(network)
    names = [name for name, _ in network.named_parameters()]
    head = [name for name in names if name.startswith(f"{path}.")]
    body = _stages(network, [name for name in names if name not in set(head)])
    return [*_joined(body, MOST_BODY_GROUPS), head]


def _stages(network: nn.Module, names: Sequence[str]) -> list[list[str]]:
    """Names of parameters by the stage of the network that they belong to."""
    place_of = _place_function(network)
    found: dict[int, list[str]] = {}
    for name in names:
        found.setdefault(place_of(name), []).append(name)
    return [found[place] for place in sorted(found)]


def _place_function(network: Any) -> Callable[[str], int]:
    """From a parameter's name to its stage's place, in the network's own way."""
    if hasattr(network, "stage_of"):  # ours
        place_of: Callable[[str], int] = network.stage_of
        return place_of
    if is_vgg(network):  # timm would part convolutions and their normalisation
        return _vgg_place(network.feature_ends)
    groups = _groups_of_timm(network)
    if groups:
        # what stands between the last stage and the classifier belongs to the stage
        last = max(groups.values()) - 1
        return lambda name: min(groups[name], last)
    parts = [name for name, _ in network.named_children()]  # torchvision's
    places = {name: place for place, name in enumerate(parts)}
    return lambda name: places.get(name.partition(".")[0], 0)


def _groups_of_timm(network: Any) -> dict[str, int]:
    """The number of each parameter's group; empty where timm does not tell."""
    if not hasattr(network, "group_matcher"):
        return {}
    try:
        found: dict[str, int] = timm().models.group_parameters(
            network, network.group_matcher(coarse=True), reverse=True
        )
    except (AssertionError, NotImplementedError):  # some have no coarse groups
        return {}
    return found


def _vgg_place(ends: Sequence[int]) -> Callable[[str], int]:
    """Stages end where pictures are halved; the layers after them are one more."""

    def place_of(name: str) -> int:
        part, number, *_ = name.split(".")
        return bisect_left(ends, int(number)) if part == "features" else len(ends)

    return place_of


def _joined(groups: Sequence[list[str]], most: int) -> list[list[str]]:
    """Neighbours together, as evenly as can be, so that there are not too many."""
    count = min(most, len(groups))
    joined: list[list[str]] = [[] for _ in range(count)]
    for place, group in enumerate(groups):
        joined[place * count // len(groups)] += group
    return joined
