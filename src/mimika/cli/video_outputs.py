"""Files that a film is written into: what goes wrong with one is kept for the end."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mimika.live.background import WriteBehind
from mimika.live.film import Draw, Marked
from mimika.live.frames import Frame, Sink
from mimika.live.moment import Moment
from mimika.live.recording import Recording


class Output:
    """A sink with its file, which knows what went wrong with it.

    Attributes:
        path: the file.
        failure: a sentence that names it; None while all is well. What `close` says
            counts more than what `show` said, since it knows what was kept.
    """

    def __init__(self, path: Path, sink: Sink) -> None:
        """Takes a file and what writes it, which belongs to the output from now."""
        self.path = path
        self.failure: str | None = None
        self._sink = sink

    def show(self, frame: Frame, moment: Moment) -> None:
        """Writes a frame.

        Raises:
            OSError: it cannot be written.
        """
        with self._noting():
            self._sink.show(frame, moment)

    def finish(self) -> None:
        """Writes what comes after the last frame of a whole film: nothing."""

    def close(self) -> None:
        """Ends the file; a second call does nothing, and an error is only noted."""
        with suppress(OSError), self._noting():
            self._sink.close()

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Remembers an error that passes.

        Raises:
            OSError: as it came.
        """
        try:
            yield
        except OSError as error:
            self.failure = failure_of(self.path, error)
            raise


class MarkedFilm(Output):
    """The marked film, which is drawn and coded in a thread of its own."""

    def __init__(self, path: Path, recording: Recording, draw: Draw) -> None:
        """Takes the file, its recording, and what makes marked copies of frames."""
        self._recording = recording
        self._behind = WriteBehind(Marked(recording, draw))
        super().__init__(path, self._behind)

    def finish(self) -> None:
        """Writes the sound that goes on after the last picture."""
        with suppress(OSError), self._noting():
            self._behind.drain()
            self._recording.keep_all_sound()


def failure_of(path: Path, error: OSError) -> str:
    """A sentence that names the file, which errors of the system do not always do."""
    if error.strerror is None:  # a sentence of ours
        return str(error)
    return f"{path}: cannot be written ({error.strerror})"
