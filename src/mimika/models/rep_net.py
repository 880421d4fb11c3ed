"""Plain convolutional networks that train with branches and run without.

Ding et al., "RepVGG: Making VGG-style ConvNets Great Again" (2021), sections 3.2 and
3.3: in training each layer adds a 3x3 convolution, a 1x1 convolution and, where the
shape stays, the picture itself, each normalised; afterwards all are one 3x3 convolution
with a bias (`backbones.folded`). On a CPU nothing has more multiply-adds a millisecond.

We differ in that the first stage keeps the size, because our pictures have about 48
pixels and not 224; every other stage halves it. The blocks are timm's, with torch's
default weights. Checked by folding them in the tests: the answers stay.
"""

import re

import torch
from torch import Tensor, nn

from mimika.models import backbones

Stages = tuple[tuple[int, int], ...]  # channels and layers of each stage
NAME = re.compile(r"rep((?:_\d+x\d+)+)")


class RepNet(nn.Module):
    """Stages of folding layers, global average, linear classifier."""

    def __init__(self, channels: int, classes: int, stages: Stages) -> None:
        """A network with fresh weights.

        Args:
            channels: 1 (grey) or 3 (RGB) input channels.
            classes: number of logits.
            stages: channels and layers of each stage, at least one of both.
        """
        super().__init__()
        blocks: list[nn.Module] = []
        self.stage_numbers: list[int] = []
        inputs = channels
        for stage, (width, depth) in enumerate(stages):
            for layer in range(depth):
                stride = 2 if stage > 0 and layer == 0 else 1
                blocks.append(backbones.folding_block(inputs, width, stride))
                self.stage_numbers.append(stage)
                inputs = width
        self.blocks = nn.Sequential(*blocks)
        self.classifier = nn.Linear(inputs, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Logits float32 (B, K) of normalised pictures float32 (B, C, H, W)."""
        pooled = torch.mean(self.blocks(x), dim=(2, 3))  # (B, last width)
        logits: Tensor = self.classifier(pooled)
        return logits

    def get_classifier(self) -> nn.Module:
        """The last layer, by the name that timm's networks give it."""
        return self.classifier

    def stage_of(self, name: str) -> int:
        """The stage of a parameter between input (0) and classifier."""
        return self.stage_numbers[int(name.split(".")[1])]


def stages_of(name: str) -> Stages | None:
    """Stages from a name such as `rep_32x1_64x2_128x4_256x2`.

    Returns:
        Channels and layers of each stage; None for a name of another form.
    """
    match = NAME.fullmatch(name)
    return None if match is None else stages_in(match[1])


def stages_in(text: str) -> Stages | None:
    """Channels and layers from text such as `_32x1_64x2`; None if one is 0."""
    pairs = re.findall(r"(\d+)x(\d+)", text)
    stages = tuple((int(width), int(depth)) for width, depth in pairs)
    return stages if all(min(stage) > 0 for stage in stages) else None
