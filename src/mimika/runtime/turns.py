"""Pictures turned by quarters, and what was found in them turned back."""

import numpy as np

from mimika.core.preprocess import FloatArray, UInt8Array
from mimika.runtime.yunet import Candidates

QUARTERS = (1, 2, 3)  # counter-clockwise


def turned(pixels: UInt8Array, quarters: int) -> UInt8Array:
    """The picture turned counter-clockwise by quarters of a full turn.

    Args:
        pixels: uint8 (H, W, 3).
        quarters: 0 to 3.
    """
    return np.ascontiguousarray(np.rot90(pixels, quarters))


def turned_back(seen: Candidates, quarters: int, width: int, height: int) -> Candidates:
    """What was found in the turned picture, in pixels of the picture as it is.

    Args:
        seen: found in `turned(pixels, quarters)`.
        quarters: 0 to 3.
        width: of the picture as it is.
        height: likewise.
    """
    corners = np.stack([seen.boxes[:, :2], seen.boxes[:, :2] + seen.boxes[:, 2:]], 1)
    ends = _points_back(corners, quarters, width, height)
    low, high = ends.min(axis=1), ends.max(axis=1)
    return Candidates(
        seen.scores,
        np.concatenate([low, high - low], axis=1),
        _points_back(seen.landmarks, quarters, width, height),
        seen.widths,
    )


def _points_back(
    points: FloatArray, quarters: int, width: int, height: int
) -> FloatArray:
    """Points (..., 2) as x, y."""
    x, y = points[..., 0], points[..., 1]
    places = {
        0: (x, y),
        1: (width - y, x),
        2: (width - x, height - y),
        3: (y, height - x),
    }
    return np.stack(places[quarters], axis=-1)
