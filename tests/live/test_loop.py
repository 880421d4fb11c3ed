import threading
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mimika.core.errors import SourceError
from mimika.live.commands import Command, MemoryViewer, State
from mimika.live.frames import Frame, MemorySink, MemorySource, Source
from mimika.live.latest import LatestFrames
from mimika.live.loop import Live
from mimika.live.marks import RED
from mimika.live.moment import Moment
from mimika.live.plan import Outputs, Plan, Steps

MakeFrames = Callable[..., Iterable[Frame]]
MakeMoment = Callable[..., Moment]
GREEN = (0, 255, 0)
VIDEO = Path("video.mp4")


def draw(frame: Frame, moment: Moment) -> Frame:
    pixels = frame.pixels.copy()
    pixels[0, 0] = GREEN
    return replace(frame, pixels=pixels)


class Run:
    """A run with twins of all devices; set what is to be different, then `go`."""

    def __init__(self, make_moment: MakeMoment) -> None:
        self.viewer: MemoryViewer | None = MemoryViewer()
        self.listener = MemorySink()
        self.recorded: dict[Path, MemorySink] = {}
        self.said: list[str] = []
        self.stopping = threading.Event()
        self.read: Callable[[Frame], Moment] = make_moment
        self.folder = Path()

    def go(self, source: Source, **plan: object) -> str:
        viewers = [] if self.viewer is None else [self.viewer]
        outputs = Outputs(viewers, [self.listener], self.said.append, self.folder)
        steps = Steps(lambda frame: self.read(frame), draw, self._record)
        frames = LatestFrames(source)
        live = Live(frames, steps, outputs, Plan(**plan), self.stopping)  # type: ignore[arg-type]
        return str(live.run())

    def _record(self, path: Path) -> MemorySink:
        return self.recorded.setdefault(path, MemorySink())

    def shown(self) -> list[int]:
        assert self.viewer is not None
        return [frame.index for frame, _ in self.viewer.shown]

    def listened(self) -> list[int]:
        return [frame.index for frame, _ in self.listener.shown]


@pytest.fixture
def run(make_moment: MakeMoment, tmp_path: Path) -> Run:
    run = Run(make_moment)
    run.folder = tmp_path
    return run


class Ticking:
    """A source in its own time, 200 frames in a second."""

    title, paced = "ticking", True

    def __init__(self, frames: Iterable[Frame]) -> None:
        self._frames, self.closed = iter(frames), False

    def read(self) -> Frame | None:
        time.sleep(0.005)
        return next(self._frames, None)

    def close(self) -> None:
        self.closed = True


def failing(frames: Iterable[Frame], error: Exception) -> Iterator[Frame]:
    yield from frames
    raise error


def test_each_frame_of_a_file_is_read_drawn_shown_and_told(
    run: Run, make_frames: MakeFrames
) -> None:
    summary = run.go(MemorySource(make_frames(12)))
    assert run.shown() == run.listened() == list(range(12))
    assert run.viewer is not None
    frame, _ = run.viewer.shown[5]
    assert (frame.pixels[0, 0] == GREEN).all()
    heard, _ = run.listener.shown[5]
    assert not (heard.pixels[0, 0] == GREEN).all()
    assert run.viewer.closed
    assert run.listener.closed
    assert summary.startswith("12 frames in ")
    assert " 0 dropped; " in summary


def test_a_loop_that_is_slower_than_the_camera_drops_frames(
    run: Run, make_frames: MakeFrames, make_moment: MakeMoment
) -> None:
    def slowly(frame: Frame) -> Moment:
        time.sleep(0.03)
        return make_moment(frame)

    run.read = slowly
    run.go(Ticking(make_frames(60)))
    seen = run.shown()
    assert seen == sorted(set(seen))
    assert len(seen) < 40
    _, last = run.listener.shown[-1]
    assert last.dropped == seen[-1] + 1 - len(seen)


def test_the_times_of_all_stages_are_told(run: Run, make_frames: MakeFrames) -> None:
    run.go(MemorySource(make_frames(8)))
    assert run.viewer is not None
    _, heard = run.listener.shown[-1]
    _, shown = run.viewer.shown[-1]
    assert list(heard.stage_ms) == ["wait", "detect"]
    assert list(shown.stage_ms) == ["wait", "detect", "draw", "show"]
    assert shown.stage_ms["detect"] == pytest.approx(2.0)
    assert min(shown.stage_ms.values()) >= 0
    assert shown.frames_per_s is not None
    assert shown.frames_per_s > 0


def test_in_the_mirror_people_see_and_programs_do_not(
    run: Run, make_frames: MakeFrames
) -> None:
    run.go(MemorySource(make_frames(2)), mirror=True)
    assert run.viewer is not None
    _, shown = run.viewer.shown[0]
    _, heard = run.listener.shown[0]
    assert heard.people[0].box == (4.0, 8.0, 20.0, 24.0)
    assert shown.people[0].box == (40.0, 8.0, 20.0, 24.0)
    assert run.viewer.told[0] == State(mirrored=True)


def test_quitting_ends_it_at_once(run: Run, make_frames: MakeFrames) -> None:
    run.viewer = MemoryViewer({3: [Command.QUIT]})
    source = Ticking(make_frames(10_000))
    run.go(source)
    assert len(run.shown()) == 3
    assert source.closed


def test_the_plan_ends_it(run: Run, make_frames: MakeFrames) -> None:
    run.go(MemorySource(make_frames(50)), most_frames=7)
    assert run.listened() == list(range(7))
    began_s = time.monotonic()
    run.go(Ticking(make_frames(100_000)), most_s=0.2)
    assert 0.2 <= time.monotonic() - began_s < 20


