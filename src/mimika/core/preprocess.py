"""The one way from pixels to a network's input.

Training, validation, evaluation, export parity and the runtime all call `preprocess`,
with the `PreprocessSpec` that is stored with the model, so that a model never sees
other numbers in production than it was judged on.
"""

from collections.abc import Sequence
from typing import Any, Literal, Self

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
)

from mimika.core.fitting import Fit, cut, placed, put_in_middle

UInt8Array = NDArray[np.uint8]
FloatArray = NDArray[np.float32]
Images = UInt8Array | Sequence[UInt8Array]

Interpolation = Literal["nearest", "bilinear", "bicubic", "lanczos"]

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
        fit: how a picture that is not square becomes square. `stretch` scales each side
            by itself. `crop` takes the largest square in the middle. `pad` takes all
            of it and fills the rest. `keep-scale` multiplies every picture by the same
            `scale`, puts its middle in the middle of the input, cuts what is over and
            fills what is missing, so that a large thing stays larger than a small one.
            What is filled has the mean colour, which is 0 once it is normalised.
        scale: pixels of the input for each pixel of the picture; `keep-scale` only.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    size: int = Field(ge=8, le=1024)
    channels: Literal[1, 3]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    interpolation: Interpolation = "bilinear"
    fit: Fit = "stretch"
    scale: float = Field(default=1.0, gt=0, le=64)

    def model_post_init(self, _context: object) -> None:
        """Checks what no field can check alone.

        Raises:
            ValueError: mean and std have not one value for each channel, a deviation
                is not positive, or there is a scale that nothing would use.
        """
        if not len(self.mean) == len(self.std) == self.channels:
            raise ValueError(
                f"mean and std need {self.channels} values each, one a channel; "
                f"got {len(self.mean)} and {len(self.std)}"
            )
        if min(self.std) <= 0:
            raise ValueError(f"std must be positive, got {self.std}")
        if self.scale != 1 and self.fit != "keep-scale":
            raise ValueError(
                f"scale = {self.scale:g} needs fit = 'keep-scale', got {self.fit!r}; "
                "leave it out, or keep the scale"
            )

    @model_serializer(mode="wrap")
    def _without_unused(self, whole: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Names `fit` and `scale` where they say something.

        Cards of models that stretch stay as they were before there was a choice, and
        versions from then can read them.
        """
        fields: dict[str, Any] = whole(self)
        if self.fit == "stretch":
            fields.pop("fit", None)
        if self.fit != "keep-scale":
            fields.pop("scale", None)
        return fields

    def of_fitted(self) -> Self:
        """The specification for pictures that have been through `fitted` before."""
        return self.model_copy(update={"fit": "stretch", "scale": 1.0})


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
    image = cut(image, spec.fit, spec.size / spec.scale)
    width, height = placed(image, spec.fit, spec.size, spec.scale)
    image = resize(image, width, height, ENLARGING[spec.interpolation])
    # One value fills three channels, as in the crops of a grey model that are shown.
    mean = np.rint(255 * np.array(spec.mean[: spec.channels])).clip(0, 255)
    canvas = np.empty((spec.size, spec.size, spec.channels), np.uint8)
    canvas[:] = mean
    put_in_middle(image, canvas)
    return canvas
