"""A native window, through pygame-ce (SDL).

OpenCV's own windows are missing in its headless build, and its build with windows
cannot be installed beside that. Of pygame, only the display and its events are started:
no sound, no joysticks. It is imported when a window is opened.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING

import cv2
import numpy as np

from mimika.core.errors import DisplayError
from mimika.core.extras import how_to_install
from mimika.core.preprocess import UInt8Array
from mimika.live.commands import KEYS, Command, State
from mimika.live.frames import Frame
from mimika.live.moment import Moment

if TYPE_CHECKING:
    import pygame

DRIVERS = {"DISPLAY": "x11", "WAYLAND_DISPLAY": "wayland"}  # SDL's, by variable
DRIVER = "SDL_VIDEODRIVER"  # whoever sets it knows better
LEAST_WIDTH = 640  # smaller pictures are shown enlarged at first
OF_SCREEN = 0.85  # most of the screen's width and height that a new window takes
BACKGROUND = (16, 16, 16)
ICON_PX = 64
ICON_COLOUR = (86, 180, 233)


def has_screen(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether there may be a screen; elsewhere than on Linux only trying tells."""
    return platform != "linux" or any(map(environ.get, (*DRIVERS, DRIVER)))


def fitted(size: tuple[int, int], room: tuple[int, int]) -> tuple[int, int, int, int]:
    """Where a picture lies in a window, as large as possible and not distorted.

    Args:
        size: width and height of the picture.
        room: width and height of the window in pixels.

    Returns:
        x, y, width and height; what is left over is shared by both sides.
    """
    scale = min(room[0] / size[0], room[1] / size[1])
    width, height = (max(1, round(side * scale)) for side in size)
    return (room[0] - width) // 2, (room[1] - height) // 2, width, height


def first_size(size: tuple[int, int], screen: tuple[int, int]) -> tuple[int, int]:
    """Width and height of a new window for a picture of this size on this screen."""
    wanted = max(1.0, LEAST_WIDTH / size[0])
    most = OF_SCREEN * min(screen[0] / size[0], screen[1] / size[1])
    scale = min(wanted, most)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


class Window:
    """A window that can be resized; a `Viewer`. Closing it asks to quit.

    SDL wants all calls from one thread, on some systems the main one.
    """

    def __init__(self, title: str) -> None:
        """Starts the display; the window appears with the first frame.

        Raises:
            DisplayError: there is no screen, or pygame is not installed.
        """
        self._pygame = _started()
        self._name = self._title = title
        self._window: pygame.Window | None = None
        self._last: UInt8Array | None = None
        self._keys = {self._pygame.key.key_code(k): c for k, c in _named_keys().items()}

    def show(self, frame: Frame, moment: Moment) -> None:
        """Shows the picture, as large as the window is."""
        height, width = frame.pixels.shape[:2]
        if self._window is None:
            self._window = self._opened((width, height))
        self._last = frame.pixels
        self._paint(self._window)

    def commands(self) -> list[Command]:
        """What the keys that were pressed ask for; closing the window is quitting."""
        return [c for event in self._pygame.event.get() for c in self._of(event)]

    def tell(self, state: State) -> None:
        """Says in the window's title what goes on."""
        notes = [
            n
            for n, on in (("paused", state.paused), ("recording", state.recording))
            if on
        ]
        self._title = " - ".join([self._name, *notes])
        if self._window is not None:
            self._window.title = self._title

    def close(self) -> None:
        """Closes the window and ends the display; a second call does nothing."""
        if self._window is not None:
            self._window.destroy()
        self._window = self._last = None
        self._pygame.display.quit()

    def _of(self, event: "pygame.Event") -> list[Command]:
        pg = self._pygame
        if event.type in (pg.QUIT, pg.WINDOWCLOSE):
            return [Command.QUIT]
        if event.type == pg.KEYDOWN and event.key in self._keys:
            return [self._keys[event.key]]
        if event.type in (pg.WINDOWEXPOSED, pg.WINDOWSIZECHANGED) and self._window:
            self._paint(self._window)  # no frame may come for long, as while paused
        return []

    def _opened(self, size: tuple[int, int]) -> "pygame.Window":
        screen = self._pygame.display.get_desktop_sizes()[0]
        window: pygame.Window = self._pygame.Window(
            self._title,
            first_size(size, screen),
            resizable=True,
            allow_high_dpi=True,  # pixels of the screen, not points that get enlarged
        )
        window.set_icon(_surface(self._pygame, icon()))
        return window

    def _paint(self, window: "pygame.Window") -> None:
        if self._last is None:
            return
        surface = window.get_surface()
        height, width = self._last.shape[:2]
        place = fitted((width, height), surface.get_size())
        picture = _surface(self._pygame, scaled(self._last, place[2:]))
        if place[:2] != (0, 0):
            surface.fill(BACKGROUND)
        surface.blit(picture, place[:2])
        window.flip()


