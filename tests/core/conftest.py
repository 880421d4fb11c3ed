"""Pictures that several tests read, and PNG files that Pillow cannot write."""

import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

RNG_SEED = 5


@pytest.fixture
def pixels() -> NDArray[np.uint8]:
    """uint8 (30, 40, 3): random, so that no turn and no flip gives the same again."""
    return np.random.default_rng(RNG_SEED).integers(0, 256, (30, 40, 3), np.uint8)


@pytest.fixture
def image(pixels: NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(pixels)


@pytest.fixture
def png_of() -> Callable[..., bytes]:
    """Makes a colour PNG by hand: see `made_by_hand`."""
    return made_by_hand


def made_by_hand(width: int, height: int, body: bytes, depth: int = 8) -> bytes:
    """A colour PNG made by hand from its compressed lines."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0)
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", body), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
