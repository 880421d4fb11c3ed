"""Drawn pictures and rows: nothing of the real data set is needed or copied here."""

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
