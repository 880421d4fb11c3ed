"""What `mimika live` takes: time from frame to screen, processor and memory.

    python benchmarks/live.py --seconds 60
    python benchmarks/live.py --seconds 1800   (memory over half an hour)

The camera is drawn: 640 x 480 at 30 frames a second in its own time, matplotlib's
photograph of Grace Hopper swaying over a grey ground. The window is a real one, on an X
server in memory (Xvfb) unless `--screen` takes the one at hand; `--page` measures the
page with one viewer instead. The yardstick is a filter of known cost in the same run.
"""

import argparse
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import psutil
import requests
from timing import yardstick

sys.path.append(str(Path(__file__).resolve().parents[1] / "tools"))
from photographs import hopper

from mimika.cli.live import load_steps
from mimika.live.commands import Viewer
from mimika.live.frames import Frame, MemorySink
from mimika.live.latest import LatestFrames
from mimika.live.loop import Live
from mimika.live.moment import Moment
from mimika.live.page import Page
from mimika.live.plan import Outputs, Plan
from mimika.live.window import Window
from mimika.runtime.hardware import Hardware

RATE, WIDTH, HEIGHT = 30, 640, 480
SWAY = 90  # frames from left to right and back
MIB = 1024 * 1024


class DrawnCamera:
    """Gives a frame every thirtieth of a second, whether or not anybody is ready."""

    title, paced = "drawn camera", True

    def __init__(self) -> None:
        """Draws all frames before the first is asked for."""
        self._frames = list(drawn_frames())
        self._began_s = time.perf_counter()
        self._index = 0

    def read(self) -> Frame:
        """The next frame when it is due."""
        due_s = self._began_s + self._index / RATE
        time.sleep(max(0.0, due_s - time.perf_counter()))
        pixels = self._frames[self._index % len(self._frames)].copy()
        frame = Frame(pixels, self._index / RATE, self._index)
        self._index += 1
        return frame

    def close(self) -> None:
        """Has nothing to give back."""


class MemoryNotes(MemorySink):
    """Notes once a minute what the process holds; keeps no frame."""

    def __init__(self) -> None:
        """Begins now."""
        super().__init__()
        self.resident_mib: list[float] = []
        self._due_s = 10.0  # what is made once is there by then

    def show(self, frame: Frame, moment: Moment) -> None:
        """Looks whether a minute has passed."""
        if moment.time_s >= self._due_s:
            self._due_s += 60.0
            self.resident_mib.append(psutil.Process().memory_info().rss / MIB)


def drawn_frames() -> Iterator[np.ndarray]:
    """Frames, uint8 (480, 640, 3), RGB: one face that sways."""
    photograph = cv2.imread(str(hopper()))
    assert photograph is not None
    face = cv2.resize(photograph, (380, 445))[:, :, ::-1]
    noise = np.random.default_rng(0).integers(0, 6, (HEIGHT, WIDTH, 3), np.uint8)
    for number in range(SWAY):
        frame = 90 + noise
        x = round(130 + 100 * np.sin(2 * np.pi * number / SWAY))
        frame[20:465, x : x + 380] = face
        yield frame


@contextmanager
def a_screen(at_hand: bool) -> Iterator[None]:
    """A screen in memory, or the one at hand."""
    if at_hand:
        yield
        return
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-noreset", "-screen", "0"]
    with subprocess.Popen(
        [*command, "1280x800x24"], pass_fds=[writing], stderr=subprocess.DEVNULL
    ) as server:
        os.close(writing)
        with os.fdopen(reading) as answer:
            os.environ["DISPLAY"] = f":{answer.readline().strip()}"
        try:
            yield
        finally:
            server.terminate()


def look_at(page: Page) -> None:
    """One viewer of the page, until it ends."""
    with requests.get(f"{page.address}/stream", stream=True, timeout=60) as answer:
        for _ in answer.iter_content(65536):
            pass


def viewer_of(by_page: bool) -> Viewer:
    """The window, or the page with somebody who looks."""
    if not by_page:
        return Window("mimika live - benchmark")
    page = Page()
    threading.Thread(target=look_at, args=(page,), daemon=True).start()
    return page


def measure(seconds: float, by_page: bool) -> None:
    """Runs it for so long, and prints what it took."""
    steps, _ = load_steps(None, Hardware())
    camera, notes, process = DrawnCamera(), MemoryNotes(), psutil.Process()
    steps.read(camera.read())  # the first answer of a network is slow
    outputs = Outputs([viewer_of(by_page)], [notes])
    live = Live(LatestFrames(camera), steps, outputs, Plan(True, most_s=seconds))
    before = process.cpu_times()
    summary = live.run()
    after = process.cpu_times()
    spent_s = after.user - before.user + after.system - before.system
    print(summary)
    print(f"processor: {100 * spent_s / summary.seconds:.0f} % of one core")
    print("memory: " + ", ".join(f"{mib:.0f}" for mib in notes.resident_mib) + " MiB")


def main() -> None:
    """Reads the arguments and measures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--page", action="store_true", help="instead of the window")
    parser.add_argument("--screen", action="store_true", help="the one at hand")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)  # as the processing service does: figures of one thread
    print(f"yardstick: {yardstick(50).p50:.2f} ms")
    with a_screen(arguments.screen or arguments.page):
        measure(arguments.seconds, arguments.page)


if __name__ == "__main__":
    main()
