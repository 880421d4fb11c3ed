"""The newest frame of a source, read in a thread of its own.

A camera does not wait. Whoever looks at its frames one after the other falls behind as
soon as one takes too long, and shows what happened a while ago. Here a thread reads
them all into a slot that holds one, so that who looks always gets the newest.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from mimika.core.errors import MimikaError, SourceError
from mimika.live.frames import Frame, Source

FIRST_S = 15.0  # cameras and streams need seconds before their first frame
PATIENCE_S = 3.0  # a little more than sources have themselves
CLOSE_S = 2.0


@dataclass(frozen=True)
class Captured:
    """A frame, and when it came.

    Attributes:
        frame: it.
        at_s: when the source gave it, by `time.perf_counter`; where the source waits,
            when it was taken.
    """

    frame: Frame
    at_s: float


class LatestFrames:
    """Reads a source; where it has its own time, only the newest frame is kept.

    A source without a time of its own waits until its frame was taken.
    """

    def __init__(
        self,
        source: Source,
        first_s: float = FIRST_S,
        patience_s: float = PATIENCE_S,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """Starts the thread, which from now on owns the source and closes it.

        Args:
            source: an open one.
            first_s: how long the first frame may take, where the source is paced.
            patience_s: how long any other may take.
            wake: ends the wait of a source that lets frames come in their time.
        """
        self.title, self.paced = source.title, source.paced
        self._source, self._patience_s, self._wake = source, patience_s, wake
        self._changed = threading.Condition()
        self._slot: Captured | None = None
        self._error: Exception | None = None
        self._over = self._closing = False
        self._dropped = 0
        self._due_s = time.perf_counter() + first_s
        # A daemon: a device that hangs in its driver must not keep the program alive.
        self._thread = threading.Thread(
            target=self._run, name=f"capture {source.title}", daemon=True
        )
        self._thread.start()

    @property
    def dropped(self) -> int:
        """Frames that nobody took in time, so far."""
        with self._changed:
            return self._dropped

    @property
    def ended(self) -> bool:
        """Whether the source has ended and its last frame was taken."""
        with self._changed:
            return self._over and self._slot is None and self._error is None

    def take(self, wait_s: float) -> Captured | None:
        """The newest frame that was not taken yet; None where none came in time.

        Args:
            wait_s: how long to wait for one.

        Raises:
            SourceError: the source broke off, or gives nothing any more.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._slot or self._over, wait_s)
            captured, self._slot = self._slot, None
            if captured is not None and not self.paced:
                captured = replace(captured, at_s=time.perf_counter())
            self._changed.notify_all()
            if captured is None and self._error is not None:
                raise self._error
            if captured is None and self._is_late():
                raise SourceError(
                    f"{self.title} gives nothing any more; it may have been unplugged, "
                    "or the connection is gone: check it and start again"
                )
            return captured

    def close(self) -> None:
        """Ends the thread; one that hangs in the device is left behind."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._wake()
        self._thread.join(CLOSE_S)

    def _is_late(self) -> bool:
        late = time.perf_counter() > self._due_s
        return self.paced and not self._over and late

    def _run(self) -> None:
        try:
            while not self._closing:
                frame = self._source.read()
                if frame is None:
                    break
                self._put(Captured(frame, time.perf_counter()))
        except (MimikaError, OSError) as error:
            self._error = error
        except Exception as error:  # nobody would see it in a thread
            self._error = SourceError(f"{self.title} broke off: {error!r}")
            self._error.__cause__ = error
        finally:
            # Only here: a device must not be given back while a read is running in it.
            self._source.close()
            with self._changed:
                self._over = True
                self._changed.notify_all()

    def _put(self, captured: Captured) -> None:
        with self._changed:
            self._due_s = captured.at_s + self._patience_s
            if not self.paced:
                self._changed.wait_for(lambda: self._slot is None or self._closing)
            elif self._slot is not None:
                self._dropped += 1
            self._slot = captured
            self._changed.notify_all()
