"""What people see on a moving picture."""

import dataclasses

import numpy as np
import pytest

from mimika.core.tasks import EMOTION
from mimika.live.frames import Frame
from mimika.live.moment import Person
from mimika.live.overlay import Overlay, Sizes

GREY = (120, 120, 120)


def somebody(identity=1, box=(100.0, 100.0, 80.0, 100.0), label="happy", sure=True):
    rest = 0.2 / 6
    probabilities = {key: 0.8 if key == label else rest for key in EMOTION.keys}
    return Person(identity, box, label, probabilities, sure)


@pytest.fixture
def drawn(make_frame, make_moment):
    """Draws people on a grey frame and returns it with its pixels before."""

    def draw(*people, width=640, height=480, **fields):
        frame = make_frame(7, GREY, width=width, height=height)
        moment = make_moment(frame, people=people, **({"stage_ms": {}} | fields))
        shown = Overlay(EMOTION).draw(frame, moment)
        assert (frame.pixels == GREY).all()  # a copy is drawn on
        assert (shown.index, shown.time_s) == (frame.index, frame.time_s)
        return shown.pixels

    return draw


def share_of(pixels, key):
    colour = EMOTION.label(key).colour
    rgb = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return float((np.abs(pixels.astype(int) - rgb).max(axis=2) < 6).mean())


def test_a_frame_without_anybody_stays_as_it_is(drawn):
    assert (drawn() == GREY).all()


def test_a_sure_answer_has_a_whole_box_and_a_plate_in_its_colour(drawn):
    pixels = drawn(somebody())
    orange = (230, 159, 0)
    assert tuple(pixels[150, 100]) == orange  # the left side of the box
    assert tuple(pixels[100, 140]) == orange  # the upper side
    plate = pixels[84:99, 102:170]
    assert share_of(plate, "happy") > 0.4
    assert share_of(plate, "sad") == 0


def test_an_unsure_answer_has_corners_and_a_dark_plate(drawn):
    pixels = drawn(somebody(sure=False))
    assert tuple(pixels[150, 100]) == GREY
    assert tuple(pixels[105, 100]) != GREY
    plate = pixels[84:98, 103:170]
    assert (plate.max(axis=2) < 30).mean() > 0.4


def test_each_class_has_a_bar_as_long_as_it_is_probable(drawn):
    pixels = drawn(somebody(label="surprise"))
    beside = pixels[100:260, 182:420]
    blue = share_of(beside, "surprise") * beside.shape[0] * beside.shape[1]
    half = somebody(label="surprise")
    even = dict.fromkeys(EMOTION.keys, 0.6 / 6) | {"surprise": 0.4}
    shorter = drawn(dataclasses.replace(half, probabilities=even))[100:260, 182:420]
    other = share_of(shorter, "surprise") * beside.shape[0] * beside.shape[1]
    assert other == pytest.approx(blue / 2, rel=0.1)


def test_the_status_says_frames_and_stages_where_they_are_known(drawn):
    silent = drawn()
    figures = drawn(stage_ms={"detect": 2.0, "draw": 1.0}, frames_per_s=29.6)
    changed = np.argwhere((figures != silent).any(axis=2))
    assert changed[:, 0].max() < 25
    assert 100 < changed[:, 1].max() < 500


def test_the_status_covers_nothing(drawn):
    person = somebody(box=(300.0, 4.0, 80.0, 100.0))
    figures = {"stage_ms": {"detect": 2.0, "classify": 1.0}, "frames_per_s": 29.6}
    pixels = drawn(person, **figures)
    alone = drawn(**figures)
    status = alone[:16, :200]
    np.testing.assert_array_equal(pixels[:16, :200], status)


def test_a_status_can_be_left_out(make_frame, make_moment):
    frame = make_frame(0, GREY, width=640, height=480)
    moment = make_moment(frame, people=(), frames_per_s=30.0)
    shown = Overlay(EMOTION).draw(frame, moment, status=False)
    assert (shown.pixels == GREY).all()


@pytest.mark.parametrize(
    ("width", "height", "font"),
    [
        (320, 240, 11),
        (640, 480, 14),
        (1920, 1080, 32),
        (3840, 2160, 64),
        (480, 854, 11),
    ],
)
def test_letters_follow_the_frame(width, height, font):
    assert Sizes.of(width, height).font == pytest.approx(font, abs=1)
    assert Sizes.of(width, height).small >= 9


@pytest.mark.parametrize(("width", "height"), [(320, 240), (3840, 2160), (64, 48)])
@pytest.mark.parametrize(
    "box", [(-40, -30, 90, 90), (0, 0, 5000, 5000), (30, 20, 1, 1), (9e3, 9e3, 50, 50)]
)
def test_no_size_and_no_box_is_too_much(drawn, width, height, box):
    pixels = drawn(somebody(box=box), width=width, height=height, frames_per_s=30.0)
    assert pixels.shape == (height, width, 3)
    assert (pixels != GREY).any()


def test_in_a_crowd_plates_do_not_cover_each_other(drawn):
    crowd = [
        somebody(k + 1, (40.0 + 60 * k, 200.0, 45.0, 50.0), label)
        for k, label in enumerate(EMOTION.keys)
    ]
    pixels = drawn(*crowd)
    for person in crowd:
        left = round(person.box[0])
        own = pixels[180:270, left - 10 : left + 60]
        assert share_of(own, person.label) > 0.05


def test_the_frame_given_is_not_needed_afterwards(make_moment):
    pixels = np.zeros((480, 640, 3), np.uint8)
    frame = Frame(pixels, 0.0, 0)
    shown = Overlay(EMOTION).draw(frame, make_moment(frame, people=(somebody(),)))
    kept = shown.pixels.copy()
    pixels[:] = 255
    np.testing.assert_array_equal(shown.pixels, kept)
