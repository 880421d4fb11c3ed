"""The last stage of a network apart from what comes before it.

Where only the last stage is trained, what comes before gives the same for a picture in
every epoch, so that it is computed once (Yosinski et al., "How transferable are
features in deep neural networks?" (2014): the last layers are the specific ones).
"""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from mimika.models.heads import find_head
from mimika.models.parts import evaluating


def last_stage(network: Any) -> nn.Sequential | None:
    """The last stage, the pooling and the classifier as one module.

    It shares its parts with the network: training it trains the network.

    Args:
        network: of `catalogue.create_network`.

    Returns:
        Takes what `activations_of` gives, gives logits; None for a network that is not
        of one of the families ResNet, EfficientNet, MobileNetV2, Inception v3 or VGG.
    """
    kind = type(network).__name__
    parts: dict[str, nn.Module] = dict(network.named_children())
    if kind == "ResNet":
        chosen: list[nn.Module] = [parts[n] for n in ("layer4", "global_pool", "fc")]
    elif kind == "EfficientNet":
        rest: tuple[str, ...] = ("conv_head", "bn2", "global_pool", "classifier")
        chosen = [parts["blocks"][-1], *(parts[name] for name in rest)]  # type: ignore[index]
    elif kind == "InceptionV3":
        rest = ("Mixed_7a", "Mixed_7b", "Mixed_7c", "global_pool", "head_drop", "fc")
        chosen = [parts[name] for name in rest]
    elif kind == "VGG":
        features: Any = parts["features"]
        start = network.feature_ends[-2] + 1
        chosen = [features[start:], parts["pre_logits"], parts["head"]]
    else:
        return None
    return nn.Sequential(*chosen)


def first_part(stage: nn.Module) -> nn.Module:
    """The innermost module that a stage's input reaches first."""
    while isinstance(stage, nn.Sequential):
        stage = stage[0]
    return stage


@torch.no_grad()
def activations_of(
    network: nn.Module, stage: nn.Sequential | None, x: Tensor
) -> tuple[Tensor, Tensor | None]:
    """What the classifier is given and what the last stage is given, in one pass.

    Args:
        network: of `catalogue.create_network`; in evaluation mode for the call.
        stage: of `last_stage`, or None.
        x: float32 (B, C, size, size), normalised.

    Returns:
        float32 (B, F) and float32 (B, D, H, W), or None without a stage.
    """
    seen: dict[str, Tensor] = {}

    def note(name: str) -> Any:
        return lambda _part, inputs: seen.__setitem__(name, inputs[0])

    hooks = [find_head(network)[1].register_forward_pre_hook(note("features"))]
    if stage is not None:
        hooks.append(first_part(stage).register_forward_pre_hook(note("stage")))
    try:
        with evaluating(network):
            network(x)
    finally:
        for hook in hooks:
            hook.remove()
    features = seen["features"]
    return features.flatten(1), seen.get("stage")


def normalizations(part: nn.Module) -> Iterator[nn.Module]:
    """The layers of a part that keep running means of batches."""
    kinds = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)
    return (module for module in part.modules() if isinstance(module, kinds))
