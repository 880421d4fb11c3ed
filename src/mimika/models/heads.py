"""The last layers of a network: from pooled features to logits.

Every network of the catalogue ends in one of these, whatever its own code would put
there, so that features and classifier can be told apart in the same way in all of
them. Dropout stands inside the head: what comes before is the same in training.
"""

from typing import Any

import torch
from torch import Tensor, nn

from mimika.core.errors import ConfigError
from mimika.models.spec import NetworkSpec

HIDDEN = 256


class LinearHead(nn.Linear):
    """Dropout and one linear layer; its tensors are named as those of `nn.Linear`."""

    def __init__(self, features: int, classes: int, dropout: float) -> None:
        super().__init__(features, classes)
        self.dropout = nn.Dropout(dropout)

    def forward(self, features: Tensor) -> Tensor:
        """Logits (B, K) of features (B, F) or (B, F, 1, 1)."""
        return super().forward(self.dropout(flat(features)))


class MlpHead(nn.Module):
    """Dropout and two linear layers with a ReLU between them."""

    def __init__(self, features: int, classes: int, dropout: float) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(features, HIDDEN),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(HIDDEN, classes),
        )

    def forward(self, features: Tensor) -> Tensor:
        """Logits (B, K) of features (B, F) or (B, F, 1, 1)."""
        logits: Tensor = self.layers(flat(features))
        return logits


class KeptHead(nn.Module):
    """Dropout and a classifier of a network's own kind."""

    def __init__(self, classifier: nn.Module, dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.classifier = classifier

    def forward(self, features: Tensor) -> Tensor:
        """Logits (B, K) of features (B, F)."""
        logits: Tensor = self.classifier(self.dropout(features))
        return logits


Head = LinearHead | MlpHead | KeptHead


def flat(features: Tensor) -> Tensor:
    """(B, F) of features (B, F) or (B, F, 1, 1)."""
    return features.flatten(1) if features.ndim == 4 else features


def put_head(network: nn.Module, spec: NetworkSpec) -> None:
    """Puts a head of ours in the place of a network's classifier.

    A linear head keeps the weights that the network's code drew.

    Args:
        network: changed in place.
        spec: which head, for how many classes, with which dropout.

    Raises:
        ConfigError: the network has no classifier, or several, or one that the head
            asked for cannot replace.
    """
    former = classifier_of_code(network, spec)
    path = next(path for path, part in network.named_modules() if part is former)
    network.set_submodule(path, _head(former, spec))


def draw_classifier(network: nn.Module) -> None:
    """Draws the weights of a linear head as torch does by default.

    Some of timm's networks draw them for 1,000 classes. With seven, logits then begin
    at 4 and, on pretrained features, at 20 and more, and whole epochs are lost on
    shrinking them.
    """
    _, head = find_head(network)
    if isinstance(head, LinearHead):
        head.reset_parameters()


def classifier_of_code(network: nn.Module, spec: NetworkSpec) -> nn.Module:
    """The classifier that a network's own code made.

    Raises:
        ConfigError: there is none, or several.
    """
    # the first is timm's way, and ours, the second torchvision's name for it
    get: Any = getattr(network, "get_classifier", None)
    found: object = get() if get is not None else getattr(network, "fc", None)
    while isinstance(getattr(found, "fc", None), nn.Module):
        found = getattr(found, "fc", None)
    if isinstance(found, nn.Module) and not isinstance(found, nn.ModuleList):
        return found
    raise ConfigError(
        f"{spec.backbone} has no classifier or several; take another network: "
        "'mimika networks' lists some"
    )


def find_head(network: nn.Module) -> tuple[str, Head]:
    """Where a network's head is, and the head.

    Raises:
        ValueError: there is none: the network is not of `catalogue.create_network`.
    """
    for path, module in network.named_modules():
        if isinstance(module, Head):
            return path, module
    raise ValueError(
        f"{type(network).__name__} has no head of models.heads; make networks with "
        "models.catalogue.create_network"
    )


def _head(former: nn.Module, spec: NetworkSpec) -> Head:
    dropout = spec.dropout or 0.0
    if not isinstance(former, nn.Linear | nn.Conv2d):
        if spec.head != "linear":
            raise ConfigError(
                f"head = {spec.head!r}: {spec.backbone} has a classifier of its own "
                f'kind ({type(former).__name__}); leave head at "linear"'
            )
        return KeptHead(former, dropout)
    features, classes = former.weight.shape[1], former.weight.shape[0]
    if spec.head == "mlp":
        return MlpHead(features, classes, dropout)
    with torch.device("meta"):  # draws no weights: the former ones take their place
        head = LinearHead(features, classes, dropout)
    head.to_empty(device=former.weight.device)
    with torch.no_grad():
        head.weight.copy_(former.weight.flatten(1))
        if former.bias is None:
            head.bias.zero_()
        else:
            head.bias.copy_(former.bias)
    return head
