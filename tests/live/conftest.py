"""Drawn frames, and what is known about them."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest

from mimika.core.tasks import EMOTION
from mimika.live.frames import Frame
from mimika.live.moment import Moment, Person


@pytest.fixture
def make_frame() -> Callable[..., Frame]:
    """Makes a frame of one colour; `width`, `height`, `time_s` can be given."""

    def make(
        index: int = 0,
        colour: tuple[int, int, int] = (200, 100, 50),
        *,
        width: int = 64,
        height: int = 48,
        time_s: float | None = None,
    ) -> Frame:
        pixels = np.full((height, width, 3), colour, np.uint8)
        return Frame(pixels, index / 30 if time_s is None else time_s, index)

    return make


@pytest.fixture
def make_frames(make_frame: Callable[..., Frame]) -> Callable[..., Iterable[Frame]]:
    """Makes so many frames, one after the other."""
    return lambda count, **how: (make_frame(i, **how) for i in range(count))


@pytest.fixture
def person() -> Person:
    """Somebody happy at the left."""
    probabilities = {key: 0.7 if key == "happy" else 0.05 for key in EMOTION.keys}
    return Person(1, (4.0, 8.0, 20.0, 24.0), "happy", probabilities, sure=True)


@pytest.fixture
def make_moment(person: Person) -> Callable[..., Moment]:
    """Makes what is known about a frame with this person; fields can be changed."""

    def make(frame: Frame, **changes: Any) -> Moment:
        height, width = frame.pixels.shape[:2]
        fields: dict[str, Any] = {"people": (person,), "stage_ms": {"detect": 2.0}}
        known = (frame.index, frame.time_s, width, height)
        return Moment(*known, **(fields | changes))

    return make
