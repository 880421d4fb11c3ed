"""A learned enlargement by two, and networks that see pictures through it.

Shi et al., "Real-Time Single Image and Video Super-Resolution Using an Efficient
Sub-Pixel Convolutional Neural Network" (2016), section 3: three convolutions at the
small size (5x5, 3x3, 3x3) and one rearrangement of channels into pixels (ESPCN). We
differ in that the network corrects a bilinear enlargement instead of drawing the whole
picture, as Kim et al., "Accurate Image Super-Resolution Using Very Deep Convolutional
Networks" (2016), section 3.1, do. Checked by its PSNR against the plain interpolations
(`benchmarks/upscaling.py`).
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from mimika.core.preprocess import PreprocessSpec

FACTOR = 2


class SubPixelUpscaler(nn.Module):
    """Doubles height and width of grey pictures."""

    def __init__(self, width: int = 32) -> None:
        """A network with fresh weights.

        Args:
            width: channels of the first convolution; the second has half of them.
        """
        super().__init__()
        self.first = nn.Conv2d(1, width, 5, padding=2)
        self.second = nn.Conv2d(width, width // 2, 3, padding=1)
        self.third = nn.Conv2d(width // 2, FACTOR**2, 3, padding=1)
        self.shuffle = nn.PixelShuffle(FACTOR)
        nn.init.zeros_(self.third.weight)  # starts as the bilinear enlargement
        nn.init.constant_(self.third.bias, 0.0)  # type: ignore[arg-type]  # it has one

    def forward(self, x: Tensor) -> Tensor:
        """Larger pictures.

        Args:
            x: float32 (B, 1, H, W), 0..1.

        Returns:
            float32 (B, 1, 2 H, 2 W), about 0..1.
        """
        features = torch.tanh(self.second(torch.tanh(self.first(x))))
        correction = self.shuffle(self.third(features))  # (B, 1, 2 H, 2 W)
        plain = interpolate(
            x, scale_factor=FACTOR, mode="bilinear", align_corners=False
        )
        enlarged: Tensor = plain + correction
        return enlarged


class Upscaled(nn.Module):
    """A network whose input is first enlarged by an upscaler, once or several times.

    It stays one network: training changes both, and an exported model holds both.
    """

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        upscaler: SubPixelUpscaler,
        network: nn.Module,
        spec: PreprocessSpec,
        times: int,
    ) -> None:
        """Puts an upscaler before a network.

        Args:
            upscaler: takes grey values in 0..1.
            network: takes float32 (B, C, size * 2 ** times, the same), normalised.
            spec: how the input was normalised; its size is that of the small pictures.
            times: how often the size is doubled.
        """
        super().__init__()
        self.upscaler = upscaler
        self.network = network
        self.times = times
        shape = (1, spec.channels, 1, 1)
        mean, std = torch.tensor(spec.mean), torch.tensor(spec.std)
        self.register_buffer("mean", mean.reshape(shape), persistent=False)
        self.register_buffer("std", std.reshape(shape), persistent=False)

    def extra_repr(self) -> str:
        """What its parts do not say: how often it doubles."""
        return f"times={self.times}"

    def forward(self, x: Tensor) -> Tensor:
        """Logits float32 (B, K) of normalised pictures float32 (B, C, H, W)."""
        grey = x * self.std + self.mean
        channels = grey.shape[1]
        for _ in range(self.times):
            height, width = grey.shape[2:]
            flat = grey.reshape(-1, 1, height, width)
            grey = self.upscaler(flat).reshape(
                -1, channels, FACTOR * height, FACTOR * width
            )
        logits: Tensor = self.network((grey - self.mean) / self.std)
        return logits
