"""Boxes and labels: legible on any picture, at any size, inside it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from mimika.core.preprocess import UInt8Array
from mimika.core.tasks import EMOTION, Label
from mimika.reporting.annotate import Mark, Rectangle, annotate, lay_out

BLUE, ORANGE = "#0072b2", "#d55e00"


def canvas(height: int, width: int, grey: int = 255) -> UInt8Array:
    return np.full((height, width, 3), grey, np.uint8)


def where(pixels: UInt8Array, colour: str) -> NDArray[np.bool_]:
    """Where a picture has exactly this colour."""
    rgb = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return np.asarray((pixels == rgb).all(axis=2))


def luminance(pixels: UInt8Array) -> NDArray[np.float64]:
    """Relative luminance as WCAG 2.1 defines it."""
    c = pixels / 255
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ [0.2126, 0.7152, 0.0722])


def test_the_picture_given_is_left_as_it_is() -> None:
    pixels = canvas(100, 100)
    drawn = annotate(pixels, [Mark((20, 40, 30, 30), "Sad", BLUE)])
    assert (pixels == 255).all()
    assert drawn.shape == pixels.shape
    assert drawn.dtype == np.uint8
    assert (drawn != pixels).any()


def test_without_marks_the_copy_is_the_same() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (30, 40, 3), np.uint8)
    np.testing.assert_array_equal(annotate(pixels, []), pixels)


@pytest.mark.parametrize("size", [(150, 200), (480, 640), (1000, 8000)])
@pytest.mark.parametrize("label", EMOTION.labels, ids=EMOTION.keys)
@pytest.mark.parametrize("grey", ["black", "white", "the colour itself"])
def test_a_box_shows_on_any_picture(
    size: tuple[int, int], label: Label, grey: str
) -> None:
    colour = label.colour
    rgb = {"black": (0, 0, 0), "white": (255, 255, 255)}.get(
        grey, tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
    )
    height, width = size
    background = np.empty((*size, 3), np.uint8)
    background[:] = rgb
    box = (0.3 * width, 0.3 * height, 0.3 * width, 0.4 * height)
    drawn = annotate(background, [Mark(box, "", colour)])
    middle = drawn[height // 2 : height // 2 + 1, : width // 2]  # across the left edge
    light = luminance(middle)
    ground = luminance(background[:1, :1])[0, 0]
    contrast = (np.maximum(light, ground) + 0.05) / (np.minimum(light, ground) + 0.05)
    assert contrast.max() >= 3  # what WCAG 2.1 asks of graphics (1.4.11)


@pytest.mark.parametrize("width", [200, 640, 2000, 8000])
def test_labels_grow_with_the_picture(width: int) -> None:
    box = (0.3 * width, 0.4 * width, 0.4 * width, 0.3 * width)
    bare = annotate(canvas(width, width), [Mark(box, "", BLUE)])
    drawn = annotate(canvas(width, width), [Mark(box, "Happy 93 %", BLUE)])
    plate = np.flatnonzero((drawn != bare).any(axis=(1, 2)))
    height = plate[-1] - plate[0] + 1
    assert height >= 13
    assert 0.012 * width <= height <= 0.1 * width


@pytest.mark.parametrize(
    "box",
    [
        (0, 0, 40, 40),
        (270, 0, 30, 40),
        (0, 170, 30, 30),
        (280, 180, 20, 20),
        (-50, -50, 20, 20),
        (350, 250, 90, 90),
        (0, 0, 300, 200),
    ],
)
def test_text_never_leaves_the_picture(
    box: tuple[float, float, float, float],
) -> None:
    # Drawn in the middle, the label shows in full; at the border it must as well.
    text = "Surprise 100 %"
    free = (130.0, 90.0, 40.0, 40.0)
    assert lettering(free, text) == lettering(box, text)


def lettering(box: tuple[float, float, float, float], text: str) -> int:
    """How many pixels of the plate are pure white: those inside the letters."""
    pixels = canvas(200, 300, 128)
    return int(where(annotate(pixels, [Mark(box, text, BLUE)]), "#ffffff").sum())


def test_a_label_stands_above_its_box_or_below_where_there_is_no_room() -> None:
    box_rows = []
    for y in (100.0, 2.0):
        box = (100, y, 60, 60)
        bare = annotate(canvas(200, 300), [Mark(box, "", BLUE)])
        drawn = annotate(canvas(200, 300), [Mark(box, "Sad 50 %", BLUE)])
        box_rows.append(np.flatnonzero((drawn != bare).any(axis=(1, 2))))
    assert box_rows[0].max() < 100
    assert box_rows[1].min() >= 62


def test_labels_of_neighbours_do_not_cover_each_other() -> None:
    first = Mark((100, 100, 30, 30), "Surprise 98 %", BLUE)
    second = Mark((140, 104, 30, 30), "Surprise 97 %", ORANGE)
    # White letters on blue and all of its plate are still there.
    alone = annotate(canvas(300, 400, 128), [first])
    both = annotate(canvas(300, 400, 128), [first, second])
    assert where(both, "#ffffff").sum() == where(alone, "#ffffff").sum()
    assert where(both, BLUE).sum() == where(alone, BLUE).sum()


def test_letters_with_accents_are_drawn() -> None:
    box = (20, 50, 60, 40)
    drawn = {
        letter: annotate(canvas(100, 200), [Mark(box, letter * 3, BLUE)]).tobytes()
        for letter in "eéèüñłžÅø\uffff"
    }
    assert len(set(drawn.values())) == len(drawn)  # none of them the missing glyph


def test_text_becomes_one_line() -> None:
    box = (50, 50, 60, 40)
    one = annotate(canvas(120, 200), [Mark(box, "Sad 50 %", BLUE)])
    two = annotate(canvas(120, 200), [Mark(box, " Sad\n50\t% ", BLUE)])
    np.testing.assert_array_equal(one, two)


def test_text_too_long_for_a_small_picture_is_drawn_smaller() -> None:
    mark = Mark((0, 0, 90, 90), "Surprise 100 %", BLUE)
    bare = annotate(canvas(90, 90), [Mark(mark.box, "", BLUE)])
    assert (annotate(canvas(90, 90), [mark]) != bare).any()


@pytest.mark.parametrize("size", [(1, 1), (2, 500), (500, 2), (12, 12)])
def test_no_picture_is_too_small(size: tuple[int, int]) -> None:
    whole = (0, 0, float(size[1]), float(size[0]))
    drawn = annotate(canvas(*size), [Mark(whole, "Surprise 100 %", BLUE)])
    assert drawn.shape == (*size, 3)


def test_a_crowd_gets_smaller_letters_than_a_portrait() -> None:
    crowd = [Mark((60.0 * i, 400, 40, 50), "Sad 50 %", BLUE) for i in range(20)]
    portrait = [Mark((400, 400, 600, 700), "Sad 50 %", BLUE)]
    heights = []
    for marks in (crowd[:1], portrait):
        plates = where(annotate(canvas(1200, 1600, 128), marks), "#ffffff")
        rows = np.flatnonzero(plates.any(axis=1))
        heights.append(rows[-1] - rows[0])
    assert heights[0] < heights[1]


def inside(part: Rectangle, size: tuple[int, int]) -> bool:
    left, top, right, bottom = part
    return 0 <= left < right <= size[0] and 0 <= top < bottom <= size[1]


def test_the_layout_says_where_each_mark_is_drawn_in_turn() -> None:
    marks = [Mark((20.4, 60, 80, 90), "Sad", BLUE), Mark((150, 60, 80, 90), "", ORANGE)]
    first, second = lay_out((320, 240), marks)
    assert (first.mark, second.mark) == tuple(marks)
    assert first.outline.left < 20 < 100 < first.outline.right
    assert first.outline.top < 60 < 150 < first.outline.bottom
    assert first.label is not None
    assert first.plate is not None
    assert first.label.text == "Sad"
    assert first.plate.bottom == first.outline.top  # above the box
    assert (second.label, second.plate) == (None, None)


def test_plates_have_the_size_of_their_label_and_do_not_share_a_pixel() -> None:
    marks = [Mark((x, 50.0, 40.0, 40.0), "Surprise 98 %", BLUE) for x in (10, 60, 110)]
    placed = lay_out((640, 480), marks)
    plates = [box.plate for box in placed if box.plate is not None]
    assert len(plates) == 3
    for box, plate in zip(placed, plates, strict=True):
        assert box.label is not None
        size = plate.right - plate.left, plate.bottom - plate.top
        assert size == (box.label.width, box.label.height)
    shared = [a.shared(b) for a in plates for b in plates if a is not b]
    assert max(shared) == 0


@pytest.mark.parametrize("size", [(64, 64), (320, 240), (3072, 2048), (30, 900)])
@pytest.mark.parametrize("place", [(0.0, 0.0), (0.9, 0.9), (0.4, 0.4), (-0.2, 1.1)])
def test_all_of_a_layout_lies_inside_the_picture(
    size: tuple[int, int], place: tuple[float, float]
) -> None:
    width, height = size
    box = (place[0] * width, place[1] * height, 0.3 * width, 0.3 * height)
    (placed,) = lay_out(size, [Mark(box, "Neutral 51 %", BLUE)])
    assert inside(placed.outline, size)
    assert placed.plate is None or inside(placed.plate, size)
    assert placed.line_px >= 1


def test_text_that_fits_in_no_size_is_left_out() -> None:
    (placed,) = lay_out((20, 20), [Mark((0, 0, 20, 20), "Surprise 100 %", BLUE)])
    assert placed.label is None
    assert placed.plate is None


def test_no_marks_have_an_empty_layout() -> None:
    assert lay_out((320, 240), []) == []
