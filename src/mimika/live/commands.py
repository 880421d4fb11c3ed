"""What a person can ask for while the pictures run, by key or by button."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from mimika.live.frames import MemorySink, Sink


class Command(Enum):
    """One thing to do; the value is its name in addresses."""

    QUIT = "quit"
    SNAPSHOT = "snapshot"
    RECORD = "record"
    PAUSE = "pause"
    MIRROR = "mirror"


# in the window and on the page alike
KEYS = {
    "q": Command.QUIT,
    "s": Command.SNAPSHOT,
    "r": Command.RECORD,
    " ": Command.PAUSE,
    "m": Command.MIRROR,
}


@dataclass(frozen=True)
class State:
    """What is going on.

    Attributes:
        paused: whether the picture stands still.
        recording: whether a video is being written.
        mirrored: whether the picture is shown as in a mirror.
        said: the last thing that was told, such as where a snapshot lies.
    """

    paused: bool = False
    recording: bool = False
    mirrored: bool = False
    said: str = ""


class Viewer(Sink, Protocol):
    """A sink that people look at, and answer."""

    def commands(self) -> list[Command]:
        """What was asked for since the last call, in its order; never waits."""

    def tell(self, state: State) -> None:
        """Takes what is going on, where that has changed."""


class MemoryViewer(MemorySink):
    """The twin without a screen: asks for things after so many frames."""

    def __init__(self, asked: Mapping[int, Sequence[Command]] | None = None) -> None:
        """Takes what is asked for, by the number of frames that were shown before."""
        super().__init__()
        self.told: list[State] = []
        self._asked = {count: list(c) for count, c in (asked or {}).items()}

    def commands(self) -> list[Command]:
        """What was due up to now."""
        due = [count for count in sorted(self._asked) if count <= len(self.shown)]
        return [command for count in due for command in self._asked.pop(count)]

    def tell(self, state: State) -> None:
        """Keeps it."""
        self.told.append(state)
