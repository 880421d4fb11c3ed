"""The page draws what the saved picture shows."""

import pytest

from mimika.core.results import Analysis, Box, Face
from mimika.core.tasks import EMOTION, text_colour
from mimika.reporting.annotate import lay_out
from mimika.web.analyses.overlay import overlay_of
from mimika.web.reports.presentation import marks_of

CORNERS = [Box(0, 0, 60, 70), Box(580, 0, 60, 70), Box(0, 400, 60, 80)]


def answer_with(*boxes: Box, width: int = 640, height: int = 480) -> Analysis:
    shares = {key: 1 / len(EMOTION.keys) for key in EMOTION.keys}
    faces = [
        Face(box=b, score=1, label="happy", probability=1 / 7, probabilities=shares)
        for b in boxes
    ]
    return Analysis(
        width=width,
        height=height,
        faces=tuple(faces),
        faces_mode="find",
        detail="fine",
        task="emotion",
        model="m",
        model_digest="0",
    )


def test_boxes_and_plates_lie_where_the_saved_picture_has_them() -> None:
    answer = answer_with(*CORNERS)
    drawn = overlay_of(answer)
    placed = lay_out((640, 480), marks_of(answer))
    assert [one.number for one in drawn] == [1, 2, 3]
    assert [one.box for one in drawn] == CORNERS
    for one, there in zip(drawn, placed, strict=True):
        assert one.plate is not None
        assert there.label is not None
        assert one.plate.area == there.plate
        assert one.plate.text == there.label.text
        assert (one.colour, one.line_px) == (there.mark.colour, there.line_px)


@pytest.mark.parametrize("box", [*CORNERS, Box(580, 400, 60, 80), Box(0, 0, 640, 480)])
def test_a_plate_and_its_text_lie_inside_the_picture(box: Box) -> None:
    (drawn,) = overlay_of(answer_with(box))
    plate = drawn.plate
    assert plate is not None
    left, top, right, bottom = plate.area
    assert 0 <= left < left + plate.width == right <= 640
    assert 0 <= top < top + plate.height == bottom <= 480
    assert left < plate.x < plate.x + plate.text_px < right
    assert top < plate.y < bottom


def test_letters_stand_out_from_their_plate() -> None:
    (drawn,) = overlay_of(answer_with(CORNERS[0]))
    assert drawn.plate is not None
    assert drawn.plate.colour == text_colour(drawn.colour)
    assert drawn.halo_px > drawn.line_px


def test_where_no_text_fits_the_box_is_drawn_alone() -> None:
    (drawn,) = overlay_of(answer_with(Box(0, 0, 20, 20), width=20, height=20))
    assert drawn.plate is None


def test_without_a_face_nothing_is_drawn() -> None:
    assert overlay_of(answer_with()) == []
