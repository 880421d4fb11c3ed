"""One picture for any number of viewers: made to a JPEG once, and only if wanted."""

import threading
from dataclasses import dataclass

import cv2

from mimika.core.preprocess import UInt8Array

QUALITY = 85


@dataclass(frozen=True)
class Shown:
    """A frame for viewers.

    Attributes:
        number: of the frame, from 1.
        jpeg: the bytes of the file.
    """

    number: int
    jpeg: bytes


class JpegSlot:
    """Holds the newest frame. A slow viewer skips what came in between."""

    def __init__(self) -> None:
        """Begins empty."""
        self._changed = threading.Condition()
        self._encoding = threading.Lock()
        self._pixels: UInt8Array | None = None
        self._number = 0
        self._made: Shown | None = None
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether no frames come any more."""
        return self._closed

    def put(self, pixels: UInt8Array) -> None:
        """Takes a frame, uint8 (H, W, 3) RGB, that nobody changes any more."""
        with self._changed:
            self._pixels, self._number = pixels, self._number + 1
            self._changed.notify_all()

    def newer_than(self, number: int, wait_s: float) -> Shown | None:
        """The newest frame.

        Args:
            number: of the one that was seen last, 0 for none.
            wait_s: how long to wait for a newer one; then the same comes again.

        Returns:
            None where there is none at all, or after `close`.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self._number > number or self._closed, wait_s
            )
        # Whoever comes first makes the JPEG; the others wait and find it made.
        with self._encoding:
            with self._changed:
                pixels, newest = self._pixels, self._number
            if self._closed or pixels is None:
                return None
            if self._made is None or self._made.number != newest:
                self._made = Shown(newest, as_jpeg(pixels))
            return self._made

    def close(self) -> None:
        """Wakes everybody who waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


def as_jpeg(pixels: UInt8Array) -> bytes:
    """The bytes of a JPEG of uint8 (H, W, 3) RGB pixels."""
    bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return data.tobytes()
