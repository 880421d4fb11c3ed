import io

import numpy as np
import pytest
from PIL import Image

from mimika.reporting.timeline_plot import (
    Heading,
    Lane,
    save_timeline,
    timeline_picture,
)

CLASSES = (("Glad", "#e69f00"), ("Sad", "#0072b2"))


def lane(name="Person 1", *, sure=True, picture=None):
    starts = np.arange(10.0)
    return Lane(
        name,
        "10 s seen",
        starts,
        starts + 1,
        np.arange(10) % 2,
        np.full(10, 0.7),
        np.full(10, sure),
        picture,
    )


def pixels_of(png):
    return np.asarray(Image.open(io.BytesIO(png)))[..., :3].astype(int)


def share_of(pixels, rgb):
    return (np.abs(pixels - rgb).max(axis=2) < 3).mean()


@pytest.mark.parametrize("count", [0, 1, 3, 8])
def test_the_plot_grows_with_its_lanes(count):
    pixels = pixels_of(timeline_picture(Heading("f", 10), [lane()] * count, CLASSES))
    assert pixels.shape[1] == 2000
    assert pixels.shape[0] == pytest.approx(290 + 144 * max(count, 1), abs=2)


def test_both_classes_have_their_colour_and_pale_pieces_have_not():
    sure = pixels_of(timeline_picture(Heading("f", 10), [lane()], CLASSES))
    pale = pixels_of(timeline_picture(Heading("f", 10), [lane(sure=False)], CLASSES))
    for rgb in ((230, 159, 0), (0, 114, 178)):
        assert share_of(sure, rgb) > 0.05
        assert share_of(pale, rgb) < 0.01


def test_a_picture_stands_beside_its_lane():
    green = np.zeros((72, 72, 3), np.uint8)
    green[..., 1] = 200
    with_it = pixels_of(
        timeline_picture(Heading("f", 10), [lane(picture=green)], CLASSES)
    )
    assert share_of(with_it, (0, 200, 0)) > 0.005


def test_names_that_look_like_formulas_are_written_as_they_are(tmp_path):
    heading = Heading("a $x^2 film.mp4", 0.3, "length")
    save_timeline(tmp_path / "t.png", heading, [lane("$1")], CLASSES)
    assert (tmp_path / "t.png").stat().st_size > 1000
    assert [each.name for each in tmp_path.iterdir()] == ["t.png"]


@pytest.mark.parametrize(("kind", "head"), [("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_a_report_can_have_it_as_lines_instead_of_pixels(tmp_path, kind, head):
    path = tmp_path / f"t.{kind}"
    save_timeline(path, Heading("f", 10), [lane()], CLASSES)
    assert path.read_bytes().startswith(head)


@pytest.mark.parametrize("duration_s", [0, 0.5, 9, 59, 600, 3600, 7200, 90_000])
def test_any_length_can_be_drawn(duration_s):
    png = timeline_picture(Heading("f", duration_s), [lane()], CLASSES)
    assert png.startswith(b"\x89PNG")
