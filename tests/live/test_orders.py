from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mimika.core.errors import ConfigError
from mimika.live.commands import Command, MemoryViewer, State
from mimika.live.frames import Frame, MemorySink
from mimika.live.moment import Moment
from mimika.live.orders import Orders
from mimika.live.recorder import Recorder
from mimika.live.screen import Screen


class Desk:
    """Orders with all that they need, and what came of them."""

    def __init__(self, folder: Path) -> None:
        self.viewer = MemoryViewer()
        self.said: list[str] = []
        self.made: dict[Path, MemorySink] = {}
        self.screen = Screen(lambda frame, _: frame, [self.viewer], State())
        self.recorder = Recorder(self._make)
        self.orders = Orders(self.screen, self.recorder, folder, self.said.append)

    def _make(self, path: Path) -> MemorySink:
        if not path.parent.is_dir():
            raise ConfigError(f"{path}: its folder is not there")
        return self.made.setdefault(path, MemorySink())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def frame(
    desk: Desk, make_frame: Callable[..., Frame], make_moment: Callable[..., Moment]
) -> Frame:
    """Is on the screen."""
    frame = make_frame()
    desk.screen.show(frame, make_moment(frame))
    return frame


def test_quit_is_remembered(desk: Desk) -> None:
    assert not desk.orders.quit
    desk.orders.obey(Command.QUIT)
    assert desk.orders.quit


@pytest.mark.usefixtures("frame")
def test_pause_and_mirror_go_on_and_off(desk: Desk) -> None:
    states = []
    for command in (Command.PAUSE, Command.MIRROR) * 2:
        desk.orders.obey(command)
        states.append((desk.screen.state.paused, desk.screen.state.mirrored))
    assert states == [(True, False), (True, True), (False, True), (False, False)]
    assert len(desk.viewer.shown) == 5


def test_a_snapshot_is_the_picture_on_the_screen(
    desk: Desk, frame: Frame, tmp_path: Path
) -> None:
    desk.orders.obey(Command.SNAPSHOT)
    (path,) = tmp_path.glob("mimika-*.png")
    with Image.open(path) as image:
        assert (np.asarray(image) == frame.pixels).all()
    assert desk.said == [f"snapshot: {path}"]
    assert desk.viewer.told[-1].said == f"snapshot: {path}"


def test_before_the_first_frame_there_is_no_snapshot(
    desk: Desk, tmp_path: Path
) -> None:
    desk.orders.obey(Command.SNAPSHOT)
    assert list(tmp_path.iterdir()) == []
    assert desk.said == []


def test_record_starts_and_ends(
    desk: Desk, frame: Frame, make_moment: Callable[..., Moment]
) -> None:
    desk.orders.obey(Command.RECORD)
    assert desk.screen.state.recording
    desk.recorder.show(frame, make_moment(frame))
    desk.orders.obey(Command.RECORD)
    assert not desk.screen.state.recording
    ((path, sink),) = desk.made.items()
    assert path.suffix == ".mp4"
    assert sink.closed
    assert desk.said == [f"recording: {path}", f"recorded: {path}"]


@pytest.mark.usefixtures("frame")
def test_what_does_not_work_is_told_and_the_pictures_go_on(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "missing")
    desk.screen.show(Frame(np.zeros((4, 6, 3), np.uint8), 0.0, 0), Moment(0, 0.0, 6, 4))
    desk.orders.obey(Command.SNAPSHOT)
    desk.orders.obey(Command.RECORD)
    first, second = desk.said
    assert first.startswith("no snapshot: ")
    assert second.startswith("no recording: ")
    assert not desk.screen.state.recording
    assert not desk.orders.quit


def test_ending_without_a_recording_says_nothing(desk: Desk) -> None:
    desk.orders.end_recording()
    assert desk.said == []
