"""A small residual network for pictures of about 48 pixels.

He et al., "Deep Residual Learning for Image Recognition" (2016), section 4.2: a 3x3
stem that keeps the size and basic blocks. Where a stage halves the size, the shortcut
averages before its 1x1 convolution: He et al., "Bag of Tricks for Image Classification
with Convolutional Neural Networks" (2019), section 4.2, model tweak D.

We differ by torch's default weights: He's normal weights, and a last normalisation
that starts at zero, learned more slowly here (in a trial of 160 batches each); and the
catalogue puts dropout before the classifier. Checked by the counts of parameters and
multiply-adds in the tests and by the figures of `experiments/first.toml`.
"""

import re
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from mimika.models.rep_net import stages_in

Shape = tuple[int, tuple[int, ...], tuple[int, ...]]
NAME = re.compile(r"res_(\d+)((?:_\d+x\d+)+)")


@dataclass(frozen=True)
class CompactResNetSpec:
    """The shape of the network.

    Attributes:
        channels: 1 (grey) or 3 (RGB) input channels.
        classes: number of logits.
        stem_width: channels after the stem.
        widths: channels of each stage; every stage halves height and width.
        depths: basic blocks of each stage.
    """

    channels: int
    classes: int
    stem_width: int = 24
    widths: tuple[int, ...] = (32, 64, 128, 192)
    depths: tuple[int, ...] = (1, 2, 1, 1)


class BasicBlock(nn.Module):
    """Two 3x3 convolutions and a shortcut."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = _conv3x3(inputs, outputs, stride)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = _conv3x3(outputs, outputs, 1)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.shortcut = _shortcut(inputs, outputs, stride)

    def forward(self, x: Tensor) -> Tensor:
        """(B, inputs, H, W) to (B, outputs, H / stride, W / stride)."""
        y = self.relu(self.norm1(self.conv1(x)))
        y = self.norm2(self.conv2(y))
        out: Tensor = self.relu(y + self.shortcut(x))
        return out


class CompactResNet(nn.Module):
    """Stem, stages of basic blocks, global average, linear classifier."""

    def __init__(self, spec: CompactResNetSpec) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            _conv3x3(spec.channels, spec.stem_width, 1),
            nn.BatchNorm2d(spec.stem_width),
            nn.ReLU(inplace=True),
        )
        blocks: list[nn.Module] = []
        inputs = spec.stem_width
        for width, depth in zip(spec.widths, spec.depths, strict=True):
            for number in range(depth):
                blocks.append(BasicBlock(inputs, width, 2 if number == 0 else 1))
                inputs = width
        self.stages = nn.Sequential(*blocks)
        self.classifier = nn.Linear(inputs, spec.classes)

    def forward(self, x: Tensor) -> Tensor:
        """Logits.

        Args:
            x: float32 (B, C, H, W), normalised.

        Returns:
            float32 (B, K), not normalised.
        """
        features = self.stages(self.stem(x))  # (B, widths[-1], H / 16, W / 16)
        pooled = torch.mean(features, dim=(2, 3))  # (B, widths[-1])
        logits: Tensor = self.classifier(pooled)
        return logits

    def get_classifier(self) -> nn.Module:
        """The last layer, by the name that timm's networks give it."""
        return self.classifier

    def stage_of(self, name: str) -> int:
        """The place of a parameter between input (0) and classifier."""
        part, number, _ = name.split(".", 2)
        return 0 if part == "stem" else 1 + int(number)


def _conv3x3(inputs: int, outputs: int, stride: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)


def _shortcut(inputs: int, outputs: int, stride: int) -> nn.Module:
    if inputs == outputs and stride == 1:
        return nn.Identity()
    project = nn.Conv2d(inputs, outputs, 1, bias=False)
    # an odd size is rounded up, as the strided convolution does
    average = nn.AvgPool2d(stride, ceil_mode=True) if stride > 1 else nn.Identity()
    return nn.Sequential(average, project, nn.BatchNorm2d(outputs))


def shape_of(name: str) -> Shape | None:
    """The shape in a name such as `res_32_64x1_128x2_256x1`: stem, width x depth.

    Returns:
        Stem width, widths and depths; None for a name of another form.
    """
    match = NAME.fullmatch(name)
    stages = match and stages_in(match[2])
    if not match or not stages or int(match[1]) == 0:
        return None
    widths = tuple(width for width, _ in stages)
    return int(match[1]), widths, tuple(depth for _, depth in stages)
