"""`mimika live` as people use it: a process, a real browser, a real screen."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browsing import watched
from displays import Display, screen
from films import video_times
from PIL import Image
from playwright.sync_api import Browser, Page
from servers import end, environment, running, until

from mimika.live.marks import RED

SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")
MINUTES = 5 * 60 * 30  # frames
SKY = np.array([88, 133, 200])  # behind the photograph's face
UNPLUGGED = """
import sys
import numpy as np
from mimika.cli.main import main
from mimika.live import sources
from mimika.live.camera import Camera
from mimika.live.cameras import CameraFolders
from pathlib import Path

class Device:
    left = 25
    def isOpened(self): return True
    def read(self):
        self.left -= 1
        return self.left >= 0, np.full((480, 640, 3), 9 * max(0, self.left), np.uint8)
    def release(self): pass

gone = CameraFolders(Path("nowhere"), Path("nowhere"))
sources.Camera = lambda number, wish: Camera(
    number, wish, opened_by=lambda *_: Device(), folders=gone)
main(sys.argv[1:])
"""


@pytest.fixture(scope="module")
def film(photograph: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with minutes of a face that sways, 640 x 480."""
    folder = tmp_path_factory.mktemp("film")
    with Image.open(photograph) as image:
        face = image.resize((400, 469))
    few = []
    for number in range(10):
        picture = Image.new("RGB", (640, 480), (90, 90, 90))
        picture.paste(face, (100 + 4 * min(number, 10 - number), 5))
        few.append(folder / f"{number}.jpg")
        picture.save(few[-1], quality=92)
    for number in range(10, MINUTES):
        (folder / f"{number}.jpg").hardlink_to(few[number % 10])
    return folder


