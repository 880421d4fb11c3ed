"""Pictures in which faces lie as cameras show them: everywhere, at any size, tilted.

All of them are drawn from a seed around faces that the caller has.
"""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from mimika.core.preprocess import UInt8Array

SIZES = ((640, 480), (320, 240), (641, 359), (480, 640), (255, 301), (1280, 720))
TILTS = (0, 0, 0, 7, -14, 22, -33, 48)  # degrees


def scenes(faces: Sequence[UInt8Array], count: int, seed: int) -> Iterator[UInt8Array]:
    """Scenes with one to three of the faces each.

    Args:
        faces: uint8 (S, S, 3), RGB; each is used several times.
        count: how many scenes.
        seed: of everything that is drawn.

    Yields:
        uint8 (H, W, 3), RGB.
    """
    rng = np.random.default_rng(seed)
    for number in range(count):
        width, height = SIZES[number % len(SIZES)]
        scene = _background(width, height, rng)
        for column in range(1 + number % 3):
            face = faces[int(rng.integers(len(faces)))]
            _place(scene, face, (column + 0.5) / (1 + number % 3), rng)
        yield scene


def _background(width: int, height: int, rng: np.random.Generator) -> UInt8Array:
    """A soft pattern in colours, with a little noise."""
    coarse = rng.integers(40, 216, (5, 6, 3)).astype(np.uint8)
    soft = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    noise = rng.normal(0, 6, soft.shape)
    return (soft + noise).clip(0, 255).astype(np.uint8)


def _place(
    scene: UInt8Array, face: UInt8Array, across: float, rng: np.random.Generator
) -> None:
    """Sets a face into a scene, tinted and tilted; it may leave the scene."""
    height, width = scene.shape[:2]
    side = float(rng.uniform(0.2, 0.75)) * min(height, width)
    tilt = float(rng.choice(TILTS))
    scale = side / face.shape[0]
    middle = (face.shape[1] / 2, face.shape[0] / 2)
    matrix = cv2.getRotationMatrix2D(middle, tilt, scale)
    matrix[0, 2] += across * width - middle[0]
    matrix[1, 2] += float(rng.uniform(0.25, 0.75)) * height - middle[1]
    tint = (face * rng.uniform(0.75, 1, 3)).astype(np.uint8)
    size = (width, height)
    set_in = cv2.warpAffine(tint, matrix, size, flags=cv2.INTER_CUBIC)
    mask = cv2.warpAffine(np.full(face.shape[:2], 255, np.uint8), matrix, size)
    scene[mask > 128] = set_in[mask > 128]
