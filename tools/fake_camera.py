"""Chromium's fake camera, fed from a file that is made here.

The file is JPEGs one after the other (`.mjpeg`), which Chromium plays as a camera of 30
frames a second, again and again.
"""

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from chromium import FLAGS
from numpy.typing import NDArray
from PIL import Image

WIDTH, HEIGHT, RATE = 640, 480, 30
WALL = (176, 168, 160)  # the colour behind the faces, RGB

Pixels = NDArray[np.uint8]


def scene(*faces: Pixels, side: int = 260) -> Pixels:
    """A frame with faces side by side before a wall.

    Args:
        faces: uint8 (H, W, 3), RGB, of any size; none for an empty room.
        side: width and height of each in the frame, in pixels.

    Returns:
        uint8 (480, 640, 3), RGB.
    """
    frame = Image.new("RGB", (WIDTH, HEIGHT), WALL)
    for place, face in enumerate(faces):
        middle = round(WIDTH * (place + 0.5) / len(faces))
        image = Image.fromarray(face).resize((side, side), Image.Resampling.BICUBIC)
        frame.paste(image, (middle - side // 2, (HEIGHT - side) // 2))
    return np.asarray(frame)


def write_camera(file: Path, parts: Sequence[tuple[Pixels, float]]) -> None:
    """Writes what the camera sees.

    Args:
        file: ends in `.mjpeg`.
        parts: frames, uint8 (480, 640, 3), RGB, and the seconds that each is seen.
    """
    with file.open("wb") as stream:
        for pixels, seconds in parts:
            buffer = io.BytesIO()
            Image.fromarray(pixels).save(buffer, "JPEG", quality=95)
            stream.write(buffer.getvalue() * round(seconds * RATE))


def camera_flags(file: Path | None) -> tuple[str, ...]:
    """Chromium's flags for such a camera, which every page may use; None for none."""
    if file is None:
        return FLAGS
    return (
        *FLAGS,
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={file}",
    )
