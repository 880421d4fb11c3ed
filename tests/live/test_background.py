import threading

import numpy as np
import pytest

from mimika.core.errors import SourceError
from mimika.live.background import ReadAhead, WriteBehind
from mimika.live.frames import Frame, MemorySink, MemorySource
from mimika.live.moment import Moment

PIXELS = np.zeros((4, 6, 3), np.uint8)


def frames(count):
    return [Frame(PIXELS, index / 10, index) for index in range(count)]


def breaking(count):
    yield from frames(count)
    raise SourceError("unplugged")


def everything(source):
    found = []
    while (frame := source.read()) is not None:
        found.append(frame)
    return found


def show_all(sink, shown):
    for frame in shown:
        sink.show(frame, Moment(frame.index, frame.time_s, 6, 4))


def test_all_frames_come_in_order():
    ahead = ReadAhead(MemorySource(frames(50), title="drawn"), depth=3)
    assert [frame.index for frame in everything(ahead)] == list(range(50))
    assert ahead.read() is None
    assert (ahead.title, ahead.paced) == ("drawn", False)
    ahead.close()


def test_an_error_of_the_source_comes_after_the_frames_before_it():
    ahead = ReadAhead(MemorySource(breaking(3)))
    assert [ahead.read().index for _ in range(3)] == [0, 1, 2]
    with pytest.raises(SourceError, match="unplugged"):
        ahead.read()
    ahead.close()


def test_closing_ends_the_thread_however_much_is_left():
    before = threading.active_count()
    ahead = ReadAhead(MemorySource(frames(1000)), depth=2)
    assert ahead.read().index == 0
    ahead.close()
    ahead.close()
    assert ahead.read() is None
    assert threading.active_count() == before


def test_no_more_is_read_than_the_queue_holds():
    taken = []

    def counted():
        for frame in frames(1000):
            taken.append(frame.index)
            yield frame

    ahead = ReadAhead(MemorySource(counted()), depth=3)
    for _ in range(5):
        ahead.read()
    assert len(taken) <= 5 + 3 + 2
    ahead.close()


def test_all_frames_are_shown_before_the_sink_is_closed():
    sink = MemorySink()
    behind = WriteBehind(sink, depth=2)
    show_all(behind, frames(20))
    assert not sink.closed
    behind.close()
    behind.close()
    assert [frame.index for frame, _ in sink.shown] == list(range(20))
    assert sink.closed


class FullDisk(MemorySink):
    def show(self, frame, moment):
        if frame.index == 3:
            raise OSError(28, "No space left on device")
        super().show(frame, moment)


def test_an_error_of_the_sink_is_raised_once_and_nobody_waits_for_ever():
    sink = FullDisk()
    behind = WriteBehind(sink, depth=1)
    with pytest.raises(OSError, match="No space left"):
        show_all(behind, frames(50))
    behind.close()
    assert [frame.index for frame, _ in sink.shown] == [0, 1, 2]
    assert sink.closed


def test_an_error_at_the_end_is_raised_by_close_and_the_sink_is_closed():
    sink = FullDisk()
    behind = WriteBehind(sink, depth=9)
    show_all(behind, frames(4))
    with pytest.raises(OSError, match="No space left"):
        behind.close()
    assert sink.closed
