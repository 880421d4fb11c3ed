"""Names for snapshots and recordings; no file is ever written over."""

from datetime import datetime
from itertools import count
from pathlib import Path

import cv2

from mimika.core.preprocess import UInt8Array


def free_path(folder: Path, ending: str, now: datetime) -> Path:
    """A path where nothing lies: `mimika-20260131-235959.png`, or with `-2` and so on.

    Args:
        folder: where it is to be.
        ending: with its dot.
        now: the time that the name says.
    """
    stem = f"mimika-{now:%Y%m%d-%H%M%S}"
    names = (f"{stem}{'' if n == 1 else f'-{n}'}{ending}" for n in count(1))
    return next(folder / name for name in names if not (folder / name).exists())


def save_snapshot(pixels: UInt8Array, folder: Path, now: datetime) -> Path:
    """Writes a picture as PNG under a free name.

    Args:
        pixels: uint8 (H, W, 3), RGB.
        folder: where to.
        now: the time that the name says.

    Returns:
        The file.

    Raises:
        OSError: it cannot be written.
    """
    _, data = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
    path = free_path(folder, ".png", now)
    with path.open("xb") as file:
        file.write(data.tobytes())
    return path
