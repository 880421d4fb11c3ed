"""Where things stand on a frame."""

import pytest

from mimika.live.places import of_bars, of_plate, outline
from mimika.reporting.annotate import Rectangle

FRAME = (640, 480)


def inside(place):
    return (
        place.left >= 0
        and place.top >= 0
        and place.right <= 640
        and place.bottom <= 480
    )


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ((10.4, 20.6, 30, 40), (10, 21, 39, 60)),
        ((-20, -10, 50, 50), (0, 0, 29, 39)),
        ((620, 470, 90, 90), (620, 470, 639, 479)),
        ((900, 900, 10, 10), (639, 479, 639, 479)),
    ],
)
def test_a_box_is_drawn_inside_the_frame(box, expected):
    assert outline(box, FRAME) == expected


def test_a_plate_stands_above_its_box():
    box = Rectangle(100, 100, 200, 220)
    assert of_plate(box, (80, 20), FRAME, [box]) == (100, 80, 180, 100)


def test_and_below_where_there_is_no_room_above():
    box = Rectangle(100, 5, 200, 120)
    assert of_plate(box, (80, 20), FRAME, [box]) == (100, 121, 180, 141)


def test_and_where_it_covers_nobody_else():
    box, other = Rectangle(100, 100, 200, 220), Rectangle(90, 60, 190, 99)
    place = of_plate(box, (80, 20), FRAME, [box, other])
    assert place.top == 221


def test_and_inside_a_box_that_fills_the_frame():
    box = Rectangle(0, 0, 639, 479)
    assert inside(of_plate(box, (80, 20), FRAME, [box]))


def test_bars_stand_at_the_right_or_else_at_the_left():
    box = Rectangle(100, 100, 200, 220)
    assert of_bars(box, box, (90, 110), FRAME, [box]) == (202, 100, 292, 210)
    box = Rectangle(500, 100, 600, 220)
    assert of_bars(box, box, (90, 110), FRAME, [box]) == (408, 100, 498, 210)


def test_bars_cover_nothing_that_is_drawn_already():
    box = Rectangle(100, 100, 200, 220)
    taken = [box, Rectangle(210, 120, 300, 200), Rectangle(0, 90, 95, 200)]
    place = of_bars(box, box, (90, 110), FRAME, taken)
    assert place is not None
    assert inside(place)
    assert not any(place.shared(other) for other in taken)


def test_a_face_that_fills_the_frame_has_its_bars_inside():
    box = Rectangle(0, 0, 639, 479)
    place = of_bars(box, box, (120, 110), FRAME, [box])
    assert place is not None
    assert inside(place)


def test_a_small_face_in_a_crowd_has_none():
    box = Rectangle(100, 100, 140, 150)
    taken = [
        box,
        Rectangle(0, 0, 639, 99),
        Rectangle(142, 100, 639, 479),
        Rectangle(0, 151, 141, 479),
    ]
    assert (
        of_bars(box, box, (90, 110), FRAME, [*taken, Rectangle(0, 100, 98, 150)])
        is None
    )


def test_bars_above_stand_next_to_the_plate():
    box, plate = Rectangle(60, 300, 300, 475), Rectangle(60, 280, 140, 300)
    taken = [box, plate, Rectangle(301, 0, 639, 479), Rectangle(0, 200, 59, 479)]
    place = of_bars(box, plate, (90, 110), FRAME, taken)
    assert place == (60, 168, 150, 278)
