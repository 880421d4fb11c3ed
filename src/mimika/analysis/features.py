"""Numbers that describe a picture's shapes, for quick models and for distances.

Histograms of oriented gradients: Dalal and Triggs (2005), section 6, with 8 unsigned
directions, cells of 6 x 6 pixels and overlapping blocks of 2 x 2 cells, then reduced by
principal components that are fitted on a sample. OpenCV's own, which is made for
pedestrians, takes no picture under one window; this is arrays in, arrays out.
"""

from collections.abc import Callable

import cv2
import numpy as np
from sklearn.decomposition import PCA

from mimika.core.preprocess import FloatArray, UInt8Array, resize

SIDE_PX, CELL_PX, DIRECTIONS = 48, 6, 8
CLIPPED = 0.3  # no direction of a block counts for more: one strong edge is not all
FLAT = 100.0  # added to a block's energy, so that noise on flat ground stays small
COMPONENTS = 192
FITTED_ON = 5000  # pictures
CHUNK = 512


def describe_pictures(
    images: UInt8Array, seed: int, progress: Callable[[float], None]
) -> FloatArray:
    """Principal components of the histograms of oriented gradients.

    Args:
        images: uint8 (N, H, W), grey.
        seed: chooses the pictures that the components are fitted on.
        progress: called with the share that is done.

    Returns:
        float32 (N, D), D at most 192, of unit variance in all.
    """
    if len(images) < 2:  # one picture has no components
        progress(1.0)
        return np.zeros((len(images), 1), np.float32)
    rng = np.random.default_rng(seed)
    sample = np.sort(rng.permutation(len(images))[:FITTED_ON])
    fitted = np.concatenate([oriented_gradients(c) for c in _chunks(images[sample])])
    width = min(COMPONENTS, *fitted.shape)
    components = PCA(width, svd_solver="randomized", random_state=seed).fit(fitted)
    scale = np.sqrt(max(components.explained_variance_.sum(), 1e-12))
    parts = []
    for chunk in _chunks(images):
        parts.append(components.transform(oriented_gradients(chunk)) / scale)
        progress(min(1.0, len(parts) * CHUNK / len(images)))
    return np.concatenate(parts).astype(np.float32)


def oriented_gradients(images: UInt8Array) -> FloatArray:
    """Histograms of oriented gradients: float32 (N, 1568) of uint8 (N, H, W) grey."""
    if images.shape[1:] != (SIDE_PX, SIDE_PX):
        images = np.stack([_resized(image) for image in images])
    size, direction = _gradients(images.astype(np.float32))
    lower = direction.astype(np.int64)
    rest = direction - lower
    cells = SIDE_PX // CELL_PX
    votes = np.empty((len(images), cells, cells, DIRECTIONS), np.float32)
    for number in range(DIRECTIONS):
        # a gradient between two directions counts for both
        share = np.where(lower % DIRECTIONS == number, 1 - rest, 0)
        share += np.where((lower + 1) % DIRECTIONS == number, rest, 0)
        weighted = (size * share).reshape(-1, cells, CELL_PX, cells, CELL_PX)
        votes[..., number] = weighted.sum(axis=(2, 4))
    return _blocks(votes)


def _gradients(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Size and direction, 0..DIRECTIONS, float32 (N, 48, 48)."""
    across, down = np.zeros_like(x), np.zeros_like(x)
    across[:, :, 1:-1] = x[:, :, 2:] - x[:, :, :-2]
    down[:, 1:-1] = x[:, 2:] - x[:, :-2]
    size, angle = cv2.cartToPolar(
        across.reshape(-1, SIDE_PX), down.reshape(-1, SIDE_PX)
    )
    direction = np.mod(np.asarray(angle), np.pi) * (DIRECTIONS / np.pi)
    shape = x.shape
    return (
        np.asarray(size, np.float32).reshape(shape),
        direction.astype(np.float32).reshape(shape),
    )


def _blocks(votes: FloatArray) -> FloatArray:
    corners = [
        votes[:, :-1, :-1],
        votes[:, 1:, :-1],
        votes[:, :-1, 1:],
        votes[:, 1:, 1:],
    ]
    blocks = np.concatenate(corners, axis=-1)
    blocks /= np.sqrt((blocks**2).sum(axis=-1, keepdims=True) + FLAT)
    return np.minimum(blocks, CLIPPED).reshape(len(votes), -1)


def _resized(image: UInt8Array) -> UInt8Array:
    return resize(image, SIDE_PX, SIDE_PX, cv2.INTER_LINEAR)


def _chunks(images: UInt8Array) -> list[UInt8Array]:
    return [images[start : start + CHUNK] for start in range(0, len(images), CHUNK)]
