"""Where moving pictures come from and where they go: two protocols and their twins.

A camera, a video file and a network stream are sources; a window, a page, a video file
and JSON lines are sinks. `MemorySource` and `MemorySink` are the same without a device.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from mimika.core.preprocess import UInt8Array
from mimika.live.moment import Moment


@dataclass(frozen=True)
class Frame:
    """One picture of a moving one.

    Attributes:
        pixels: uint8 (H, W, 3), RGB, 0..255, upright.
        time_s: when it is shown, in seconds from the first frame of the source. Never
            falls from frame to frame.
        index: its number in the source, from 0; frames that were dropped count.
    """

    pixels: UInt8Array
    time_s: float
    index: int


class Source(Protocol):
    """Gives frames in their order.

    Attributes:
        title: what people read, such as `camera 0` or the name of a file.
        paced: whether frames come in their own time, as from a camera. Those that
            nobody takes in time are gone; a file waits.
    """

    title: str
    paced: bool

    def read(self) -> Frame | None:
        """The next frame, or None after the last one.

        Raises:
            SourceError: it broke off, such as a camera that was unplugged. What was
                read before is whole.
        """

    def close(self) -> None:
        """Gives the device or file back; a second call does nothing."""


class Sink(Protocol):
    """Takes marked pictures together with what is known about them."""

    def show(self, frame: Frame, moment: Moment) -> None:
        """Takes one frame.

        Args:
            frame: the picture as people see it, with marks drawn on it.
            moment: who is in it.

        Raises:
            OSError: it cannot be written any more, such as on a full disk.
        """

    def close(self) -> None:
        """Ends what was written so that it is whole; a second call does nothing."""


class MemorySource:
    """Frames that are there already."""

    def __init__(
        self, frames: Iterable[Frame], *, paced: bool = False, title: str = "memory"
    ) -> None:
        """Takes the frames, which may be made while they are read."""
        self.title, self.paced = title, paced
        self._frames = iter(frames)

    def read(self) -> Frame | None:
        """The next frame, or None after the last one."""
        return next(self._frames, None)

    def close(self) -> None:
        """Gives no more frames."""
        self._frames = iter(())


@dataclass
class MemorySink:
    """Keeps what it is shown.

    Attributes:
        shown: the frames with their moments.
        closed: whether it was closed.
    """

    shown: list[tuple[Frame, Moment]] = field(default_factory=list)
    closed: bool = False

    def show(self, frame: Frame, moment: Moment) -> None:
        """Keeps it."""
        self.shown.append((frame, moment))

    def close(self) -> None:
        """Remembers that."""
        self.closed = True
