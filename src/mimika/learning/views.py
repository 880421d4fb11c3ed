"""The views in which a picture is learned from: as it is, mirrored, and drawn ones.

Every view follows from the picture's own digest and the view's number, so that what is
computed from it can be kept. Sizes in pixels stay where the size is what matters.
"""

import math

import cv2
import numpy as np

from mimika.core.preprocess import UInt8Array

PLAIN, MIRRORED = 0, 1
TURN_DEGREES = 15.0
ZOOM = (0.8, 1.25)
SHIFT = 0.08  # of the sides
TONE = 0.2  # contrast and brightness


def view_of(
    pixels: UInt8Array, number: int, digest: bytes, *, keep_scale: bool
) -> UInt8Array:
    """One view of a picture.

    Args:
        pixels: uint8 (H, W, 3), RGB.
        number: 0 as it is, 1 mirrored, others drawn, every second one mirrored.
        digest: of the picture, at least 8 bytes; seeds what is drawn.
        keep_scale: neither enlarge nor reduce anything.

    Returns:
        uint8 (H, W, 3).
    """
    if number % 2 == MIRRORED:
        pixels = pixels[:, ::-1]
    if number > MIRRORED:
        rng = np.random.default_rng([number, int.from_bytes(digest[:8], "big")])
        pixels = _toned(_moved(pixels, rng, keep_scale=keep_scale), rng)
    return np.ascontiguousarray(pixels)


def _moved(
    pixels: UInt8Array, rng: np.random.Generator, *, keep_scale: bool
) -> UInt8Array:
    """Turned, shifted and, where that is allowed, zoomed; edges are reflected."""
    height, width = pixels.shape[:2]
    low, high = (math.log(end) for end in ZOOM)
    zoom = 1.0 if keep_scale else math.exp(rng.uniform(low, high))
    turn = rng.uniform(-TURN_DEGREES, TURN_DEGREES)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), turn, zoom)
    moves = rng.uniform(-SHIFT, SHIFT, 2) * (width, height)
    matrix = matrix + np.stack([np.zeros(2), np.zeros(2), moves], axis=1)
    moved = cv2.warpAffine(
        pixels,
        matrix,
        (width, height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REFLECT_101,
    )
    return np.asarray(moved, np.uint8)


def _toned(pixels: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    gain = 1 + rng.uniform(-TONE, TONE)
    offset = 255 * rng.uniform(-TONE, TONE) / 2
    middle = float(pixels.mean())
    changed = (pixels.astype(np.float32) - middle) * gain + middle + offset
    return np.asarray(changed.clip(0, 255), np.uint8)
