"""Frames of a file no faster than they were filmed, for who looks at them."""

import threading
import time

from mimika.live.frames import Frame, Source


class InTempo:
    """Gives a source's frames with at least the time between them that they say.

    It stays a source that waits: where the looking takes longer, or is paused, nothing
    is dropped and nothing is made up for.
    """

    paced = False

    def __init__(self, source: Source) -> None:
        """Takes a source that gives its frames as fast as they are read."""
        self.title = source.title
        self._source = source
        self._woken = threading.Event()
        self._last: tuple[float, float] | None = None  # its time, and when it was given

    def read(self) -> Frame | None:
        """The next frame when it is due, or None after the last one."""
        frame = self._source.read()
        if frame is None:
            return None
        if self._last is not None:
            time_s, given_s = self._last
            due_s = given_s + frame.time_s - time_s
            self._woken.wait(max(0.0, due_s - time.perf_counter()))
        self._last = frame.time_s, time.perf_counter()
        return frame

    def wake(self) -> None:
        """Ends the wait of a read in another thread; later ones do not wait."""
        self._woken.set()

    def close(self) -> None:
        """Closes the source."""
        self._source.close()
