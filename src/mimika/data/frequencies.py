"""Windows of pictures, and their frequencies: what the search for copies compares.

Taking either is linear and separable: a stack of pictures goes through two matrix
products. The cosine transform (DCT-II, orthonormal) keeps lengths and angles, and
mirroring a picture only changes the sign of its odd columns.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mimika.core.preprocess import FloatArray

FLAT = 1e-3  # shorter vectors than this (in grey levels) hold nothing to compare


def cosines(count: int, side: int) -> FloatArray:
    """The first rows of the orthonormal DCT-II.

    Returns:
        float32 (count, side); the rows are orthogonal and of length 1.
    """
    phase = np.arange(count)[:, None] * (np.arange(side) + 0.5) / side
    rows = np.cos(np.pi * phase) * np.sqrt(2 / side)
    rows[0] /= np.sqrt(2)
    return np.asarray(rows, np.float32)


def band(count: int, least: int, most: int) -> NDArray[np.bool_]:
    """Chooses coefficients by the sum of their vertical and horizontal frequency.

    Returns:
        bool (count, count), true where `least <= row + column <= most`.
    """
    rows, columns = np.indices((count, count))
    chosen: NDArray[np.bool_] = (rows + columns >= least) & (rows + columns <= most)
    return chosen


def mirror_signs(chosen: NDArray[np.bool_]) -> FloatArray:
    """float32 (D,): factors that mirror the chosen coefficients of a picture."""
    odd = np.nonzero(chosen)[1] % 2
    return np.where(odd, np.float32(-1), np.float32(1))


def sampling(centre: ArrayLike, step: ArrayLike, count: int, side: int) -> FloatArray:
    """Linear interpolation at evenly spaced places along one axis.

    Args:
        centre: middle of the places in pixels (the first pixel covers 0..1), any shape.
        step: distance between the places in pixels, of the same shape.
        count: number of places.
        side: length of the axis; places outside take its first or last pixel.

    Returns:
        float32 (..., count, side): times a line of pixels gives its values there.
    """
    middle = np.asarray(centre, np.float32)[..., None]
    offsets = np.arange(count, dtype=np.float32) - np.float32((count - 1) / 2)
    places = middle + np.asarray(step, np.float32)[..., None] * offsets - 0.5
    places = places.clip(0, side - 1)[..., None]
    weights: FloatArray = 1 - np.abs(places - np.arange(side, dtype=np.float32))
    return weights.clip(0)


def unit(vectors: FloatArray) -> FloatArray:
    """float32 (..., D): each vector made of length 1; next to nothing becomes 0."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    result = np.zeros_like(vectors)
    np.divide(vectors, lengths, out=result, where=lengths > FLAT)
    return result
