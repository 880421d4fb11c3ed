"""On a real screen (Xvfb), except for what is pure."""

import os
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from displays import Display, screen

from mimika.core.errors import DisplayError
from mimika.live.commands import KEYS, Command, State
from mimika.live.frames import Frame
from mimika.live.moment import Moment
from mimika.live.window import Window, first_size, fitted, has_screen, icon, scaled

ORANGE = (200, 100, 50)
Show = Callable[..., None]


@pytest.fixture(scope="module")
def display() -> Iterator[Display]:
    with screen() as display:
        yield display


@pytest.fixture
def window(display: Display, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    monkeypatch.setenv("DISPLAY", display.name)
    monkeypatch.delenv("SDL_VIDEODRIVER", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    window = Window("mimika live - drawn")
    yield window
    window.close()


@pytest.fixture
def show(
    window: Window, make_frame: Callable[..., Frame], make_moment: Callable[..., Moment]
) -> Show:
    def show(**how: int) -> None:
        frame = make_frame(colour=ORANGE, **how)
        window.show(frame, make_moment(frame))

    return show


def place_of(display: Display, colour: tuple[int, int, int]) -> tuple[int, ...]:
    """x, y, width and height of what has this colour on the screen."""
    rows, columns = np.nonzero((display.picture() == colour).all(axis=2))
    if len(rows) == 0:
        return (0, 0, 0, 0)
    x, y = int(columns.min()), int(rows.min())
    return x, y, int(columns.max()) - x + 1, int(rows.max()) - y + 1


def settle(window: Window) -> list[Command]:
    """Takes what the window was told in the next moment."""
    commands: list[Command] = []
    for _ in range(20):
        commands += window.commands()
        time.sleep(0.01)
    return commands


def test_a_picture_is_seen_pixel_for_pixel(display: Display, show: Show) -> None:
    show(width=640, height=480)
    x, y, width, height = place_of(display, ORANGE)
    assert (width, height) == (640, 480)
    assert 0 < x < 1280 - 640
    assert 0 < y < 800 - 480


def test_a_small_picture_is_shown_enlarged_at_first(
    display: Display, show: Show
) -> None:
    show(width=320, height=240)
    assert place_of(display, ORANGE)[2:] == (640, 480)


def test_a_picture_larger_than_the_screen_is_reduced(
    display: Display, show: Show
) -> None:
    show(width=3840, height=2160)
    _, _, width, height = place_of(display, ORANGE)
    assert (width, height) == (1088, 612)  # 85 % of 1280


def test_a_window_that_is_made_wider_keeps_the_shape_of_the_picture(
    display: Display, window: Window, show: Show
) -> None:
    show(width=640, height=480)
    settle(window)
    assert window._window is not None
    window._window.size = (1000, 600)
    settle(window)  # is drawn anew without a new frame, as while paused
    _, _, width, height = place_of(display, ORANGE)
    assert (width, height) == (800, 600)
    show(width=640, height=480)
    assert place_of(display, ORANGE)[2:] == (800, 600)


def test_keys_are_commands(display: Display, window: Window, show: Show) -> None:
    show(width=640, height=480)
    settle(window)
    display.press("s", "r", "space", "m", "x", "F1", "q")
    asked = [Command.SNAPSHOT, Command.RECORD, Command.PAUSE, Command.MIRROR]
    assert settle(window) == [*asked, Command.QUIT]


def test_all_commands_have_a_key_and_escape_quits(window: Window, show: Show) -> None:
    import pygame

    show()
    window.commands()
    for key in (*(pygame.key.key_code("space" if k == " " else k) for k in KEYS),):
        pygame.event.post(pygame.Event(pygame.KEYDOWN, key=key))
    pygame.event.post(pygame.Event(pygame.KEYDOWN, key=pygame.K_ESCAPE))
    asked = [c for c in window.commands() if c]
    assert asked == [*KEYS.values(), Command.QUIT]


def test_closing_the_window_is_quitting(window: Window, show: Show) -> None:
    import pygame

    show()
    window.commands()
    pygame.event.post(pygame.Event(pygame.QUIT))
    assert window.commands() == [Command.QUIT]


def test_the_title_says_what_goes_on(window: Window, show: Show) -> None:
    window.tell(State(recording=True))  # before there is a window
    show()
    assert window._window is not None
    assert window._window.title == "mimika live - drawn - recording"
    window.tell(State(paused=True, recording=True))
    assert window._window.title == "mimika live - drawn - paused - recording"
    window.tell(State())
    assert window._window.title == "mimika live - drawn"


def test_a_closed_window_is_gone(display: Display, window: Window, show: Show) -> None:
    show(width=640, height=480)
    window.close()
    window.close()
    assert place_of(display, ORANGE) == (0, 0, 0, 0)


def test_only_display_and_events_are_started(window: Window) -> None:
    import pygame

    assert pygame.display.get_init()
    assert pygame.mixer.get_init() is None
    assert not pygame.joystick.get_init()


def test_without_a_screen_there_is_no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(DisplayError, match="neither DISPLAY nor WAYLAND_DISPLAY"):
        Window("nowhere")


def test_a_screen_that_does_not_answer_is_none(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISPLAY", ":9876")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(DisplayError, match="the screen cannot be used"):
        Window("nowhere")
    assert capfd.readouterr() == ("", "")
    assert "SDL_VIDEODRIVER" not in os.environ


@pytest.mark.parametrize(
    ("environ", "platform", "there"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_linux_says_in_variables_whether_there_is_a_screen(
    environ: dict[str, str], platform: str, there: bool
) -> None:
    assert has_screen(environ, platform) is there


@pytest.mark.parametrize(
    ("size", "room", "place"),
    [
        ((640, 480), (640, 480), (0, 0, 640, 480)),
        ((640, 480), (1280, 480), (320, 0, 640, 480)),
        ((640, 480), (640, 960), (0, 240, 640, 480)),
        ((320, 240), (640, 480), (0, 0, 640, 480)),
        ((3840, 2160), (1920, 1200), (0, 60, 1920, 1080)),
        ((1000, 10), (10, 10), (0, 4, 10, 1)),
    ],
)
def test_a_picture_fits_and_is_not_distorted(
    size: tuple[int, int], room: tuple[int, int], place: tuple[int, ...]
) -> None:
    assert fitted(size, room) == place


@pytest.mark.parametrize(
    ("size", "screen_size", "first"),
    [
        ((640, 480), (1920, 1080), (640, 480)),
        ((320, 240), (1920, 1080), (640, 480)),
        ((1280, 720), (1920, 1080), (1280, 720)),
        ((3840, 2160), (1920, 1080), (1632, 918)),
        ((320, 240), (320, 240), (272, 204)),
    ],
)
def test_a_new_window_is_neither_tiny_nor_too_large(
    size: tuple[int, int], screen_size: tuple[int, int], first: tuple[int, int]
) -> None:
    assert first_size(size, screen_size) == first


def test_scaling_to_the_same_size_copies_nothing() -> None:
    pixels = np.zeros((4, 6, 3), np.uint8)
    assert scaled(pixels, (6, 4)) is pixels
    assert scaled(pixels, (12, 8)).shape == (8, 12, 3)
    assert scaled(pixels, (3, 2)).shape == (2, 3, 3)


def test_the_icon_is_a_picture_with_something_on_it() -> None:
    pixels = icon()
    assert pixels.shape == (64, 64, 3)
    assert 0.2 < (pixels.max(axis=2) > 100).mean() < 0.8
