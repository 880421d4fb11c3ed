"""Drawn pictures and rows: nothing of the real data set is needed or copied here."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray


@pytest.fixture
def faces() -> NDArray[np.uint8]:
    """uint8 (21, 48, 48): random pictures, among them all values 0..255."""
    drawn = np.random.default_rng(7).integers(0, 256, (21, 48, 48), np.uint8)
    drawn[0] = (np.arange(48 * 48) % 256).reshape(48, 48)
    drawn[1], drawn[2] = 0, 255
    return drawn


@pytest.fixture
def labels() -> NDArray[np.int64]:
    """int64 (21,): each class three times, in no order."""
    return np.random.default_rng(8).permutation(np.arange(21) % 7)


@pytest.fixture
def texts(faces: NDArray[np.uint8]) -> list[str]:
    """The pixels of each face as Kaggle writes them."""
    return [" ".join(str(value) for value in face.ravel()) for face in faces]


@pytest.fixture
def lines(texts: list[str], labels: NDArray[np.int64]) -> list[str]:
    """The lines of Kaggle's train.csv, header first, without line ends."""
    pairs = zip(labels, texts, strict=True)
    return ["emotion,pixels", *(f"{label},{text}" for label, text in pairs)]


@pytest.fixture(scope="session")
def scenes() -> NDArray[np.uint8]:
    """uint8 (150, 64, 64): drawn faces with some surroundings to crop from.

    Each has its own place, build, light and grain, as photographs do.
    """
    rng = np.random.default_rng(11)
    return np.stack([draw_scene(rng) for _ in range(150)])


def draw_scene(rng: np.random.Generator) -> NDArray[np.uint8]:
    """uint8 (64, 64): head, eyes, brows and mouth, light, blotches and grain."""
    side, factor = 64, 4  # drawn four times as large, then averaged: soft edges
    canvas = np.full((side * factor, side * factor), rng.uniform(20, 230))

    def put(x: float, y: float, wide: float, high: float, shade: float) -> None:
        centre = (int((32 + x) * factor), int((32 + y) * factor))
        axes = (int(wide * factor) + 1, int(high * factor) + 1)
        angle = float(rng.uniform(-12, 12))
        cv2.ellipse(canvas, centre, axes, angle, 0, 360, float(shade), -1)

    x, y = rng.uniform(-4, 4, 2)
    skin = rng.uniform(90, 220)
    put(x, y - 4, rng.uniform(17, 22), rng.uniform(19, 25), rng.uniform(10, 240))
    put(x, y, rng.uniform(13, 18), rng.uniform(16, 22), skin)
    for eye in (-1, 1):
        across = x + eye * rng.uniform(5, 8)
        put(across, y - 5, rng.uniform(2, 4), rng.uniform(1, 3), skin * 0.3)
        put(across, y - rng.uniform(8, 12), rng.uniform(2, 5), 0.6, skin * 0.5)
    put(x, y + rng.uniform(7, 11), rng.uniform(3, 8), rng.uniform(1, 5), skin * 0.4)
    across, down = np.meshgrid(*2 * [np.linspace(-1, 1, side)])
    light = 1 + rng.uniform(-0.3, 0.3) * across + rng.uniform(-0.3, 0.3) * down
    noise = rng.normal(0, 1, (2, side, side))
    grain = 25 * cv2.GaussianBlur(noise[0], (0, 0), 1.0)
    grain += 150 * cv2.GaussianBlur(noise[1], (0, 0), 2.5)
    small = cv2.resize(canvas, (side, side), interpolation=cv2.INTER_AREA)
    return (small * light + grain).clip(0, 255).astype(np.uint8)
