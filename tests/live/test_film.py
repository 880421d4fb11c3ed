import numpy as np
import pytest

from mimika.core.errors import SourceError
from mimika.live.film import Marked, play
from mimika.live.frames import Frame, MemorySink, MemorySource
from mimika.live.moment import Moment

PIXELS = np.zeros((4, 6, 3), np.uint8)


def frames(count):
    return [Frame(PIXELS, index / 10, index) for index in range(count)]


def read(frame):
    return Moment(frame.index, frame.time_s, 6, 4)


def draw(frame, moment):
    return Frame(frame.pixels + 1, frame.time_s, moment.index)


def test_each_sink_is_shown_each_frame_with_who_is_in_it():
    sinks, told = [MemorySink(), MemorySink()], []
    played = play(MemorySource(frames(5)), read, sinks, progress=told.append)
    assert (played.frames, played.time_s, played.finished) == (5, 0.4, True)
    for sink in sinks:
        assert [frame.index for frame, _ in sink.shown] == list(range(5))
        assert [moment.index for _, moment in sink.shown] == list(range(5))
        assert not sink.closed
    assert told == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])


def test_marks_are_drawn_for_one_sink_and_the_others_see_the_frame_as_it_is():
    plain, inner = MemorySink(), MemorySink()
    marked = Marked(inner, draw)
    play(MemorySource(frames(3)), read, [marked, plain])
    marked.close()
    assert [frame.pixels.min() for frame, _ in inner.shown] == [1, 1, 1]
    assert [frame.pixels.max() for frame, _ in plain.shown] == [0, 0, 0]
    assert inner.closed
    assert not plain.closed


def test_a_film_that_is_stopped_ends_after_a_whole_frame():
    sink = MemorySink()
    played = play(
        MemorySource(frames(50)),
        read,
        [sink],
        stopped=lambda: len(sink.shown) == 7,
    )
    assert (played.frames, played.finished) == (7, False)
    assert played.time_s == pytest.approx(0.6)


def test_what_came_before_the_source_broke_off_was_shown():
    def breaking():
        yield from frames(4)
        raise SourceError("unplugged")

    sink = MemorySink()
    played = play(MemorySource(breaking()), read, [sink])
    assert (played.frames, played.finished, str(played.error)) == (
        4,
        False,
        "unplugged",
    )
    assert len(sink.shown) == 4