def run(
    folder: Path, *arguments: object, program: Sequence[str] = ("-m", "mimika")
) -> subprocess.CompletedProcess[str]:
    """Runs the command to its end in a folder, without a screen."""
    environ = environment(folder)
    for name in SCREENS:
        environ.pop(name, None)
    return subprocess.run(
        [sys.executable, *program, "live", *map(str, arguments)],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where the command is started."""
    monkeypatch.chdir(tmp_path)
    for name in SCREENS:
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_faces_become_json_lines(film: Path, here: Path) -> None:
    done = run(here, "--source", film, "--headless", "--json", "--frames", 12)
    assert done.returncode == 0, done.stderr
    moments: list[dict[str, Any]] = [json.loads(x) for x in done.stdout.splitlines()]
    assert [moment["index"] for moment in moments] == list(range(12))
    (person,) = moments[-1]["people"]
    x, y, w, h = person["box"]
    assert 200 < x + w / 2 < 380
    assert 100 < y + h / 2 < 260
    assert sum(person["probabilities"].values()) == pytest.approx(1, abs=0.001)
    (line,) = done.stderr.splitlines()
    assert line.startswith("12 frames in ")


def test_a_reader_that_has_seen_enough_ends_it_quietly(film: Path, here: Path) -> None:
    command = [sys.executable, "-m", "mimika", "live", "--source", str(film)]
    with subprocess.Popen(
        [*command, "--headless", "--json"],
        env=environment(here),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["index"] == 0
        process.stdout.close()
        assert process.wait(60) == 0
        assert process.stderr.read() == "Nobody reads along any more.\n"


def test_no_camera_is_one_line_and_1(here: Path) -> None:
    done = run(here, "--source", 93)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    assert "camera 93" in line


def test_a_camera_pulled_out_while_recording_leaves_a_video_that_plays(
    here: Path,
) -> None:
    done = run(
        here, "--headless", "--json", "--record", "a.mp4", program=("-c", UNPLUGGED)
    )
    assert done.returncode == 1
    errors = [x for x in done.stderr.splitlines() if x.startswith("Error: ")]
    assert len(errors) == 1
    assert "may have been unplugged" in errors[0]
    assert "Traceback" not in done.stderr
    frames = len(done.stdout.splitlines())
    assert frames >= 1
    assert len(video_times(here / "a.mp4")) == frames


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_the_recording_plays(
    number: signal.Signals, film: Path, here: Path
) -> None:
    arguments = ("live", "--source", str(film), "--page", "--record", "a.mp4")
    with running(here, *arguments) as ready:
        live = ready()
        until(lambda: any(here.glob("*.partial")))
        assert live.stop(number) == 0
    assert len(video_times(here / "a.mp4")) >= 1


def sky_at(page: Page, x: float) -> bool:
    """Whether the picture of a page shows the photograph's background at a place.

    Args:
        page: with the moving picture.
        x: in 0..1 from the left.
    """
    colour = page.evaluate(
        """x => {
          const image = document.getElementById("picture");
          const canvas = document.createElement("canvas");
          canvas.width = image.naturalWidth;
          canvas.height = image.naturalHeight;
          const drawing = canvas.getContext("2d");
          drawing.drawImage(image, 0, 0);
          const at = drawing.getImageData(x * canvas.width, 200, 1, 1);
          return Array.from(at.data).slice(0, 3);
        }""",
        x,
    )
    return bool(np.abs(np.array(colour) - SKY).max() < 60)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def use_buttons(page: Page, here: Path) -> None:
    """Mirrors, saves, records, holds and ends, by button and by key."""
    press(page, "Mirror")
    until(lambda: sky_at(page, 0.3))
    assert not sky_at(page, 0.7)
    press(page, "Snapshot")
    until(lambda: any(here.glob("mimika-*.png")))
    page.get_by_text("snapshot: mimika-").wait_for()
    press(page, "Record")
    page.locator("button[data-command=record][aria-pressed=true]").wait_for()
    until(lambda: any(here.glob("*.partial")))
    page.keyboard.press("r")
    until(lambda: any(here.glob("mimika-*.mp4")))
    page.keyboard.press("Space")
    page.locator("button[data-command=pause][aria-pressed=true]").wait_for()
    press(page, "Quit")
    page.get_by_text("The program has ended.").wait_for()


@pytest.mark.browser
def test_the_page_shows_the_picture_and_its_buttons_work(
    film: Path, here: Path, browser: Browser
) -> None:
    arguments = ("live", "--source", str(film), "--page")
    with running(here, *arguments) as ready, watched(browser) as watch:
        live, page = ready(), watch.page
        page.goto(live.address)
        page.wait_for_function(
            "document.getElementById('picture').naturalWidth === 640"
        )
        until(lambda: sky_at(page, 0.7))
        page.get_by_text("#1").first.wait_for()
        assert page.locator("#figures").inner_text().startswith("640 ")
        assert watch.fits(360)
        use_buttons(page, here)
        assert live.process.wait(30) == 0
        assert watch.stayed_with(live.address)
    (snapshot,) = here.glob("mimika-*.png")
    with Image.open(snapshot) as image:
        assert image.size == (640, 480)
        assert np.abs(np.array(image.getpixel((192, 200))) - SKY).max() < 60
    (video,) = here.glob("mimika-*.mp4")
    assert len(video_times(video)) >= 1


@pytest.fixture
def display() -> Iterator[Display]:
    with screen() as display:
        yield display


def window_at(display: Display) -> tuple[int, int, int, int]:
    """x, y, width and height of what is not the empty screen."""
    rows, columns = np.nonzero(display.picture().max(axis=2))
    if len(rows) == 0:
        return (0, 0, 0, 0)
    x, y = int(columns.min()), int(rows.min())
    return x, y, int(columns.max()) - x + 1, int(rows.max()) - y + 1


def shows_sky(display: Display, x: int) -> bool:
    left, top, *_ = window_at(display)
    place = display.picture()[top + 200, left + x]
    return bool(np.abs(place.astype(int) - SKY).max() < 60)


@contextmanager
def windowed(
    here: Path, display: Display, film: Path
) -> Iterator[subprocess.Popen[str]]:
    """The command with its window on this screen."""
    with subprocess.Popen(
        [sys.executable, "-m", "mimika", "live", "--source", str(film)],
        cwd=here,
        env={**environment(here), "DISPLAY": display.name},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            end(process)


def test_the_window_shows_the_picture_and_obeys_keys(
    film: Path, here: Path, display: Display
) -> None:
    with windowed(here, display, film) as process:
        until(lambda: window_at(display)[2:] == (640, 480))
        until(lambda: shows_sky(display, 448))
        display.press("m")
        until(lambda: shows_sky(display, 192))
        display.press("r")
        until(lambda: any(here.glob("*.partial")))
        x, y, *_ = window_at(display)
        disc = display.picture()[y + 29, x + 640 - 29].astype(int)
        assert np.abs(disc - RED).max() < 10
        display.press("s")
        until(lambda: any(here.glob("mimika-*.png")))
        display.press("space")
        until(lambda: (display.picture()[y + 240, x + 339] == 255).all())
        display.press("q")
        assert process.wait(30) == 0
        assert process.stderr is not None
        said = process.stderr.read()
    assert window_at(display) == (0, 0, 0, 0)
    told = [line.split(":")[0] for line in said.splitlines()]
    assert told[:3] == ["recording", "snapshot", "recorded"]
    (video,) = here.glob("mimika-*.mp4")
    assert len(video_times(video)) >= 1


def test_escape_ends_it(film: Path, here: Path, display: Display) -> None:
    with windowed(here, display, film) as process:
        until(lambda: window_at(display)[2:] == (640, 480))
        display.press("Escape")
        assert process.wait(30) == 0
