"""A network stream as a source: an RTSP camera, MJPEG over HTTP, MPEG-TS over UDP.

FFmpeg reads it. What such a stream says about time is often invented (MJPEG has no
times at all), so a live one has the time at which its pictures arrive, as a camera has.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from mimika.core.errors import SourceError
from mimika.live.frames import Frame
from mimika.live.video_file import VideoReader, open_video

SCHEMES = ("rtsp", "rtsps", "http", "https", "udp", "rtp", "rtmp", "tcp")
TIMEOUT_S = 5.0  # for opening, and for anything to come
OPTIONS = {
    "rtsp_transport": "tcp",  # lost packets of UDP would be grey blocks in the picture
    "analyzeduration": "2000000",  # microseconds; otherwise 5 s before the first frame
}


def is_address(name: str) -> bool:
    """Whether this is the address of a stream, and not the name of a file."""
    scheme, found, _ = name.partition("://")
    return bool(found) and scheme.lower() in SCHEMES


def public_address(address: str) -> str:
    """The address without what may be secret: name, password and query.

    Raises:
        SourceError: it is none, such as one with half a bracket.
    """
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise SourceError(
            f"{address!r} is no address of a stream ({error}); expected one such as "
            "rtsp://camera.local/stream"
        ) from error
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


class Stream:
    """A stream by its address; a `Source`.

    Attributes:
        title: the address without password.
        paced: whether it is live; a file on a server waits.
    """

    def __init__(
        self,
        address: str,
        *,
        timeout_s: float = TIMEOUT_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Connects, and waits for the first frame.

        Args:
            address: of one of `SCHEMES`.
            timeout_s: how long connecting may take, and each wait for more.
            clock: seconds that never fall.

        Raises:
            SourceError: nobody answers, or it is no video.
        """
        self.title = public_address(address)
        self._clock, self._timeout_s = clock, timeout_s
        self._began_s = clock()
        try:
            container = open_video(
                address, title=self.title, timeout_s=timeout_s, options=OPTIONS
            )
            self._reader = VideoReader(container, self.title, paced=True)
        except SourceError as error:
            why = self._if_silent(self._began_s) or str(error)
            raise SourceError(
                f"{why}; check the address, and that its sender is on"
            ) from error
        self.paced = self._reader.duration_s is None
        self._began_s = clock()

    def read(self) -> Frame | None:
        """The next frame, or None after the last one.

        Raises:
            SourceError: the connection broke off, or nothing came in time.
        """
        asked_s = self._clock()
        frame = self._reader.read()
        if frame is None and (why := self._if_silent(asked_s)):
            raise SourceError(f"{why}; check that its sender is on, and start again")
        if frame is None or not self.paced:
            return frame
        return replace(frame, time_s=self._clock() - self._began_s)

    def close(self) -> None:
        """Hangs up; a second call does nothing."""
        self._reader.close()

    def _if_silent(self, since_s: float) -> str:
        """What to say where the time-out has passed, which FFmpeg calls an exit."""
        if self._clock() - since_s < self._timeout_s:
            return ""
        return f"{self.title}: nothing came for {self._timeout_s:g} s"
