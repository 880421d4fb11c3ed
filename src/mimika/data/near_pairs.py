"""Pairs of pictures whose pixels correlate, as they stand or with one mirrored.

Finds exactly the pairs that comparing all with all finds, in a tenth of the work. A
picture, made of mean 0 and length 1, is cut into its low frequencies and the rest. By
Cauchy and Schwarz the correlation of two pictures is at most the product of their low
frequencies plus the product of the lengths of their rests. What stays under the
threshold by that bound is ruled out; the few others are compared pixel by pixel.
Checked against comparing all with all on FER2013: the same pairs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mimika.core.errors import DataError
from mimika.core.preprocess import FloatArray, UInt8Array
from mimika.data.frequencies import band, cosines, mirror_signs
from mimika.data.rows import TILE, Progress, for_each_row

FREQUENCIES = 16  # of each axis; 135 low frequencies in a triangle
ROUNDING = 1e-5  # of float32 products of vectors of length 1
PIXELS_AT_ONCE = 1 << 22
MOST_PAIRS = 1_000_000  # of near-copies; more is no list to look at


@dataclass(frozen=True)
class NearPairs:
    """Pairs of similar pictures.

    Attributes:
        pairs: int64 (P, 2), positions, the first smaller than the second.
        similarity: float32 (P,), their correlation.
        kinds: str (P,), `same`, `mirrored` or `shifted`.
    """

    pairs: NDArray[np.int64]
    similarity: FloatArray
    kinds: NDArray[np.str_]


def aligned_pairs(
    images: UInt8Array, threshold: float, progress: Progress
) -> NearPairs:
    """Every pair that correlates at more than the threshold, mirrored or not.

    Args:
        images: uint8 (N, H, W), grey, 0..255, none of a single value.
        threshold: correlation, 0..1.
        progress: called with the share that is done, 0..1.

    Raises:
        DataError: more than `MOST_PAIRS`.
    """
    vectors, signs = _bounding_vectors(images)
    found: list[NDArray[np.int64]] = [np.empty((0, 2), np.int64)]

    def take(possible: NDArray[np.int64]) -> None:
        found.append(possible)
        check_count(found, threshold)

    for_each_row(
        len(images),
        lambda row: _possible_pairs(vectors, signs, row, threshold),
        take,
        progress,
    )
    pairs = np.concatenate(found)
    same, mirrored = correlations(images, pairs)
    best = np.maximum(same, mirrored)
    kept = best > threshold
    kinds = np.where(mirrored > same, "mirrored", "same")
    return NearPairs(pairs[kept], best[kept].astype(np.float32), kinds[kept])


def correlations(
    images: UInt8Array, pairs: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Correlation of the pixels of each pair, and with the second one mirrored.

    Args:
        images: uint8 (N, H, W), none of a single value.
        pairs: int64 (P, 2), positions.

    Returns:
        Twice float64 (P,), -1..1.
    """
    same, mirrored = np.empty((2, len(pairs)))
    at_once = max(1, PIXELS_AT_ONCE // max(1, images[:1].size))
    for start in range(0, len(pairs), at_once):
        part = slice(start, start + at_once)
        first, second = (_standard(images[pairs[part, side]]) for side in (0, 1))
        same[part] = np.einsum("phw,phw->p", first, second)
        mirrored[part] = np.einsum("phw,phw->p", first, second[:, :, ::-1])
    return same, mirrored


def check_count(found: Sequence[NDArray[np.generic]], threshold: float) -> None:
    """Stops a search that finds that everything is like everything.

    Raises:
        DataError: more than `MOST_PAIRS`.
    """
    if sum(map(len, found)) > MOST_PAIRS:
        raise DataError(
            f"more than {MOST_PAIRS:,} pairs of pictures correlate at over "
            f"{threshold:g}: most of them look alike, as the frames of a film do; take "
            "fewer of them, or set a higher threshold"
        )


def _possible_pairs(
    vectors: FloatArray, signs: FloatArray, row: int, threshold: float
) -> NDArray[np.int64]:
    """int64 (P, 2): pairs of a row of tiles that the bound does not rule out."""
    bound = threshold - ROUNDING
    products = np.empty((TILE, TILE), np.float32)
    left = vectors[row : row + TILE]
    found: list[NDArray[np.int64]] = []
    for column in range(row, len(vectors), TILE):
        right = vectors[column : column + TILE]
        tile = products[: len(left), : len(right)]
        possible = np.matmul(left, right.T, out=tile) > bound
        possible |= np.matmul(left * signs, right.T, out=tile) > bound
        first, second = np.divmod(np.flatnonzero(possible), len(right))
        pairs = np.stack([first + row, second + column], axis=1)
        found.append(pairs[pairs[:, 0] < pairs[:, 1]])
        check_count(found, threshold)
    return np.concatenate(found)


def _bounding_vectors(images: UInt8Array) -> tuple[FloatArray, FloatArray]:
    """Vectors whose products are never less than the correlations of the pictures.

    Returns:
        float32 (N, D): low frequencies and, last, the length of the rest; float32
        (D,): factors that mirror the pictures.
    """
    height, width = images.shape[1:]
    count = min(FREQUENCIES, height, width)
    vertical, horizontal = cosines(count, height), cosines(count, width)
    chosen = band(count, 1, count - 1)
    vectors = np.empty((len(images), chosen.sum() + 1), np.float32)
    at_once = max(1, PIXELS_AT_ONCE // (height * width))
    for start in range(0, len(images), at_once):
        part = slice(start, start + at_once)
        pixels = _standard(images[part]).astype(np.float32)
        low = (vertical @ pixels @ horizontal.T)[:, chosen]
        vectors[part, :-1] = low
        rest = 1 - np.einsum("nd,nd->n", low, low)
        vectors[part, -1] = np.sqrt(rest.clip(0))
    return vectors, np.append(mirror_signs(chosen), np.float32(1))


def _standard(images: UInt8Array) -> NDArray[np.float64]:
    """float64 (N, H, W) of mean 0 and length 1 each."""
    pixels = images.astype(np.float64)
    pixels -= pixels.mean(axis=(1, 2), keepdims=True)
    pixels /= np.sqrt(np.einsum("nhw,nhw->n", pixels, pixels))[:, None, None]
    return pixels
