"""The one way from pixels to a network's input.

Training, validation, evaluation, export parity and the runtime all call `preprocess`,
with the `PreprocessSpec` that is stored with the model, so that a model never sees
other numbers in production than it was judged on.
"""

import math
from collections.abc import Sequence
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

UInt8Array = NDArray[np.uint8]
FloatArray = NDArray[np.float32]
Images = UInt8Array | Sequence[UInt8Array]

Interpolation = Literal["nearest", "bilinear", "bicubic", "lanczos"]
Fit = Literal["stretch", "crop", "pad", "keep-scale"]

ENLARGING: dict[Interpolation, int] = {
    "nearest": cv2.INTER_NEAREST_EXACT,
    "bilinear": cv2.INTER_LINEAR,
    "bicubic": cv2.INTER_CUBIC,
    "lanczos": cv2.INTER_LANCZOS4,
}


class PreprocessSpec(BaseModel):
    """How uint8 pictures become a network's float32 input.

    Attributes:
        size: height and width of the input in pixels.
        channels: 1 (grey) or 3 (RGB).
        mean: subtracted after the division by 255, one for each channel.
        std: divided by after that, one for each channel.
        interpolation: how smaller pictures are enlarged; larger ones are averaged.
        fit: how a picture that is not square becomes square. `stretch`: both sides are
            scaled by themselves. `crop`: the largest square in its middle is taken.
            `pad`: it is scaled to fit, with borders of the mean colour. `keep-scale`:
            every picture is scaled by the same factor and set into the middle, with
            borders, or cut there, so that things keep the size that they have beside
            each other.
        scale: that factor for `keep-scale`: pixels of the input for each pixel of the
            picture.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int = Field(ge=8, le=1024)
    channels: Literal[1, 3]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    interpolation: Interpolation = "bilinear"
    fit: Fit = "stretch"
    scale: float = Field(default=1.0, gt=0, le=16)

    def model_post_init(self, _context: object) -> None:
        """Checks that mean and std have one value for each channel.

        Raises:
            ValueError: they have not, or a deviation is not positive.
        """
        if not len(self.mean) == len(self.std) == self.channels:
            raise ValueError(
                f"mean and std need {self.channels} values each, one a channel; "
                f"got {len(self.mean)} and {len(self.std)}"
            )
        if min(self.std) <= 0:
            raise ValueError(f"std must be positive, got {self.std}")


def preprocess(images: Images, spec: PreprocessSpec) -> FloatArray:
    """Resizes, converts and normalises pictures.

    Args:
        images: uint8 (N, H, W) grey or (N, H, W, 3) RGB, 0..255; or a sequence of
            (H, W) and (H, W, 3) pictures of any sizes.
        spec: the model's input.

    Returns:
        float32 (N, C, size, size), normalised by `spec.mean` and `spec.std`.

    Raises:
        ValueError: a picture has another dtype or shape, or no pixels.
    """
    scaled = fitted(images, spec).astype(np.float32) / np.float32(255)
    scaled -= np.array(spec.mean, np.float32)
    scaled /= np.array(spec.std, np.float32)
    return np.ascontiguousarray(scaled.transpose(0, 3, 1, 2))  # (N, C, H, W)


def fitted(images: Images, spec: PreprocessSpec) -> UInt8Array:
    """The first half of `preprocess`: pictures of the model's size and channels.

    Args:
        images: as for `preprocess`.
        spec: the model's input.

    Returns:
        uint8 (N, size, size, C), 0..255.

    Raises:
        ValueError: a picture has another dtype or shape, or no pixels.
    """
    batch = np.empty((len(images), spec.size, spec.size, spec.channels), np.uint8)
    for target, image in zip(batch, images, strict=True):
        target[:] = _fit(_checked(image), spec)
    return batch


def to_grey(image: UInt8Array) -> UInt8Array:
    """Luma (ITU-R BT.601) of a picture.

    Args:
        image: uint8 (H, W) grey or (H, W, 3) RGB.

    Returns:
        uint8 (H, W).
    """
    if image.ndim == 2:
        return image
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)


def resize(image: UInt8Array, width: int, height: int, enlarging: int) -> UInt8Array:
    """Scales a picture: averaging when it shrinks, interpolating when it grows.

    Args:
        image: uint8 (H, W) or (H, W, 3).
        width: width of the result in pixels.
        height: height of the result in pixels.
        enlarging: OpenCV's interpolation flag for growing.

    Returns:
        uint8 (height, width) or (height, width, 3).
    """
    if image.shape[:2] == (height, width):
        return image
    shrinks = width < image.shape[1] and height < image.shape[0]
    how = cv2.INTER_AREA if shrinks else enlarging
    return np.asarray(cv2.resize(image, (width, height), interpolation=how), np.uint8)


def _checked(image: UInt8Array) -> UInt8Array:
    image = np.asarray(image)
    right = image.ndim == 2 or (image.ndim == 3 and image.shape[2] == 3)
    if image.dtype != np.uint8 or not right or image.size == 0:
        raise ValueError(
            f"expected a uint8 picture (H, W) grey or (H, W, 3) RGB, got "
            f"{image.dtype} {image.shape}"
        )
    return image


def _fit(image: UInt8Array, spec: PreprocessSpec) -> UInt8Array:
    """(size, size, channels), from grey or RGB of any size."""
    if spec.channels == 1:
        image = to_grey(image)
    image = _squared(image, spec)
    if image.ndim == 2:
        image = image[:, :, None]
    return np.broadcast_to(image, (spec.size, spec.size, spec.channels))


def _squared(image: UInt8Array, spec: PreprocessSpec) -> UInt8Array:
    """(size, size) or (size, size, 3), in the specification's way."""
    enlarging = ENLARGING[spec.interpolation]
    height, width = image.shape[:2]
    if spec.fit == "crop":
        side = min(height, width)
        image = _middle(image, side, side)
    if spec.fit in ("stretch", "crop"):
        return resize(image, spec.size, spec.size, enlarging)
    scale = spec.scale if spec.fit == "keep-scale" else spec.size / max(height, width)
    if spec.fit == "keep-scale":  # what would be cut is not scaled before
        seen = math.ceil(spec.size / scale)
        image = _middle(image, min(height, seen), min(width, seen))
        height, width = image.shape[:2]
    across, down = (
        min(spec.size, max(1, round(scale * side))) for side in (width, height)
    )
    return _on_canvas(resize(image, across, down, enlarging), spec)


def _middle(image: UInt8Array, height: int, width: int) -> UInt8Array:
    """The middle of a picture that is at least as large."""
    top, left = (image.shape[0] - height) // 2, (image.shape[1] - width) // 2
    return image[top : top + height, left : left + width]


def _on_canvas(image: UInt8Array, spec: PreprocessSpec) -> UInt8Array:
    """A picture that is not larger than the input, in its middle, with borders."""
    height, width = image.shape[:2]
    levels = np.round(255 * np.array(spec.mean)).astype(np.uint8)
    grey = image.ndim == 2
    border = np.uint8(levels.mean()) if grey else np.broadcast_to(levels, 3)
    canvas = np.empty((spec.size, spec.size, *image.shape[2:]), np.uint8)
    canvas[:] = border
    _middle(canvas, height, width)[:] = image
    return canvas
