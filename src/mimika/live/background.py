"""A source and a sink that work in a thread of their own, so that cores share the work.

FFmpeg works without holding Python's lock, so decoding, analysing and coding overlap.
The queues are short: nothing piles up however slow a stage is.
"""

import queue
import threading
from dataclasses import dataclass

from mimika.live.frames import Frame, Sink, Source
from mimika.live.moment import Moment

DEPTH = 4  # frames that wait; more only takes memory, since the slowest stage decides


@dataclass(frozen=True)
class _Failure:
    """An error on its way to whoever reads."""

    error: BaseException


class ReadAhead:
    """Reads a source in a thread, a few frames ahead."""

    def __init__(self, source: Source, depth: int = DEPTH) -> None:
        """Starts to read; the source belongs to the reader from now."""
        self.title, self.paced = source.title, source.paced
        self._source = source
        self._queue: queue.Queue[Frame | _Failure | None] = queue.Queue(depth)
        self._closing = threading.Event()
        self._over = False
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def read(self) -> Frame | None:
        """The next frame, or None after the last one.

        Raises:
            SourceError: the source broke off; the frames before it came already.
        """
        if self._over:
            return None
        item = self._queue.get()
        self._over = not isinstance(item, Frame)
        if isinstance(item, _Failure):
            raise item.error
        return item

    def close(self) -> None:
        """Stops reading and closes the source; a second call does nothing."""
        self._closing.set()
        self._over = True
        while self._thread.is_alive():  # it may wait for a place in the queue
            _take_all(self._queue)
            self._thread.join(0.05)
        self._source.close()

    def _work(self) -> None:
        item: Frame | _Failure | None
        while not self._closing.is_set():
            try:
                item = self._source.read()
            except BaseException as error:  # carried over to the other thread
                item = _Failure(error)
            self._queue.put(item)
            if not isinstance(item, Frame):
                return


class WriteBehind:
    """Shows frames to a sink in a thread, a few frames behind.

    An error of the sink is raised by the next `show`, or by `close`.
    """

    def __init__(self, sink: Sink, depth: int = DEPTH) -> None:
        """Starts the thread; the sink belongs to the writer from now."""
        self._sink = sink
        self._queue: queue.Queue[tuple[Frame, Moment] | None] = queue.Queue(depth)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def show(self, frame: Frame, moment: Moment) -> None:
        """Hands a frame on; waits while too many wait already.

        Raises:
            OSError: an earlier frame could not be written.
        """
        self._raise_error()
        self._queue.put((frame, moment))

    def drain(self) -> None:
        """Waits until all frames are shown.

        Raises:
            OSError: one of them could not be written.
        """
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()
        self._raise_error()

    def close(self) -> None:
        """Waits until all frames are shown and closes the sink.

        Raises:
            OSError: one of them could not be written; the sink is closed nevertheless.
        """
        try:
            self.drain()
        finally:
            self._sink.close()

    def _raise_error(self) -> None:
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _work(self) -> None:
        failed = False
        while (item := self._queue.get()) is not None:
            if failed:
                continue  # takes frames nevertheless, so that nobody waits for ever
            try:
                self._sink.show(*item)
            except BaseException as error:  # carried over to the other thread
                self._error, failed = error, True


def _take_all(waiting: "queue.Queue[Frame | _Failure | None]") -> None:
    """Empties a queue."""
    while True:
        try:
            waiting.get_nowait()
        except queue.Empty:
            return
