"""Policies for single pictures: the one door to albumentations 2.0.8.

Every random number comes from one Philox stream (Salmon et al., "Parallel Random
Numbers: As Easy as 1, 2, 3", 2011) whose key is (seed, epoch) and whose counter begins
at the row of the picture. So a picture depends on these three numbers alone: not on the
number of workers, the order, or what was changed before.

Not by `Compose.set_random_seed`: it gives every transform the same seed, so that those
with the same probability are always done together (with `flips`, 200 of 400 seeds turn
a picture upside down and mirror it, and not one does only one of them), and it takes
40 % of the time of a whole policy. Placing a counter takes a microsecond.
"""

import os
import random
import warnings
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import cv2
import numpy as np

from mimika.augmentation.transforms import FILL, Step
from mimika.core.errors import ConfigError
from mimika.core.extras import how_to_install
from mimika.core.preprocess import UInt8Array

LIMIT = 2**32  # seed, epoch and row stay below it, as in the batched form

# What is not in a policy, because there is one right value for faces of 48 px.
FIXED: dict[str, dict[str, Any]] = {
    # x and y keep their ratio: wide faces are other faces
    "Affine": {"fill": FILL, "keep_ratio": True},
    # without `fit_output` version 2.0.8 zooms twice and moves faces off the centre
    "Perspective": {"fill": FILL, "fit_output": True},
    "CLAHE": {"tile_grid_size": (4, 4)},
    "GaussianBlur": {"blur_limit": 0},  # as wide as the deviation needs
    "Downscale": {
        "interpolation_pair": {"downscale": cv2.INTER_AREA, "upscale": cv2.INTER_LINEAR}
    },
    "CoarseDropout": {"fill": FILL},
}


class Compose(Protocol):
    """What is used of albumentations' class of that name, which has no types."""

    def set_random_state(
        self, random_generator: np.random.Generator, py_random: random.Random
    ) -> None:
        """Draws all numbers from these from now on."""

    def __call__(self, *, image: UInt8Array) -> dict[str, Any]:
        """The changed picture under `image`."""


class Augmenter:
    """Changes pictures one by one.

    It holds a random state: give each thread its own. It can be sent to the workers of
    a `DataLoader`, forked or spawned.
    """

    def __init__(self, steps: Sequence[Step], size: int) -> None:
        """Builds the transforms.

        Args:
            steps: what is done, in this order.
            size: height and width of the pictures in pixels.

        Raises:
            ConfigError: albumentations is missing or refuses a transform.
        """
        self.steps = tuple(steps)
        self.size = size
        self._generator = np.random.Generator(np.random.Philox(key=[0, 0]))
        self._start: Any = self._generator.bit_generator.state
        self._compose = _compose(self.steps, size)
        if self._compose is not None:
            numbers = _PythonNumbers(self._generator)
            self._compose.set_random_state(self._generator, numbers)

    def __call__(
        self, image: UInt8Array, *, seed: int, epoch: int, row: int
    ) -> UInt8Array:
        """A changed copy of a picture.

        Args:
            image: uint8 (size, size) grey, 0..255.
            seed: seed of the run, 0..2**32 - 1.
            epoch: number of the epoch, 0..2**32 - 1.
            row: number of the picture in its data set, 0..2**32 - 1.

        Returns:
            uint8 (size, size), always the same for the same picture and numbers.

        Raises:
            ValueError: a picture of another form, or a number out of range.
        """
        self._check(image, (seed, epoch, row))
        if self._compose is None:
            return image.copy()
        state = self._start["state"]
        state["key"][:] = seed, epoch
        state["counter"][2] = row
        self._generator.bit_generator.state = self._start
        changed: UInt8Array = self._compose(image=image)["image"]
        # the picture itself comes back where no transform had its turn
        return image.copy() if changed is image else changed

    def __reduce__(self) -> tuple[Any, ...]:
        """Built anew in another process: generators are shared inside."""
        return Augmenter, (self.steps, self.size)

    def _check(self, image: UInt8Array, numbers: tuple[int, int, int]) -> None:
        if image.dtype != np.uint8 or image.shape != (self.size, self.size):
            raise ValueError(
                f"expected a uint8 picture ({self.size}, {self.size}), got "
                f"{image.dtype} {image.shape}"
            )
        if not all(0 <= number < LIMIT for number in numbers):
            raise ValueError(
                f"expected seed, epoch and row in 0..{LIMIT - 1}, got {numbers}"
            )


class _PythonNumbers(random.Random):
    """Python's random methods on numbers from numpy's stream.

    albumentations draws from both; here they are one, placed by one counter.
    """

    def __init__(self, generator: np.random.Generator) -> None:
        super().__init__(0)
        self._generator = generator

    def random(self) -> float:
        return self._generator.random()

    def getrandbits(self, k: int, /) -> int:
        surplus = -k % 8
        drawn = self._generator.bytes((k + surplus) // 8)
        return int.from_bytes(drawn, "little") >> surplus


def _compose(steps: Sequence[Step], size: int) -> Compose | None:
    """The transforms of albumentations; None where there is nothing to do."""
    if not steps:
        return None
    library = _albumentations()
    constructors: dict[str, Callable[..., Any]] = {
        step.name: getattr(library, step.name) for step in steps
    }
    try:
        with warnings.catch_warnings():
            # What it only warns about, it would silently do otherwise.
            warnings.simplefilter("error")
            made = [
                constructors[step.name](**_arguments(step, size), strict=True)
                for step in steps
            ]
            compose: Compose = library.Compose(made, strict=True)
            return compose
    except (ValueError, TypeError, Warning) as error:
        raise ConfigError(
            f"albumentations {library.__version__} refuses a transform ({error}); "
            "mimika is made for version 2.0.8"
        ) from error


def _arguments(step: Step, size: int) -> dict[str, Any]:
    given: dict[str, Any] = {"p": step.p, **dict(step.ranges)}
    if step.name == "RandomResizedCrop":
        given["size"] = (size, size)
    return given | FIXED.get(step.name, {})


def _albumentations() -> Any:
    """The library, imported when it is first needed: that takes seconds."""
    # Without it, importing asks a server whether there is a newer version.
    os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")
    try:
        import albumentations
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"augmentation needs the package {error.name!r}, which is not installed; "
            f"{how_to_install('train')}"
        ) from error
    return albumentations