def scaled(pixels: UInt8Array, size: tuple[int, int]) -> UInt8Array:
    """The picture at another size: uint8 (H, W, 3) RGB; the same one if it fits."""
    if pixels.shape[1::-1] == size:
        return pixels
    smaller = size[0] < pixels.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, size, interpolation=how), np.uint8)


def icon() -> UInt8Array:
    """The window's icon, a face: uint8 (64, 64, 3) RGB."""
    picture = np.full((ICON_PX, ICON_PX, 3), BACKGROUND, np.uint8)
    middle = ICON_PX // 2
    cv2.circle(picture, (middle, middle), 28, ICON_COLOUR, -1, cv2.LINE_AA)
    for x in (middle - 10, middle + 10):
        cv2.circle(picture, (x, middle - 8), 4, BACKGROUND, -1, cv2.LINE_AA)
    place = (middle, middle + 2)
    cv2.ellipse(picture, place, (15, 13), 0, 20, 160, BACKGROUND, 4, cv2.LINE_AA)
    return picture


def _named_keys() -> dict[str, Command]:
    """The keys by SDL's names; escape is what people try first to leave."""
    named = {"space" if key == " " else key: command for key, command in KEYS.items()}
    return {**named, "escape": Command.QUIT}


def _surface(module: ModuleType, pixels: UInt8Array) -> "pygame.Surface":
    """A surface that shares the pixels."""
    whole = np.ascontiguousarray(pixels)
    size = (whole.shape[1], whole.shape[0])
    surface: pygame.Surface = module.image.frombuffer(whole, size, "RGB")
    return surface


def _started() -> ModuleType:
    """The module pygame with its display started.

    Raises:
        DisplayError: as for `Window`.
    """
    # SDL would take a screen that nobody sees where there is none.
    if not has_screen(os.environ):
        raise DisplayError("no screen was found (neither DISPLAY nor WAYLAND_DISPLAY)")
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # its greeting on stdout
    os.environ.setdefault("SDL_WINDOWS_DPI_SCALING", "1")  # sharp on Windows
    try:
        import pygame
    except ModuleNotFoundError as error:
        raise DisplayError(
            "windows need the package pygame-ce, which is not installed; "
            f"{how_to_install('live')}"
        ) from error
    try:
        with _only_screens():
            pygame.display.init()
    except pygame.error as error:
        raise DisplayError(f"the screen cannot be used ({error})") from error
    return pygame


@contextmanager
def _only_screens() -> Iterator[None]:
    """Lets SDL try only what the variables promise.

    Otherwise it goes on to a screen that nobody sees where an X server does not answer,
    and libraries of the other kind write warnings to stderr.
    """
    chosen = [driver for name, driver in DRIVERS.items() if os.environ.get(name)]
    if sys.platform != "linux" or DRIVER in os.environ:
        yield
        return
    os.environ[DRIVER] = ",".join(chosen)
    try:
        yield
    finally:
        del os.environ[DRIVER]
