"""Frames a second of the live page in Chromium, and where a frame's time goes.

    python benchmarks/live_page.py [--threads 1] [--runtime wasm] [--seconds 20]

Starts `mimika up` with an empty state folder and opens `/live/` with a fake camera of
30 frames a second, 640 x 480: the photograph of Grace Hopper, one face. The first
seconds are not counted, because browsers compile WebAssembly better while it runs. On a
slow machine the networks take turns; their times are those of the frames they ran in.
Servers, browser and whatever else runs share the processor; the load of the last minute
is printed. Target: 20 frames a second on one thread. Needs the `dev` extra and
Chromium. The last column counts in yardsticks: see `timing.yardstick`.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, sync_playwright
from timing import HEADING, Timing, row, yardstick
from web_load import servers

sys.path.append(str(Path(__file__).resolve().parents[1] / "tools"))
from chromium import chromium
from fake_camera import camera_flags, scene, write_camera
from photographs import hopper

from mimika.runtime.bench import machine

TARGET = 20  # frames a second
STAGES = {
    "grabMs": "read the frame back",
    "detectMs": "find faces",
    "classifyMs": "classify one face",
    "frameMs": "all of a frame",
}
LISTEN = """() => {
  window.seen = [];
  document.querySelector("[data-live]").addEventListener("live:frame", ({detail}) =>
    window.seen.push({...detail, at: performance.now()}));
}"""
PHRASE = "correct horse battery"  # of an account that is thrown away


def main() -> None:
    """Prints the rate and the stages; exits 1 where the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--runtime", choices=("wasm", "webgpu"), default="wasm")
    parser.add_argument("--warm-up", type=float, default=15, metavar="SECONDS")
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MIMIKA_HOME"] = folder
        film = Path(folder) / "film.mjpeg"
        with Image.open(hopper()) as image:
            head = np.asarray(image.convert("RGB").crop((60, 40, 450, 430)))
        write_camera(film, [(scene(head, side=460), 1)])
        query = f"?threads={options.threads}&runtime={options.runtime}"
        with servers() as address, page_with(film) as page:
            frames = measured(page, address + "/live/" + query, options)
    report(frames, options.threads, options.runtime)


@contextmanager
def page_with(film: Path) -> Iterator[Page]:
    """A page of a Chromium with this camera."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=camera_flags(film)
        )
        yield browser.new_page(viewport={"width": 1280, "height": 900})
        browser.close()


def measured(page: Page, url: str, options: argparse.Namespace) -> Sequence[Mapping]:
    """What the page said about each frame, in milliseconds."""
    page.goto(url)
    page.get_by_role("link", name="Register").first.click()
    page.get_by_label("Username").fill("grace")
    page.get_by_label("E-mail address").fill("grace@example.org")
    page.get_by_label("Password", exact=True).fill(PHRASE)
    page.get_by_label("Password confirmation").fill(PHRASE)
    page.locator("main").get_by_role("button", name="Register").click()
    page.get_by_role("heading", name="Welcome").wait_for()
    page.goto(url)
    page.get_by_role("button", name="Start").click()
    page.locator("[data-person]").wait_for(timeout=60_000)
    page.wait_for_timeout(1000 * options.warm_up)
    page.evaluate(LISTEN)
    page.wait_for_timeout(1000 * options.seconds)
    frames: Sequence[Mapping] = page.evaluate("window.seen")
    return frames


def report(frames: Sequence[Mapping], threads: int, runtime: str) -> None:
    """Prints the table."""
    times = [frame["at"] for frame in frames]
    rate = 1000 * (len(times) - 1) / (times[-1] - times[0])
    unit = yardstick(50)
    print(dict(machine()))
    print(
        f"{runtime}, {threads} thread(s), {len(frames)} frames of 640 x 480, ", end=""
    )
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n{HEADING}")
    print(row("yardstick", unit, unit))
    for key, name in STAGES.items():
        spent = [frame[key] for frame in frames if frame[key] > 0]
        print(row(name, Timing(*np.percentile(spent, [50, 95]).tolist()), unit))
    print(f"\n{rate:.1f} frames a second (target: {TARGET})")
    sys.exit(rate < TARGET)


if __name__ == "__main__":
    main()
