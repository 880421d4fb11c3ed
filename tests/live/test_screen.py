from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mimika.live.commands import MemoryViewer, State
from mimika.live.frames import Frame
from mimika.live.marks import RED, WHITE
from mimika.live.moment import Moment
from mimika.live.screen import Screen

MakeFrame = Callable[..., Frame]
MakeMoment = Callable[..., Moment]
GREEN = (0, 255, 0)


def draw(frame: Frame, moment: Moment) -> Frame:
    """Fills the boxes."""
    pixels = frame.pixels.copy()
    for person in moment.people:
        x, y, w, h = map(int, person.box)
        pixels[y : y + h, x : x + w] = GREEN
    return replace(frame, pixels=pixels)


@pytest.fixture
def viewer() -> MemoryViewer:
    return MemoryViewer()


def shows(viewer: MemoryViewer, colour: tuple[int, int, int]) -> bool:
    frame, _ = viewer.shown[-1]
    return bool((frame.pixels == colour).all(axis=2).any())


def test_a_frame_is_drawn_and_shown_and_the_time_is_told(
    viewer: MemoryViewer, make_frame: MakeFrame, make_moment: MakeMoment
) -> None:
    screen = Screen(draw, [viewer], State())
    frame = make_frame()
    took = screen.show(frame, make_moment(frame))
    assert list(took) == ["draw", "show"]
    assert all(ms >= 0 for ms in took.values())
    assert shows(viewer, GREEN)
    assert not (frame.pixels == GREEN).all(axis=2).any()


def test_in_the_mirror_boxes_lie_on_their_faces(
    viewer: MemoryViewer, make_frame: MakeFrame, make_moment: MakeMoment
) -> None:
    screen = Screen(draw, [viewer], State(mirrored=True))
    frame = make_frame()
    screen.show(frame, make_moment(frame))
    shown, moment = viewer.shown[0]
    columns = np.flatnonzero((shown.pixels == GREEN).all(axis=2).any(axis=0))
    assert (columns.min(), columns.max()) == (64 - 24, 64 - 5)
    assert moment.people[0].box == (40.0, 8.0, 20.0, 24.0)


def test_what_goes_on_is_marked_on_the_screen_but_not_in_what_is_recorded(
    viewer: MemoryViewer, make_frame: MakeFrame, make_moment: MakeMoment
) -> None:
    screen = Screen(draw, [viewer], State(recording=True, paused=True))
    frame = make_frame()
    screen.show(frame, make_moment(frame))
    assert shows(viewer, RED)
    assert shows(viewer, WHITE)
    assert screen.drawn is not None
    assert not (screen.drawn[0].pixels == RED).all(axis=2).any()


def test_a_change_is_told_and_shown_at_once(
    viewer: MemoryViewer, make_frame: MakeFrame, make_moment: MakeMoment
) -> None:
    screen = Screen(draw, [viewer], State())
    screen.change(State(mirrored=True))
    assert viewer.shown == []  # there is nothing to show yet
    frame = make_frame()
    screen.show(frame, make_moment(frame))
    assert not shows(viewer, WHITE)
    screen.change(State(mirrored=True, paused=True))
    assert shows(viewer, WHITE)
    assert viewer.told == [State(mirrored=True), State(mirrored=True, paused=True)]
    first, second = (moment.people[0].box for _, moment in viewer.shown)
    assert first == second  # mirrored once, not twice


def test_without_viewers_nothing_is_drawn_again(
    make_frame: MakeFrame, make_moment: MakeMoment
) -> None:
    drawn: list[int] = []

    def note(frame: Frame, moment: Moment) -> Frame:
        drawn.append(frame.index)
        return frame

    screen = Screen(note, [], State())
    screen.show(make_frame(4), make_moment(make_frame(4)))
    screen.change(State(recording=True))
    assert drawn == [4]
