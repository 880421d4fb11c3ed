"""Test-time augmentation: the mean answer over several views of a picture.

Ten crops as in Krizhevsky, Sutskever and Hinton, "ImageNet Classification with Deep
Convolutional Neural Networks" (2012), section 4.1, here of 44/48 of each side. The
views are fixed, so that the same pictures have the same answers. Crops are cut before
`preprocess` enlarges them, so that no picture is resized twice; turned and shrunk views
are resampled once at the picture's own size.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import cv2
import numpy as np

from mimika.core.errors import ConfigError
from mimika.core.predictor import Predictor
from mimika.core.preprocess import FloatArray, Images, UInt8Array

Kind = Literal["flip", "ten-crop", "rich"]
KINDS: tuple[Kind, ...] = get_args(Kind)
GREY = (128, 128, 128)  # beyond the edges, as augmentation fills them
TEN_CROP_SIDE = 44 / 48

Change = Callable[[UInt8Array], UInt8Array]


@dataclass(frozen=True)
class Crop:
    """Cuts out a part of the same proportions.

    Attributes:
        side: its height and width as a share of the picture's, 0..1.
        across: where it lies, 0 at the left, 1 at the right.
        down: 0 at the top, 1 at the bottom.
    """

    side: float
    across: float
    down: float

    def __call__(self, image: UInt8Array) -> UInt8Array:
        """From uint8 (H, W) or (H, W, 3) to a smaller one; at least one pixel."""
        height, width = (max(1, round(self.side * s)) for s in image.shape[:2])
        top = round(self.down * (image.shape[0] - height))
        left = round(self.across * (image.shape[1] - width))
        return image[top : top + height, left : left + width]


@dataclass(frozen=True)
class Turn:
    """Turns and scales about the centre, in the picture's own size.

    Attributes:
        degrees: anticlockwise as seen.
        scale: under 1 the picture shrinks, and grey shows around it.
    """

    degrees: float = 0.0
    scale: float = 1.0

    def __call__(self, image: UInt8Array) -> UInt8Array:
        """From uint8 (H, W) or (H, W, 3) to the same shape."""
        height, width = image.shape[:2]
        centre = ((width - 1) / 2, (height - 1) / 2)
        matrix = cv2.getRotationMatrix2D(centre, self.degrees, self.scale)
        turned = cv2.warpAffine(
            image,
            matrix,
            (width, height),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=GREY,
        )
        return np.asarray(turned, np.uint8)


WHOLE = Crop(1, 0, 0)
CORNERS_AND_CENTRE = tuple(
    Crop(TEN_CROP_SIDE, across, down)
    for across, down in ((0, 0), (1, 0), (0, 1), (1, 1), (0.5, 0.5))
)
# each is looked at as it is and mirrored
CHANGES: dict[Kind, tuple[Change, ...]] = {
    "flip": (WHOLE,),
    "ten-crop": CORNERS_AND_CENTRE,
    "rich": (
        WHOLE,
        *CORNERS_AND_CENTRE,
        Crop(40 / 48, 0.5, 0.5),
        Turn(scale=0.92),
        *(Turn(degrees) for degrees in (-8, -4, 4, 8)),
    ),
}


def tta(
    predictor: Predictor,
    images: Images,
    kind: Kind,
    progress: Callable[[float], None] | None = None,
) -> FloatArray:
    """Mean probabilities over the views of each picture.

    Args:
        predictor: the model.
        images: uint8 (N, H, W) grey or (N, H, W, 3) RGB, 0..255, of any size; or a
            sequence of pictures of different sizes.
        kind: `flip`: the picture and its mirror image (2 views); `ten-crop`: four
            corners and the centre, each mirrored too (10); `rich`: these, the whole
            picture, a closer and a wider one and small turns, each mirrored too (24).
        progress: called with the share of the work that is done, 0..1.

    Returns:
        float32 (N, K), each row sums to 1.

    Raises:
        ConfigError: no such kind.
        ValueError: a picture has another dtype or shape.
    """
    if kind not in CHANGES:
        raise ConfigError(f"views {kind!r}; expected one of {', '.join(KINDS)}")
    total = np.zeros((len(images), len(predictor.card.labels)))
    for done, change in enumerate(CHANGES[kind], start=1):
        views = [change(image) for image in images]
        total += predictor.predict(views)
        total += predictor.predict([mirrored(view) for view in views])
        if progress is not None:
            progress(done / len(CHANGES[kind]))
    return np.asarray(total / views_of(kind), np.float32)


def views_of(kind: Kind) -> int:
    """How many views of each picture are looked at."""
    return 2 * len(CHANGES[kind])


def mirrored(image: UInt8Array) -> UInt8Array:
    """Left and right exchanged: uint8 (H, W) or (H, W, 3)."""
    return image[:, ::-1]
