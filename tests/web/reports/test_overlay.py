import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from mimika.core.results import Box
from mimika.reporting.annotate import annotate
from mimika.web.reports.content import Report
from mimika.web.reports.overlay import face_square, printed, to_png
from mimika.web.reports.presentation import marks_of

Make = Callable[..., Report]


def test_the_png_is_the_picture_at_full_size_with_its_marks(make_report: Make) -> None:
    report = make_report(2, 640, 480)
    with Image.open(io.BytesIO(to_png(report))) as image:
        assert image.format == "PNG"
        read = np.array(image)
    np.testing.assert_array_equal(
        read, annotate(report.pixels, marks_of(report.answer))
    )
    assert (read != report.pixels).any()


def test_without_a_face_the_png_is_the_picture(make_report: Make) -> None:
    report = make_report(0)
    with Image.open(io.BytesIO(to_png(report))) as image:
        np.testing.assert_array_equal(np.array(image), report.pixels)


@pytest.mark.parametrize(
    ("size", "shape"),
    [
        ((48, 48), (1200, 1200, 3)),
        ((1500, 1000), (1000, 1500, 3)),
        ((6000, 500), (167, 2000, 3)),
        ((3000, 2), (1, 2000, 3)),
    ],
)
def test_a_printed_picture_is_neither_coarse_nor_huge(
    size: tuple[int, int], shape: tuple[int, ...], make_report: Make
) -> None:
    assert printed(make_report(0, *size)).shape == shape


def test_marks_stay_on_their_faces_when_the_picture_is_scaled(
    make_report: Make,
) -> None:
    bare = printed(make_report(0, 100, 100))
    marked = printed(make_report(1, 100, 100))
    rows, columns = np.nonzero((bare != marked).any(axis=2))
    assert columns.max() < 400  # the face is in the upper left tenth
    assert rows.max() < 400


@pytest.mark.parametrize(
    "box",
    [Box(0, 0, 10, 30), Box(90, 70, 10, 30), Box(20, 20, 30, 10), Box(0, 0, 100, 100)],
)
def test_a_face_is_shown_as_a_square_inside_the_picture(box: Box) -> None:
    pixels = np.full((100, 100, 3), 200, np.uint8)
    x, y, w, h = box
    pixels[y : y + h, x : x + w] = 10
    square = face_square(pixels, box)
    assert square.shape == (240, 240, 3)
    share = (square < 100).all(axis=2).mean()
    assert share == pytest.approx(w * h / max(w, h) ** 2, abs=0.02)
