"""A screen of its own (Xvfb) for a test, and pictures of it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest
from PIL import ImageGrab

LIMIT_S = 20
# not reset: it would be gone for a moment whenever the last window is closed
OPTIONS = ("-nolisten", "tcp", "-noreset", "-screen", "0")


@dataclass(frozen=True)
class Display:
    """A running X server.

    Attributes:
        name: for the variable DISPLAY, such as `:7`.
    """

    name: str

    def picture(self) -> npt.NDArray[np.uint8]:
        """What is on the whole screen: uint8 (H, W, 3) RGB."""
        return np.asarray(ImageGrab.grab(xdisplay=self.name).convert("RGB"))

    def press(self, *keys: str) -> None:
        """Presses keys by their names in X, as a keyboard does."""
        subprocess.run(
            ["xdotool", "key", *keys],
            env={**os.environ, "DISPLAY": self.name},
            check=True,
            timeout=LIMIT_S,
        )


@contextmanager
def screen(width: int = 1280, height: int = 800) -> Iterator[Display]:
    """A screen without a window manager; a skip where there is no X, never in CI."""
    if shutil.which("Xvfb") is None or shutil.which("xdotool") is None:
        assert not os.environ.get("CI"), "CI has to have Xvfb and xdotool"
        pytest.skip("no screen: apt-get install xvfb xdotool")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), *OPTIONS, f"{width}x{height}x24"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with server, os.fdopen(reading) as answer:
        try:
            number = answer.readline().strip()
            assert number, "Xvfb did not start"
            yield Display(f":{number}")
        finally:
            server.terminate()
