"""The twins of sources and sinks."""

from collections.abc import Callable, Iterable
from typing import Any

from mimika.live.frames import Frame, MemorySink, MemorySource, Sink, Source
from mimika.live.moment import Moment


def test_a_source_in_memory_gives_its_frames_and_then_none(
    make_frames: Callable[..., Iterable[Frame]],
) -> None:
    source: Source = MemorySource(make_frames(3), paced=True, title="three")
    assert [frame.index for frame in iter(source.read, None)] == [0, 1, 2]
    assert source.read() is None
    assert (source.title, source.paced) == ("three", True)


def test_and_none_after_it_was_closed(
    make_frames: Callable[..., Iterable[Frame]],
) -> None:
    source: Source = MemorySource(make_frames(3))
    source.close()
    source.close()
    assert source.read() is None


def test_a_sink_in_memory_keeps_what_it_is_shown(
    make_frame: Callable[..., Frame], make_moment: Callable[..., Moment]
) -> None:
    kept = MemorySink()
    sink: Sink = kept
    frame: Any = make_frame(4)
    moment = make_moment(frame)
    sink.show(frame, moment)
    sink.close()
    assert kept.shown == [(frame, moment)]
    assert kept.closed
    assert moment.people[0].probability == 0.7