def test_a_signal_ends_it(run: Run, make_frames: MakeFrames) -> None:
    timer = threading.Timer(0.1, run.stopping.set)
    timer.start()
    run.go(Ticking(make_frames(100_000)))
    timer.join()
    assert run.listened()


def test_a_pause_keeps_the_picture_and_a_file_waits(
    run: Run, make_frames: MakeFrames
) -> None:
    # the mark of the pause is the fourth picture, its end the fifth
    run.viewer = MemoryViewer({3: [Command.PAUSE], 4: [Command.PAUSE]})
    run.go(MemorySource(make_frames(6)))
    assert run.shown() == [0, 1, 2, 2, 2, 3, 4, 5]
    assert run.listened() == [0, 1, 2, 3, 4, 5]
    paused = [state.paused for state in run.viewer.told]
    assert paused == [False, True, False]


def test_a_camera_goes_on_while_paused_and_what_it_gave_counts_as_dropped(
    run: Run, make_frames: MakeFrames
) -> None:
    run.viewer = MemoryViewer({2: [Command.PAUSE]})
    summary = run.go(Ticking(make_frames(40)))
    assert len(run.listened()) == 2
    assert " 38 dropped; " in summary


def test_a_snapshot_shows_what_was_drawn(
    run: Run, make_frames: MakeFrames, tmp_path: Path
) -> None:
    run.viewer = MemoryViewer({2: [Command.SNAPSHOT]})
    run.go(MemorySource(make_frames(4)))
    (path,) = tmp_path.glob("mimika-*.png")
    assert run.said == [f"snapshot: {path}"]


def test_a_recording_from_the_start_has_all_frames_without_marks_of_the_screen(
    run: Run, make_frames: MakeFrames
) -> None:
    run.go(MemorySource(make_frames(5)), record=VIDEO)
    sink = run.recorded[VIDEO]
    assert [frame.index for frame, _ in sink.shown] == list(range(5))
    assert sink.closed
    assert run.viewer is not None
    seen, _ = run.viewer.shown[0]
    written, _ = sink.shown[0]
    assert (seen.pixels == RED).all(axis=2).any()
    assert not (written.pixels == RED).all(axis=2).any()
    assert (written.pixels[0, 0] == GREEN).all()
    assert run.said == [f"recording: {VIDEO}", f"recorded: {VIDEO}"]


def test_a_recording_by_key_begins_and_ends_in_between(
    run: Run, make_frames: MakeFrames
) -> None:
    run.viewer = MemoryViewer({2: [Command.RECORD], 5: [Command.RECORD]})
    run.go(MemorySource(make_frames(8)))
    ((path, sink),) = run.recorded.items()
    # telling draws the last frame again: 0 1 (1) 2 3 | (3) 4 5 6 7
    assert [frame.index for frame, _ in sink.shown] == [2, 3]
    assert sink.shown[0][0].time_s == 0.0
    assert path.name.startswith("mimika-")
    assert sink.closed


def test_without_anybody_to_look_nothing_is_drawn(
    run: Run, make_frames: MakeFrames, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.viewer = None
    drawn: list[int] = []
    monkeypatch.setattr(f"{__name__}.draw", lambda f, _: drawn.append(f.index) or f)
    run.go(MemorySource(make_frames(3)))
    assert run.listened() == [0, 1, 2]
    assert drawn == []


def test_a_camera_that_breaks_off_leaves_a_whole_recording(
    run: Run, make_frames: MakeFrames
) -> None:
    unplugged = failing(make_frames(4), SourceError("unplugged"))
    with pytest.raises(SourceError, match="unplugged"):
        run.go(MemorySource(unplugged), record=VIDEO)
    sink = run.recorded[VIDEO]
    assert [frame.index for frame, _ in sink.shown] == [0, 1, 2, 3]
    assert sink.closed
    assert run.viewer is not None
    assert run.viewer.closed
    assert run.listener.closed


def test_a_full_disk_ends_it_and_all_is_closed(
    run: Run, make_frames: MakeFrames
) -> None:
    class Full(MemorySink):
        def show(self, frame: Frame, moment: Moment) -> None:
            raise OSError(28, "No space left on device")

    run.recorded[VIDEO] = Full()
    source = Ticking(make_frames(1000))
    with pytest.raises(OSError, match="No space left"):
        run.go(source, record=VIDEO)
    assert run.recorded[VIDEO].closed
    assert source.closed
    assert run.viewer is not None
    assert run.viewer.closed


def test_an_error_in_reading_closes_everything(
    run: Run, make_frames: MakeFrames
) -> None:
    def broken(frame: Frame) -> Moment:
        raise ZeroDivisionError

    run.read = broken
    with pytest.raises(ZeroDivisionError):
        run.go(Ticking(make_frames(1000)))
    assert run.listener.closed
    assert "capture ticking" not in [thread.name for thread in threading.enumerate()]


def test_memory_does_not_grow_with_the_frames(
    run: Run, make_moment: MakeMoment
) -> None:
    def frames(number: int) -> Iterator[Frame]:
        for index in range(number):
            yield Frame(np.zeros((48, 64, 3), np.uint8), index / 30, index)

    class Blind(MemorySink):
        def show(self, frame: Frame, moment: Moment) -> None:
            """Keeps nothing."""

    run.viewer, run.listener = None, Blind()
    run.go(MemorySource(frames(400)))  # what is made once is there now
    tracemalloc.start()
    run.go(MemorySource(frames(400)))
    _, few = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    run.go(MemorySource(frames(2000)))
    _, many = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert many < few + 100_000
