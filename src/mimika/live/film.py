"""A film from its first frame to its last: read, look, show."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

from mimika.core.errors import SourceError
from mimika.live.background import ReadAhead
from mimika.live.frames import Frame, Sink, Source
from mimika.live.moment import Moment

Read = Callable[[Frame], Moment]
Draw = Callable[[Frame, Moment], Frame]


@dataclass(frozen=True)
class Played:
    """How far a film came.

    Attributes:
        frames: that were read.
        time_s: time of the last of them; 0 where there were none.
        finished: whether it was the film's last; False where it was stopped.
        error: why the source broke off, or why a sink could not be written; None where
            neither happened.
    """

    frames: int
    time_s: float
    finished: bool
    error: SourceError | OSError | None = None


def play(
    source: Source,
    read: Read,
    sinks: Sequence[Sink],
    *,
    progress: Callable[[float], None] = lambda time_s: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Played:
    """Plays a film once. Decoding runs in another thread; closes the source only.

    Args:
        source: the film.
        read: says who is in a frame.
        sinks: are shown the frames without marks. They stay open: whoever made them
            closes them, also after an error, so that what was written is whole. Where
            one of them fails, the film ends, so that all of them end at one time.
        progress: is told the time of each frame after it was shown.
        stopped: is asked before each frame whether to end here.
    """
    frames, time_s = 0, 0.0
    with closing(ReadAhead(source)) as ahead:
        while not stopped():
            try:
                frame = ahead.read()
            except SourceError as error:
                return Played(frames, time_s, finished=False, error=error)
            if frame is None:
                return Played(frames, time_s, finished=True)
            moment = read(frame)
            try:
                for sink in sinks:
                    sink.show(frame, moment)
            except OSError as error:
                return Played(frames, time_s, finished=False, error=error)
            frames, time_s = frames + 1, frame.time_s
            progress(time_s)
    return Played(frames, time_s, finished=False)


class Marked:
    """A sink that draws marks on frames for another one.

    Behind `background.WriteBehind`, drawing shares the thread of coding, which leaves
    the other cores to the networks.
    """

    def __init__(self, sink: Sink, draw: Draw) -> None:
        """Joins a sink, which belongs to it from now, and what makes marked copies."""
        self._sink, self._draw = sink, draw

    def show(self, frame: Frame, moment: Moment) -> None:
        """Shows a marked copy of the frame.

        Raises:
            OSError: it cannot be written.
        """
        self._sink.show(self._draw(frame, moment), moment)

    def close(self) -> None:
        """Closes the sink."""
        self._sink.close()
