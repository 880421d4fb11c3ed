"""What a run consists of: the steps, where they lead, and how it begins and ends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mimika.live.commands import Viewer
from mimika.live.frames import Frame, Sink
from mimika.live.moment import Moment


def _silent(line: str) -> None:
    """Tells nobody."""


@dataclass(frozen=True)
class Steps:
    """What is done with a frame.

    Attributes:
        read: finds out who is in it.
        draw: a marked copy.
        record: a sink that writes marked frames into this video file.
    """

    read: Callable[[Frame], Moment]
    draw: Callable[[Frame, Moment], Frame]
    record: Callable[[Path], Sink]


@dataclass(frozen=True)
class Outputs:
    """Where it goes.

    Attributes:
        viewers: get the picture as people see it; their commands are obeyed.
        listeners: get the frame and its moment as they are, never mirrored.
        say: tells people a line.
        folder: for snapshots, and for recordings that were given no name.
    """

    viewers: Sequence[Viewer] = ()
    listeners: Sequence[Sink] = ()
    say: Callable[[str], None] = _silent
    folder: Path = Path()


@dataclass(frozen=True)
class Plan:
    """How the run begins and ends.

    Attributes:
        mirror: whether the picture is shown as in a mirror at first.
        record: video file to write from the first frame on.
        most_frames: end after so many; None for no limit.
        most_s: end after so many seconds; likewise.
    """

    mirror: bool = False
    record: Path | None = None
    most_frames: int | None = None
    most_s: float | None = None
