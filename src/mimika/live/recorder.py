"""The recording that is started and stopped while the pictures run."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mimika.live.frames import Frame, Sink
from mimika.live.moment import Moment


class Recorder:
    """At most one recording at a time; each begins at second 0."""

    def __init__(self, make: Callable[[Path], Sink]) -> None:
        """Takes what makes a sink that writes a video file."""
        self._make = make
        self._sink: Sink | None = None
        self._began_s: float | None = None
        self.path: Path | None = None

    @property
    def is_on(self) -> bool:
        """Whether one is being written."""
        return self._sink is not None

    def start(self, path: Path) -> None:
        """Begins one.

        Raises:
            ConfigError: that file cannot be recorded to.
        """
        self.stop()
        self._sink, self.path, self._began_s = self._make(path), path, None

    def show(self, frame: Frame, moment: Moment) -> None:
        """Adds a frame, where one is being written.

        Raises:
            OSError: it cannot be written.
        """
        if self._sink is None:
            return
        if self._began_s is None:
            self._began_s = frame.time_s
        time_s = frame.time_s - self._began_s
        self._sink.show(replace(frame, time_s=time_s), moment)

    def stop(self) -> Path | None:
        """Ends it so that it plays.

        Returns:
            The file; None where nothing was written.

        Raises:
            OSError: the rest cannot be written.
        """
        sink, self._sink = self._sink, None
        if sink is None:
            return None
        sink.close()
        return None if self._began_s is None else self.path
