import threading
import time
from collections.abc import Callable, Iterable, Iterator
from queue import SimpleQueue

import pytest

from mimika.core.errors import SourceError
from mimika.live.frames import Frame, MemorySource
from mimika.live.latest import CLOSE_S, Captured, LatestFrames
from mimika.live.tempo import InTempo

LIMIT_S = 20.0


class Camera:
    """A paced source that gives what it is sent; None ends it."""

    title, paced = "camera 5", True

    def __init__(self) -> None:
        self.sent: SimpleQueue[Frame | Exception | None] = SimpleQueue()
        self.asked = threading.Semaphore(0)
        self.closed = 0

    def read(self) -> Frame | None:
        self.asked.release()
        given = self.sent.get()
        if isinstance(given, Exception):
            raise given
        return given

    def close(self) -> None:
        self.closed += 1

    def send(self, *given: Frame | Exception | None) -> None:
        """Sends them, and waits until they have been taken from the camera."""
        for one in given:
            assert self.asked.acquire(timeout=LIMIT_S)
            self.sent.put(one)

    def wait_until_asked(self) -> None:
        assert self.asked.acquire(timeout=LIMIT_S)
        self.asked.release()


@pytest.fixture
def camera() -> Iterator[Camera]:
    camera = Camera()
    yield camera
    camera.sent.put(None)  # no thread stays behind


def taken(frames: LatestFrames) -> Captured:
    captured = frames.take(LIMIT_S)
    assert captured is not None
    return captured


def take_until_error(frames: LatestFrames) -> None:
    while True:
        assert frames.take(0.02) is None


def test_who_looks_late_gets_the_newest_and_the_rest_is_counted(
    camera: Camera, make_frames: Callable[..., Iterable[Frame]]
) -> None:
    frames = LatestFrames(camera)
    camera.send(*make_frames(4))
    camera.wait_until_asked()
    assert taken(frames).frame.index == 3
    assert frames.dropped == 3
    assert frames.take(0.01) is None
    assert not frames.ended


def test_a_frame_says_when_it_came(
    camera: Camera, make_frame: Callable[..., Frame]
) -> None:
    frames = LatestFrames(camera)
    before_s = time.perf_counter()
    camera.send(make_frame())
    camera.wait_until_asked()
    after_s = time.perf_counter()
    assert before_s <= taken(frames).at_s <= after_s


def test_of_a_source_that_waits_no_frame_is_dropped(
    make_frames: Callable[..., Iterable[Frame]],
) -> None:
    frames = LatestFrames(MemorySource(make_frames(20)))
    seen = []
    while not frames.ended:
        captured = frames.take(LIMIT_S)
        seen += [] if captured is None else [captured.frame.index]
        time.sleep(0.002)
    assert seen == list(range(20))
    assert frames.dropped == 0


def test_after_the_last_frame_there_is_an_end(
    camera: Camera, make_frame: Callable[..., Frame]
) -> None:
    frames = LatestFrames(camera)
    camera.send(make_frame(), None)
    while not camera.closed:
        time.sleep(0.001)
    assert not frames.ended  # one was not looked at yet
    assert taken(frames).frame.index == 0
    assert frames.take(LIMIT_S) is None
    assert frames.ended


def test_an_error_comes_after_what_was_read_before_it(
    camera: Camera, make_frame: Callable[..., Frame]
) -> None:
    frames = LatestFrames(camera)
    camera.send(make_frame(), SourceError("unplugged"))
    while not camera.closed:
        time.sleep(0.001)
    assert taken(frames).frame.index == 0
    assert not frames.ended
    with pytest.raises(SourceError, match=r"^unplugged$"):
        frames.take(LIMIT_S)


def test_an_error_that_nobody_expected_is_not_lost_in_the_thread(
    camera: Camera,
) -> None:
    frames = LatestFrames(camera)
    camera.send(ZeroDivisionError("odd"))
    with pytest.raises(SourceError, match="camera 5 broke off: ZeroDivisionError"):
        frames.take(LIMIT_S)
    assert camera.closed == 1


def test_a_camera_that_hangs_is_given_up_and_left_behind(
    camera: Camera, make_frame: Callable[..., Frame], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mimika.live.latest.CLOSE_S", 0.05)
    frames = LatestFrames(camera, patience_s=0.05)
    camera.send(make_frame())
    taken(frames)
    camera.wait_until_asked()
    with pytest.raises(SourceError, match="camera 5 gives nothing any more"):
        take_until_error(frames)
    frames.close()
    assert camera.closed == 0  # a read is still running in it


def test_a_first_frame_may_take_longer(camera: Camera) -> None:
    frames = LatestFrames(camera, first_s=0.05, patience_s=1000)
    with pytest.raises(SourceError, match="gives nothing"):
        take_until_error(frames)


def test_closing_ends_the_thread_and_closes_the_source(
    make_frames: Callable[..., Iterable[Frame]],
) -> None:
    frames = LatestFrames(MemorySource(make_frames(1000), title="closed"))
    taken(frames)
    frames.close()
    frames.close()
    assert "capture closed" not in [thread.name for thread in threading.enumerate()]


def test_closing_wakes_a_source_that_waits_for_the_time_of_a_frame(
    make_frame: Callable[..., Frame],
) -> None:
    slow = InTempo(MemorySource([make_frame(0), make_frame(1, time_s=3600.0)]))
    frames = LatestFrames(slow, wake=slow.wake)
    assert frames.take(1.0) is not None
    began_s = time.perf_counter()
    frames.close()
    assert time.perf_counter() - began_s < CLOSE_S / 2
    assert slow.read() is None
