"""How pictures become squares: what is cut off, and where the rest lies.

Only places and sizes; `core.preprocess` scales the pixels and has the border's colour.
"""

from math import ceil
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Fit = Literal["stretch", "crop", "pad", "keep-scale"]


def cut(image: Pixels, fit: Fit, window: float) -> Pixels:
    """What of a picture can come into the input: all of it, or its middle.

    Cut before it is scaled, so that enlarging a large picture takes no memory.

    Args:
        image: uint8 (H, W) or (H, W, 3).
        fit: how it becomes square.
        window: for `keep-scale`, how many pixels of it the input shows.

    Returns:
        A view of it.
    """
    height, width = image.shape[:2]
    if fit == "crop":
        side = min(height, width)
        top, left = (height - side) // 2, (width - side) // 2
        return image[top : top + side, left : left + side]
    if fit == "keep-scale":
        # As much on either side, so that the middle stays where it is.
        top, left = (_over(side, ceil(window)) for side in (height, width))
        return image[top : height - top, left : width - left]
    return image


def placed(image: Pixels, fit: Fit, size: int, scale: float) -> tuple[int, int]:
    """Width and height of a picture in the input, or just before it is cut there.

    Args:
        image: what `cut` left.
        fit: how it becomes square.
        size: side of the input.
        scale: for `keep-scale`, pixels of the input for each pixel of the picture.
    """
    height, width = image.shape[:2]
    if fit in ("stretch", "crop"):
        return size, size
    factor = scale if fit == "keep-scale" else size / max(height, width)
    return max(1, round(width * factor)), max(1, round(height * factor))


def put_in_middle(image: Pixels, canvas: Pixels) -> None:
    """Puts a picture into the middle of a canvas, and cuts what is over.

    Args:
        image: uint8 (H, W) or (H, W, C).
        canvas: uint8 (S, S, C), which is changed.
    """
    size = canvas.shape[0]
    image = image if image.ndim == 3 else image[:, :, None]
    top, left = (_over(side, size) for side in image.shape[:2])
    image = image[top : top + size, left : left + size]
    height, width = image.shape[:2]
    top, left = (size - height) // 2, (size - width) // 2
    canvas[top : top + height, left : left + width] = image


def _over(length: int, kept: int) -> int:
    """Half of what is too long, rounded down."""
    return max(0, length - kept) // 2
