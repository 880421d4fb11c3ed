"""`mimika live` with drawn answers and devices that the tests hold in their hands."""

import json
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from films import video_times
from PIL import Image

from mimika.cli import live
from mimika.cli.main import cli, main
from mimika.core.tasks import EMOTION
from mimika.live import sources
from mimika.live.camera import Camera, Wish
from mimika.live.cameras import CameraFolders
from mimika.live.commands import Command, MemoryViewer
from mimika.live.frames import Frame
from mimika.live.moment import Moment, Person
from mimika.live.plan import Steps

PROBABILITIES = {key: 0.4 if key == "sad" else 0.1 for key in EMOTION.keys}


def read(frame: Frame) -> Moment:
    """Somebody sad, in the middle."""
    height, width = frame.pixels.shape[:2]
    box = (width / 4, height / 4, width / 2, height / 2)
    people = (Person(1, box, "sad", PROBABILITIES, sure=True),)
    return Moment(frame.index, frame.time_s, width, height, people, {"detect": 3.0})


def draw(frame: Frame, moment: Moment) -> Frame:
    return replace(frame, pixels=frame.pixels.copy())


@pytest.fixture(autouse=True)
def _drawn_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps(read, draw, live.recording)
    monkeypatch.setattr(live, "load_steps", lambda *_: (steps, EMOTION))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six frames, 64 x 48."""
    folder = tmp_path / "frames"
    folder.mkdir()
    for number in range(6):
        pixels = np.full((48, 64, 3), 40 * number, np.uint8)
        Image.fromarray(pixels).save(folder / f"{number}.png")
    return folder


@pytest.fixture
def call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Calls the command in an empty folder: exit code, stdout and stderr."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["live", *map(str, arguments)])
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return call


@pytest.fixture
def viewer(monkeypatch: pytest.MonkeyPatch) -> MemoryViewer:
    """Stands where the window would."""
    viewer = MemoryViewer()
    monkeypatch.setattr(live, "Window", lambda title: viewer)
    return viewer


class Plugged:
    """A camera that gives so many grey pictures, and then nothing."""

    def __init__(self, pictures: int) -> None:
        self._left = iter(range(pictures))

    def isOpened(self) -> bool:  # noqa: N802
        return True

    def read(self) -> tuple[bool, Any]:
        number = next(self._left, None)
        if number is None:
            return False, None
        return True, np.full((480, 640, 3), number, np.uint8)

    def release(self) -> None:
        """Gives it back."""


@pytest.fixture
def plug(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[int], list[Wish]]:
    """Plugs in a camera 0 that is pulled out after so many pictures."""

    def plug(pictures: int) -> list[Wish]:
        wishes: list[Wish] = []

        def opened(number: int, wish: Wish) -> Camera:
            wishes.append(wish)
            device = Plugged(pictures)
            folders = CameraFolders(tmp_path / "no devices", tmp_path)
            return Camera(number, wish, opened_by=lambda *_: device, folders=folders)

        monkeypatch.setattr(sources, "Camera", opened)
        return wishes

    return plug


def lines(text: str) -> Iterator[dict[str, Any]]:
    return map(json.loads, text.splitlines())


def test_help_shows_examples_and_keys() -> None:
    shown = CliRunner().invoke(cli, ["live", "--help"])
    assert shown.exit_code == 0
    assert "\n    mimika live --page --record party.mp4\n" in shown.output
    assert "q quit, s snapshot, r record" in shown.output


@pytest.mark.parametrize(
    "wrong",
    [
        ["--size", "640"],
        ["--size", "0x480"],
        ["--rate", "0"],
        ["--port", "70000"],
        ["--frames", "0"],
        ["--seconds", "0"],
        ["extra"],
    ],
)
def test_a_wrong_call_exits_with_2(
    wrong: list[str], call: Callable[..., tuple[int, str, str]]
) -> None:
    code, out, err = call(*wrong)
    assert code == 2
    assert "Usage" in err
    assert out == ""


def test_a_folder_becomes_json_lines(
    folder: Path, call: Callable[..., tuple[int, str, str]]
) -> None:
    code, out, err = call("--source", folder, "--headless", "--json")
    assert code == 0
    moments = list(lines(out))
    assert [moment["index"] for moment in moments] == list(range(6))
    assert moments[0]["people"][0]["label"] == "sad"
    (line,) = err.splitlines()
    assert line.startswith("6 frames in ")


def test_headless_alone_says_a_line_now_and_then(
    folder: Path, call: Callable[..., tuple[int, str, str]]
) -> None:
    code, out, _ = call("--source", folder, "--headless", "--frames", 3)
    assert code == 0
    assert out.splitlines()[0].endswith("#1 Sad 40 %")


def test_without_a_camera_it_is_one_line_and_1(
    call: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        live, "load_steps", lambda *_: pytest.fail("loaded for nothing")
    )
    code, out, err = call("--source", "95")
    assert (code, out) == (1, "")
    (line,) = err.splitlines()
    assert line.startswith("Error: ")
    assert "camera 95" in line


def test_a_camera_that_is_pulled_out_ends_with_1_and_the_recording_plays(
    plug: Callable[[int], list[Wish]],
    call: Callable[..., tuple[int, str, str]],
    viewer: MemoryViewer,
) -> None:
    plug(20)
    code, out, err = call("--record", "out.mp4")
    assert (code, out) == (1, "")
    recording, recorded, error = err.splitlines()
    assert (recording, recorded) == ("recording: out.mp4", "recorded: out.mp4")
    assert error.startswith("Error: camera 0 gives no pictures any more after 20; ")
    times = video_times(Path("out.mp4"))
    assert len(times) >= 1
    assert times == sorted(times)
    assert viewer.closed
    assert list(Path().glob("*.partial")) == []


def test_a_camera_is_asked_for_the_size_and_shown_as_in_a_mirror(
    plug: Callable[[int], list[Wish]],
    call: Callable[..., tuple[int, str, str]],
    viewer: MemoryViewer,
) -> None:
    wishes = plug(10_000)
    assert call("--size", "1280x720", "--rate", 25, "--frames", 2)[0] == 0
    assert wishes == [Wish(1280, 720, 25)]
    assert viewer.told[0].mirrored
    viewer.told.clear()
    assert call("--no-mirror", "--frames", 2)[0] == 0
    assert not viewer.told[0].mirrored


def test_a_folder_is_shown_as_it_is_and_in_its_own_tempo(
    folder: Path, call: Callable[..., tuple[int, str, str]], viewer: MemoryViewer
) -> None:
    code, out, err = call("--source", folder)
    assert (code, out) == (0, "")
    assert [frame.index for frame, _ in viewer.shown] == list(range(6))
    assert not viewer.told[0].mirrored
    rate = float(err.split("(")[1].split("/s")[0])
    assert rate < 40  # 30 a second, and no pause after the last


def test_keys_are_obeyed(
    folder: Path,
    call: Callable[..., tuple[int, str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = {2: [Command.SNAPSHOT], 4: [Command.QUIT]}
    viewer = MemoryViewer(asked)
    monkeypatch.setattr(live, "Window", lambda title: viewer)
    code, _, err = call("--source", folder)
    assert code == 0
    (snapshot,) = Path().glob("mimika-*.png")
    assert f"snapshot: {snapshot}" in err
    assert len(viewer.shown) == 4


def test_without_a_screen_the_page_is_there_and_that_is_said(
    folder: Path,
    call: Callable[..., tuple[int, str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    code, out, err = call("--source", folder, "--frames", 2)
    assert code == 0
    assert out.startswith("mimika live: http://127.0.0.1:")
    (said, _) = err.splitlines()
    assert said.startswith("No window: no screen was found")
    assert said.endswith("here is the page instead.")


def test_with_json_the_address_does_not_stand_between_the_lines(
    folder: Path, call: Callable[..., tuple[int, str, str]]
) -> None:
    code, out, err = call("--source", folder, "--page", "--json", "--frames", 2)
    assert code == 0
    assert [moment["index"] for moment in lines(out)] == [0, 1]
    assert err.startswith("mimika live: http://127.0.0.1:")


def test_a_recording_that_cannot_be_is_refused_before_anything_is_opened(
    call: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    for name, said in (("out.gif", "was expected"), ("no/out.mp4", "is not there")):
        code, _, err = call("--source", "95", "--record", name)
        assert code == 2
        assert err.startswith("Usage:")
        assert said in " ".join(err.split())


def test_the_video_that_is_read_is_never_written_over(
    folder: Path, call: Callable[..., tuple[int, str, str]]
) -> None:
    assert call("--source", folder, "--headless", "--record", "a.mp4")[0] == 0
    before = Path("a.mp4").read_bytes()
    code, _, err = call("--source", "a.mp4", "--headless", "--record", "a.mp4")
    assert code == 2
    assert "name another file" in " ".join(err.split())
    assert Path("a.mp4").read_bytes() == before


def test_signals_are_as_before_afterwards(
    folder: Path, call: Callable[..., tuple[int, str, str]]
) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    call("--source", folder, "--headless")
    after = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    assert after == before
