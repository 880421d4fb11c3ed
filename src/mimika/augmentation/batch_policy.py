"""Policies in batched form: for data sets that fit into the memory of the device.

The whole data set lies there as uint8; a batch is an index into it, changed by the
functions of `batched`. The same policies draw from the same ranges as for single
pictures, with these differences: neighbouring geometric transforms are one resampling
instead of one each, shifts are not rounded to whole pixels, and grey values not to
whole numbers. The random numbers are others. Checked against albumentations'
transforms, one by one, at fixed parameters.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from mimika.augmentation.batched import (
    blur_batch,
    erase_batch,
    gamma_batch,
    perspective_batch,
    tone_batch,
)
from mimika.augmentation.draws import uniform
from mimika.augmentation.geometry import (
    affine_matrices,
    crop_matrices,
    perspective_matrices,
)
from mimika.augmentation.policies import Policy
from mimika.augmentation.transforms import FILL, Step
from mimika.core.errors import ConfigError

GREY = FILL / 255
NO_BLUR = 0.1  # pixels: a deviation that changes nothing
FURTHEST_CORNER = 0.32  # share of the side; as albumentations has it

# Random numbers that a transform needs for a picture, besides the one that decides.
NUMBERS: dict[str, int] = {
    "HorizontalFlip": 0,
    "VerticalFlip": 0,
    "Affine": 6,
    "Perspective": 9,
    "RandomResizedCrop": 4,
    "RandomBrightnessContrast": 2,
    "RandomGamma": 1,
    "GaussianBlur": 1,
    "GaussNoise": 1,  # and one for each pixel
    "CoarseDropout": 1,  # and four for each hole
}


class BatchAugmenter:
    """Changes batches of pictures; holds no random state."""

    def __init__(self, policy: Policy) -> None:
        """Checks that each transform has a batched form.

        Raises:
            ConfigError: one has none; the message names all that have none.
        """
        missing = sorted({step.name for step in policy.steps} - NUMBERS.keys())
        if missing:
            raise ConfigError(
                f"augmentation {policy.name!r}: no batched form of "
                f"{', '.join(missing)}; leave that out, or augment picture by picture. "
                f"There are batched forms of {', '.join(NUMBERS)}"
            )
        self.policy = policy

    def __call__(
        self, images: Tensor, rows: Tensor, *, seed: int, epoch: int
    ) -> Tensor:
        """Changed copies of pictures.

        Args:
            images: uint8 (B, C, S, S), grey or repeated grey, 0..255.
            rows: int64 (B,), their numbers in the data set, on the same device.
            seed: seed of the run, 0..2**32 - 1.
            epoch: number of the epoch, 0..2**32 - 1.

        Returns:
            float32 (B, C, S, S), 0..1, not normalised. What a picture becomes does not
            depend on the others in its batch.

        Raises:
            ValueError: pictures of another form, or a number out of range.
        """
        _check(images, rows)
        pixels = images.shape[-1] ** 2
        steps = self.policy.steps
        sizes = [_numbers_of(step, pixels) for step in steps]
        # One call for all transforms: on a GPU it costs a hundred small kernels.
        numbers = uniform(rows, sum(sizes), seed=seed, epoch=epoch)
        changed = images.to(torch.float32) / 255
        waiting: list[tuple[Step, Tensor]] = []
        for step, drawn in zip(steps, torch.split(numbers, sizes, dim=1), strict=True):
            if step.name in MATRICES:
                waiting.append((step, drawn))
                continue
            changed = _warped(changed, waiting)
            waiting = []
            changed = CHANGES[step.name](changed, step, drawn)
        return _warped(changed, waiting)


def _check(images: Tensor, rows: Tensor) -> None:
    is_square = images.ndim == 4 and images.shape[2] == images.shape[3]
    if images.dtype != torch.uint8 or not is_square or rows.shape != images.shape[:1]:
        raise ValueError(
            f"expected uint8 pictures (B, C, S, S) and rows (B,), got {images.dtype} "
            f"{tuple(images.shape)} and {tuple(rows.shape)}"
        )


def _numbers_of(step: Step, pixels: int) -> int:
    """How many random numbers a picture needs."""
    count = 1 + NUMBERS[step.name]
    if step.name == "CoarseDropout":
        count += 4 * int(step.pair("num_holes_range")[1])
    if step.name == "GaussNoise":
        count += pixels + pixels % 2  # the normal distribution makes them in pairs
    return count


def _warped(images: Tensor, changes: list[tuple[Step, Tensor]]) -> Tensor:
    """All geometric changes in one resampling."""
    if not changes:
        return images
    same = torch.eye(3, device=images.device)
    total = same
    for step, drawn in changes:
        matrices = MATRICES[step.name](step, drawn[:, 1:], images.shape[-1])
        total = total @ torch.where(_turn(step, drawn)[..., None], matrices, same)
    # also for affine changes: on a CPU it takes a third of the time of `affine_batch`
    return perspective_batch(images, total, GREY)


def _turn(step: Step, drawn: Tensor) -> Tensor:
    """Whose turn it is: bool (B, 1)."""
    return drawn[:, :1] < step.p


def _between(step: Step, parameter: str, numbers: Tensor) -> Tensor:
    """Numbers in 0..1, spread over a parameter's range."""
    low, high = step.pair(parameter)
    return low + (high - low) * numbers


