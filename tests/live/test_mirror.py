from collections.abc import Callable
from dataclasses import replace

import numpy as np

from mimika.live.frames import Frame
from mimika.live.mirror import mirrored_frame, mirrored_moment
from mimika.live.moment import Moment


def test_left_and_right_are_exchanged(make_frame: Callable[..., Frame]) -> None:
    frame = make_frame(3)
    frame.pixels[:, :10] = 255
    mirrored = mirrored_frame(frame)
    assert (mirrored.pixels == frame.pixels[:, ::-1]).all()
    assert mirrored.pixels.flags.c_contiguous
    assert (mirrored.index, mirrored.time_s) == (frame.index, frame.time_s)
    assert (frame.pixels[:, :10] == 255).all()


def test_a_box_stays_on_its_face(
    make_frame: Callable[..., Frame], make_moment: Callable[..., Moment]
) -> None:
    frame = make_frame()
    moment = make_moment(frame)
    (person,) = moment.people
    x, y, w, h = map(int, person.box)
    frame.pixels[y : y + h, x : x + w] = 255
    (there,) = mirrored_moment(moment).people
    x, y, w, h = map(int, there.box)
    pixels = mirrored_frame(frame).pixels
    assert (pixels[y : y + h, x : x + w] == 255).all()
    assert np.count_nonzero(pixels == 255) == w * h * 3
    assert replace(there, box=person.box) == person


def test_twice_is_as_before(
    make_frame: Callable[..., Frame], make_moment: Callable[..., Moment]
) -> None:
    moment = make_moment(make_frame())
    assert mirrored_moment(mirrored_moment(moment)) == moment
