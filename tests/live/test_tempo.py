import time
from collections.abc import Callable, Iterable
from threading import Timer

from mimika.live.frames import Frame, MemorySource
from mimika.live.tempo import InTempo


def test_frames_come_no_faster_than_they_were_filmed(
    make_frames: Callable[..., Iterable[Frame]],
) -> None:
    source = InTempo(MemorySource(make_frames(7), title="film"))
    began_s = time.perf_counter()
    indices = [frame.index for frame in iter(source.read, None)]
    assert indices == list(range(7))
    assert time.perf_counter() - began_s >= 6 / 30
    assert not source.paced
    assert source.title == "film"


def test_the_time_of_a_pause_is_not_made_up_for(
    make_frames: Callable[..., Iterable[Frame]],
) -> None:
    source = InTempo(MemorySource(make_frames(3)))
    source.read()
    time.sleep(0.1)
    source.read()  # late by two frames
    began_s = time.perf_counter()
    source.read()
    assert time.perf_counter() - began_s >= 0.9 / 30


def test_who_waits_can_be_woken(make_frame: Callable[..., Frame]) -> None:
    frames = [make_frame(0), make_frame(1, time_s=3600.0)]
    source = InTempo(MemorySource(frames))
    source.read()
    waking = Timer(0.05, source.wake)
    waking.start()
    frame = source.read()  # would take an hour
    waking.join()
    assert frame is not None
    source.close()
    assert source.read() is None