def _normal(numbers: Tensor) -> Tensor:
    """Normal numbers from an even number of uniform ones (Box and Muller, 1958)."""
    first, second = numbers.chunk(2, dim=1)
    radius = torch.sqrt(-2 * torch.log1p(-first))
    angle = 2 * math.pi * second
    return torch.cat([radius * torch.cos(angle), radius * torch.sin(angle)], dim=1)


def _affine(step: Step, numbers: Tensor, _side: int) -> Tensor:
    return affine_matrices(
        _between(step, "rotate", numbers[:, 0]),
        _between(step, "scale", numbers[:, 1]),
        _between(step, "translate_percent", numbers[:, 2:4]),
        _between(step, "shear", numbers[:, 4:6]),
    )


def _perspective(step: Step, numbers: Tensor, _side: int) -> Tensor:
    deviation = _between(step, "scale", numbers[:, :1])
    jitter = (deviation * _normal(numbers[:, 1:])).abs() % FURTHEST_CORNER
    return perspective_matrices(jitter.reshape(-1, 4, 2))


def _crop(step: Step, numbers: Tensor, side: int) -> Tensor:
    area = _between(step, "scale", numbers[:, 0])
    low, high = (math.log(value) for value in step.pair("ratio"))
    ratio = torch.exp(low + (high - low) * numbers[:, 1])
    share = torch.stack([area * ratio, area / ratio], dim=1).sqrt()
    size = torch.round(side * share).clamp(max=side)
    corner = torch.floor((side - size + 1) * numbers[:, 2:4])
    return crop_matrices(size / side, corner / side)


def _flip_columns(images: Tensor, step: Step, drawn: Tensor) -> Tensor:
    return torch.where(_turn(step, drawn)[..., None, None], images.flip(3), images)


def _flip_rows(images: Tensor, step: Step, drawn: Tensor) -> Tensor:
    return torch.where(_turn(step, drawn)[..., None, None], images.flip(2), images)


def _tone(images: Tensor, step: Step, drawn: Tensor) -> Tensor:
    turn = _turn(step, drawn)[:, 0]
    contrast = _between(step, "contrast_limit", drawn[:, 1])
    brightness = _between(step, "brightness_limit", drawn[:, 2])
    return tone_batch(images, 1 + contrast * turn, brightness * turn).clamp(0, 1)


def _gamma(images: Tensor, step: Step, drawn: Tensor) -> Tensor:
    gamma = _between(step, "gamma_limit", drawn[:, 1]) / 100
    gamma = torch.where(_turn(step, drawn)[:, 0], gamma, 1.0)
    # resampling may leave values a rounding error below 0
    return gamma_batch(images.clamp(0, 1), gamma)


def _blur(images: Tensor, step: Step, drawn: Tensor) -> Tensor:
    sigma = _between(step, "sigma_limit", drawn[:, 1])
    sigma = torch.where(_turn(step, drawn)[:, 0], sigma, NO_BLUR)
    return blur_batch(images, sigma, step.pair("sigma_limit")[1])


def _noise(images: Tensor, step: Step, drawn: Tensor) -> Tensor:
    deviation = _between(step, "std_range", drawn[:, 1:2]) * _turn(step, drawn)
    height, width = images.shape[-2:]
    noise = deviation * _normal(drawn[:, 2:])[:, : height * width]
    return (images + noise.reshape(-1, 1, height, width)).clamp(0, 1)


def _holes(images: Tensor, step: Step, drawn: Tensor) -> Tensor:
    fewest, most = (int(value) for value in step.pair("num_holes_range"))
    side = images.shape[-1]
    holes = fewest + torch.floor((most - fewest + 1) * drawn[:, 1])
    turn = _turn(step, drawn)[:, 0]
    for number, of_hole in enumerate(torch.split(drawn[:, 2:], 4, dim=1)):
        height = _between(step, "hole_height_range", of_hole[:, :1])
        width = _between(step, "hole_width_range", of_hole[:, 1:2])
        # whole pixels, wholly inside of the picture
        size = torch.floor(side * torch.cat([height, width], dim=1))
        start = torch.floor((side - size + 1) * of_hole[:, 2:])
        centre, chosen = (start + size / 2) / side, turn & (number < holes)
        images = erase_batch(images, centre, size / side, chosen, GREY)
    return images


MATRICES: dict[str, Callable[[Step, Tensor, int], Tensor]] = {
    "Affine": _affine,
    "Perspective": _perspective,
    "RandomResizedCrop": _crop,
}
CHANGES: dict[str, Callable[[Tensor, Step, Tensor], Tensor]] = {
    "HorizontalFlip": _flip_columns,
    "VerticalFlip": _flip_rows,
    "RandomBrightnessContrast": _tone,
    "RandomGamma": _gamma,
    "GaussianBlur": _blur,
    "GaussNoise": _noise,
    "CoarseDropout": _holes,
}
