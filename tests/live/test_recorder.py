from collections.abc import Callable
from pathlib import Path

import pytest

from mimika.core.errors import ConfigError
from mimika.live.frames import Frame, MemorySink
from mimika.live.moment import Moment
from mimika.live.recorder import Recorder

MakeFrame = Callable[..., Frame]
MakeMoment = Callable[..., Moment]
ONE, TWO = Path("one.mp4"), Path("two.mp4")


class Shelf:
    """Makes sinks and keeps them."""

    def __init__(self) -> None:
        self.made: dict[Path, MemorySink] = {}

    def __call__(self, path: Path) -> MemorySink:
        return self.made.setdefault(path, MemorySink())


def test_without_a_recording_frames_are_let_go(
    make_frame: MakeFrame, make_moment: MakeMoment
) -> None:
    shelf = Shelf()
    recorder = Recorder(shelf)
    recorder.show(make_frame(), make_moment(make_frame()))
    assert not recorder.is_on
    assert recorder.stop() is None
    assert shelf.made == {}


def test_a_recording_begins_at_second_0_whenever_it_was_started(
    make_frame: MakeFrame, make_moment: MakeMoment
) -> None:
    shelf = Shelf()
    recorder = Recorder(shelf)
    recorder.start(ONE)
    assert recorder.is_on
    for time_s in (12.0, 12.25, 13.0):
        frame = make_frame(7, time_s=time_s)
        recorder.show(frame, make_moment(frame))
    assert recorder.stop() == ONE
    assert not recorder.is_on
    assert [frame.time_s for frame, _ in shelf.made[ONE].shown] == [0.0, 0.25, 1.0]
    assert shelf.made[ONE].closed


def test_a_second_recording_ends_the_first_and_begins_anew(
    make_frame: MakeFrame, make_moment: MakeMoment
) -> None:
    shelf = Shelf()
    recorder = Recorder(shelf)
    for path, time_s in ((ONE, 5.0), (TWO, 9.0)):
        recorder.start(path)
        frame = make_frame(time_s=time_s)
        recorder.show(frame, make_moment(frame))
    assert shelf.made[ONE].closed
    assert not shelf.made[TWO].closed
    assert shelf.made[TWO].shown[0][0].time_s == 0.0


def test_of_a_recording_without_a_frame_there_is_no_file_to_speak_of() -> None:
    shelf = Shelf()
    recorder = Recorder(shelf)
    recorder.start(ONE)
    assert recorder.stop() is None
    assert shelf.made[ONE].closed


def test_what_cannot_be_recorded_to_leaves_it_off() -> None:
    def refuse(path: Path) -> MemorySink:
        raise ConfigError(f"{path}: no")

    recorder = Recorder(refuse)
    with pytest.raises(ConfigError):
        recorder.start(ONE)
    assert not recorder.is_on
