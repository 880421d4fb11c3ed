"""What a network is to be made for."""

from dataclasses import dataclass
from typing import Literal

from mimika.core.errors import ConfigError

HEADS = ("linear", "mlp")


@dataclass(frozen=True)
class NetworkSpec:
    """A network's name and the shape of what goes in and comes out.

    Attributes:
        backbone: a name of `models.catalogue.CATALOGUE`, or any of timm's.
        channels: 1 (grey) or 3 (RGB) input channels.
        size: height and width that the backbone sees, in pixels.
        classes: number of logits.
        dropout: probability of dropping a feature before the classifier; None for
            the catalogue's.
        drop_path: probability of leaving out the last residual block (stochastic
            depth); it rises to this linearly from the first block on.
        head: `linear`, or `mlp` for one hidden layer before the logits.
    """

    backbone: str
    channels: int
    size: int
    classes: int
    dropout: float | None = None
    drop_path: float = 0.0
    head: Literal["linear", "mlp"] = "linear"

    def __post_init__(self) -> None:
        """Checks the values.

        Raises:
            ConfigError: one is impossible.
        """
        if self.channels not in (1, 3):
            raise ConfigError(f"channels = {self.channels}: expected 1 or 3")
        if self.size < 1 or self.classes < 1:
            raise ConfigError(
                f"size = {self.size}, classes = {self.classes}: expected 1 or more"
            )
        for name, share in (("dropout", self.dropout), ("drop_path", self.drop_path)):
            if share is not None and not 0 <= share < 1:
                raise ConfigError(f"{name} = {share}: expected 0 or more, below 1")
        if self.head not in HEADS:
            raise ConfigError(
                f"head = {self.head!r}: expected one of {', '.join(HEADS)}"
            )
