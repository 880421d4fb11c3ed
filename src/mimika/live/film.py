"""A film from its first frame to its last: read, look, draw, show."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from mimika.core.errors import SourceError
from mimika.live.background import ReadAhead
from mimika.live.frames import Frame, Sink, Source
from mimika.live.moment import Moment

Read = Callable[[Frame], Moment]
Draw = Callable[[Frame, Moment], Frame]


@dataclass(frozen=True)
class Outputs:
    """Who is shown the frames.

    Attributes:
        plain: take the frames as they are.
        marked: take them with marks; where there are none, nothing is drawn.
    """

    plain: Sequence[Sink] = ()
    marked: Sequence[Sink] = field(default=())


@dataclass(frozen=True)
class Played:
    """How far a film came.

    Attributes:
        frames: that were read.
        time_s: time of the last of them; 0 where there were none.
        finished: whether it was the film's last; False where it was stopped.
        error: why the source broke off; None where it did not.
    """

    frames: int
    time_s: float
    finished: bool
    error: SourceError | None = None


def play(
    source: Source,
    read: Read,
    draw: Draw,
    outputs: Outputs,
    *,
    progress: Callable[[float], None] = lambda time_s: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Played:
    """Plays a film once. Decoding runs in another thread; closes the source only.

    Args:
        source: the film.
        read: says who is in a frame.
        draw: makes a marked copy of a frame.
        outputs: the sinks, which stay open: whoever made them closes them, also after
            an error, so that what was written is whole.
        progress: is told the time of each frame after it was shown.
        stopped: is asked before each frame whether to end here.

    Raises:
        OSError: a sink cannot be written to.
    """
    frames, time_s = 0, 0.0
    with ExitStack() as stack:
        ahead = ReadAhead(source)
        stack.callback(ahead.close)
        while not stopped():
            try:
                frame = ahead.read()
            except SourceError as error:
                return Played(frames, time_s, finished=False, error=error)
            if frame is None:
                return Played(frames, time_s, finished=True)
            moment = read(frame)
            for sink in outputs.plain:
                sink.show(frame, moment)
            if outputs.marked:
                marked = draw(frame, moment)
                for sink in outputs.marked:
                    sink.show(marked, moment)
            frames, time_s = frames + 1, frame.time_s
            progress(time_s)
    return Played(frames, time_s, finished=False)
