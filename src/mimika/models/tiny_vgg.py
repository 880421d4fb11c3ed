"""Tiny VGG, the network that CNN Explainer explains.

Wang et al., "CNN Explainer: Learning Convolutional Neural Networks with Interactive
Visualization" (2020), and the authors' program `tiny-vgg.py`: two blocks of two 3x3
convolutions without padding, each followed by a ReLU, and a 2x2 max-pool; then one
linear layer on all that is left.

We differ in that pictures have any size of 16 pixels or more and 1 or 3 channels,
instead of 64 pixels in RGB: the linear layer has the size that follows. Checked by the
original's count of parameters in the tests.
"""

from torch import Tensor, nn

SMALLEST = 16


class TinyVGG(nn.Module):
    """Four convolutions, two max-pools, one linear classifier."""

    def __init__(self, channels: int, classes: int, size: int, width: int = 10) -> None:
        """A network with fresh weights.

        Args:
            channels: 1 (grey) or 3 (RGB) input channels.
            classes: number of logits.
            size: height and width of the pictures, at least `SMALLEST`.
            width: channels of every convolution.
        """
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 3)
        self.conv2 = nn.Conv2d(width, width, 3)
        self.conv3 = nn.Conv2d(width, width, 3)
        self.conv4 = nn.Conv2d(width, width, 3)
        self.relu = nn.ReLU(inplace=True)
        self.pool = nn.MaxPool2d(2)
        side = _after_block(_after_block(size))
        self.classifier = nn.Linear(width * side * side, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Logits float32 (B, K) of normalised pictures float32 (B, C, size, size)."""
        x = self.relu(self.conv2(self.relu(self.conv1(x))))
        x = self.pool(x)  # (B, width, size / 2 - 2, the same)
        x = self.relu(self.conv4(self.relu(self.conv3(x))))
        x = self.pool(x)  # (B, width, size / 4 - 3, the same)
        logits: Tensor = self.classifier(x.flatten(1))
        return logits

    def get_classifier(self) -> nn.Module:
        """The last layer, by the name that timm's networks give it."""
        return self.classifier

    def stage_of(self, name: str) -> int:
        """The place of a parameter between input (1) and classifier."""
        return int(name.removeprefix("conv")[0])


def _after_block(side: int) -> int:
    """Height of a block's output in pixels."""
    return (side - 4) // 2
