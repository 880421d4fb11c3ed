"""A camera as a source, through OpenCV's reader of devices.

That reader is also in the headless build. Pictures are turned from BGR to RGB here.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import cv2
import numpy as np

from mimika.core.errors import SourceError
from mimika.live.cameras import CameraFolders, why_not_opened
from mimika.live.frames import Frame

# One each, instead of all that OpenCV would try one after the other
BACKENDS = {
    "linux": cv2.CAP_V4L2,
    "darwin": cv2.CAP_AVFOUNDATION,
    "win32": cv2.CAP_MSMF,
}
PATIENCE_S = 2.0  # so long a camera may give nothing in between
BETWEEN_TRIES_S = 0.02
UNPACKED_PIXELS = 640 * 480  # what fits through USB 2 at 30 pictures/s without JPEG


class Device(Protocol):
    """What is used of OpenCV's `VideoCapture`."""

    def isOpened(self) -> bool:  # noqa: N802  OpenCV's name
        """Whether it can be read."""

    def read(self) -> tuple[bool, Any]:
        """Whether a picture came, and uint8 (H, W, 3), BGR."""

    def release(self) -> None:
        """Gives it back."""


@dataclass(frozen=True)
class Wish:
    """What is asked of a camera; it gives the nearest that it can.

    Attributes:
        width: in pixels.
        height: likewise.
        frames_per_s: pictures in a second.
    """

    width: int = 640
    height: int = 480
    frames_per_s: int = 30


def open_device(number: int, wish: Wish) -> Device:
    """The system's camera of this number, which may have failed to open."""
    # Its warnings would stand on the terminal beside our one clear line.
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    backend = BACKENDS.get(sys.platform, cv2.CAP_ANY)
    device = cv2.VideoCapture(number, backend)
    if device.isOpened():
        if wish.width * wish.height > UNPACKED_PIXELS:
            device.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        device.set(cv2.CAP_PROP_FRAME_WIDTH, wish.width)
        device.set(cv2.CAP_PROP_FRAME_HEIGHT, wish.height)
        device.set(cv2.CAP_PROP_FPS, wish.frames_per_s)
    return device


class Camera:
    """A camera by its number; a `Source` in its own time.

    Attributes:
        title: `camera 0`.
        paced: it does not wait.
    """

    paced = True

    def __init__(
        self,
        number: int,
        wish: Wish | None = None,
        *,
        opened_by: Callable[[int, Wish], Device] = open_device,
        folders: CameraFolders | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Opens the camera.

        Args:
            number: of the camera, from 0.
            wish: size and rate that are asked for.
            opened_by: opens the device.
            folders: where the system shows its cameras.
            clock: seconds that never fall.

        Raises:
            SourceError: there is none, it is in use or may not be used.
        """
        self.title = f"camera {number}"
        self._number, self._folders = number, folders or CameraFolders()
        self._clock, self._index = clock, 0
        self._began_s: float | None = None
        self._device: Device | None = opened_by(number, wish or Wish())
        if not self._device.isOpened():
            self.close()
            raise SourceError(why_not_opened(number, self._folders))

    def read(self) -> Frame | None:
        """The next picture; None after `close`.

        Raises:
            SourceError: it was unplugged, or gives no pictures.
        """
        pixels = self._next_pixels()
        if pixels is None:
            return None
        now_s = self._clock()
        self._began_s = now_s if self._began_s is None else self._began_s
        frame = Frame(pixels, now_s - self._began_s, self._index)
        self._index += 1
        return frame

    def close(self) -> None:
        """Gives the camera back."""
        device, self._device = self._device, None
        if device is not None:
            device.release()

    def _next_pixels(self) -> np.ndarray[Any, np.dtype[np.uint8]] | None:
        """uint8 (H, W, 3), RGB; a picture that was damaged on the way is left out."""
        until_s = self._clock() + PATIENCE_S
        while self._device is not None:
            came, pixels = self._device.read()
            if came and pixels is not None:
                return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8)
            if self._folders.is_gone(self._number) or self._clock() >= until_s:
                raise SourceError(self._why_not_read())
            time.sleep(BETWEEN_TRIES_S)  # a device that is gone answers at once
        return None

    def _why_not_read(self) -> str:
        if self._index:
            return (
                f"{self.title} gives no pictures any more after {self._index}; it may "
                "have been unplugged: connect it and start again"
            )
        return (
            f"{self.title} was opened but gives no pictures; another program may be "
            "using it: close that, or name another camera with --source "
            f"({self._folders.found()})"
        )
