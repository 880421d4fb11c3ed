"""Makes the moving picture in the README.

    python tools/demo_gif.py                 writes docs/images/live.gif

Two photographs in the public domain, Grace Hopper (US Navy; from matplotlib) and Eileen
Collins (NASA; in the package), pass each other twice in twenty seconds. They are read
and drawn as by `mimika live`, at 30 frames a second; every third frame is kept.
"""

import math
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from photographs import hopper
from PIL import Image

from mimika.cli.looking import open_look
from mimika.core.images import read_picture
from mimika.live.frames import Frame
from mimika.live.overlay import Overlay
from mimika.runtime.hardware import Hardware
from mimika.runtime.samples import SAMPLE_FILE

OUTPUT = Path(__file__).resolve().parents[1] / "docs" / "images" / "live.gif"
RATE, SECONDS, KEPT = 30, 20, 3
WIDTH, HEIGHT = 640, 320
SMALL = (512, 256)  # in the file
COLOURS = 64
GROUND = (38, 42, 48)


def main() -> None:
    """Draws, looks and writes."""
    look = open_look(None, Hardware())
    overlay = Overlay(look.task)
    shown = []
    for frame in frames():
        moment = look.read(frame)
        if frame.index % KEPT == 0:
            drawn = overlay.draw(frame, moment, status=False).pixels
            shown.append(cv2.resize(drawn, SMALL, interpolation=cv2.INTER_AREA))
    write(shown)
    sys.stdout.write(f"{OUTPUT.name}: {OUTPUT.stat().st_size / 1e6:.1f} MB\n")


def frames() -> Iterator[Frame]:
    """Both people on their way to and fro; Hopper passes behind."""
    behind = portrait(hopper(), (20, 110, 450), 230)
    front = portrait(SAMPLE_FILE, (10, 120, 340), 250)
    for index in range(RATE * SECONDS):
        along = 195 * way(index / RATE)
        pixels = np.empty((HEIGHT, WIDTH, 3), np.uint8)
        pixels[:] = GROUND
        place(pixels, behind, WIDTH / 2 + along)
        place(pixels, front, WIDTH / 2 - along)
        yield Frame(pixels, index / RATE, index)


def way(second: float) -> float:
    """From -1 to 1 and back: four seconds each, with rests of six before them."""
    step = (second % 10 - 6) / 4
    eased = 0.0 if step < 0 else (1 - math.cos(math.pi * step)) / 2
    return 2 * eased - 1 if second < 10 else 1 - 2 * eased


def portrait(path: Path, square: tuple[int, int, int], side: int) -> np.ndarray:
    """uint8 (side, side, 3): a square of a photograph: its top, left and side."""
    top, left, length = square
    cut = read_picture(path).pixels[top : top + length, left : left + length]
    return cv2.resize(cut, (side, side), interpolation=cv2.INTER_AREA)


def place(pixels: np.ndarray, picture: np.ndarray, middle: float) -> None:
    """Sets a portrait on the lower edge, its middle at this column."""
    side = len(picture)
    left = round(middle - side / 2)
    pixels[HEIGHT - side :, left : left + side] = picture


def write(shown: list[np.ndarray]) -> None:
    """A file with one palette for all frames, so that what rests takes no room."""
    palette = Image.fromarray(np.concatenate(shown[:: len(shown) // 8])).quantize(
        COLOURS, dither=Image.Dither.NONE
    )
    images = [
        Image.fromarray(pixels).quantize(palette=palette, dither=Image.Dither.NONE)
        for pixels in shown
    ]
    images[0].save(
        OUTPUT,
        save_all=True,
        append_images=images[1:],
        duration=1000 * KEPT // RATE,
        loop=0,
        optimize=True,
    )


if __name__ == "__main__":
    main()
