import numpy as np
import pytest

from mimika.core.errors import SourceError
from mimika.live.film import Outputs, play
from mimika.live.frames import Frame, MemorySink, MemorySource
from mimika.live.moment import Moment

PIXELS = np.zeros((4, 6, 3), np.uint8)


def frames(count):
    return [Frame(PIXELS, index / 10, index) for index in range(count)]


def read(frame):
    return Moment(frame.index, frame.time_s, 6, 4)


def draw(frame, moment):
    return Frame(frame.pixels + 1, frame.time_s, moment.index)


def test_plain_sinks_see_frames_as_they_are_and_marked_ones_what_is_drawn():
    plain, marked, told = MemorySink(), MemorySink(), []
    played = play(
        MemorySource(frames(5)),
        read,
        draw,
        Outputs([plain], [marked]),
        progress=told.append,
    )
    assert (played.frames, played.time_s, played.finished) == (5, 0.4, True)
    assert [frame.pixels.max() for frame, _ in plain.shown] == [0] * 5
    assert [frame.pixels.min() for frame, _ in marked.shown] == [1] * 5
    assert [moment.index for _, moment in marked.shown] == list(range(5))
    assert told == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])
    assert not plain.closed


def test_nothing_is_drawn_where_nobody_looks():
    def refuse(frame, moment):
        raise AssertionError("drawn")

    sink = MemorySink()
    assert play(MemorySource(frames(3)), read, refuse, Outputs([sink])).finished
    assert len(sink.shown) == 3


def test_a_film_that_is_stopped_ends_after_a_whole_frame():
    sink = MemorySink()
    played = play(
        MemorySource(frames(50)),
        read,
        draw,
        Outputs([sink]),
        stopped=lambda: len(sink.shown) == 7,
    )
    assert (played.frames, played.finished) == (7, False)
    assert played.time_s == pytest.approx(0.6)


def test_what_came_before_the_source_broke_off_was_shown():
    def breaking():
        yield from frames(4)
        raise SourceError("unplugged")

    sink = MemorySink()
    played = play(MemorySource(breaking()), read, draw, Outputs([sink]))
    assert (played.frames, played.finished, str(played.error)) == (
        4,
        False,
        "unplugged",
    )
    assert len(sink.shown) == 4
