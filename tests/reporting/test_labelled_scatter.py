"""Points with names beside them."""

import io

import numpy as np
from PIL import Image

from mimika.reporting.charts import Axis
from mimika.reporting.labelled_scatter import Point, Series, labelled_scatter

BLUE, RED = "#0072b2", "#d55e00"


def drawn(*series):
    """The pixels on a light and on a dark ground."""
    figure = labelled_scatter("plot", "what", series, Axis("cost", "accuracy (%)"))
    grounds = []
    for data in (figure.light, figure.dark):
        with Image.open(io.BytesIO(data)) as image:
            grounds.append(np.asarray(image.convert("RGB")).astype(int))
    return grounds


def near(pixels, colour):
    wanted = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
    return int((np.abs(pixels - wanted).sum(axis=2) < 30).sum())


def test_every_series_is_drawn_in_its_colour_on_both_grounds():
    one = Series("one", (Point("a", 1, 70), Point("b", 100, 75)), BLUE, "o")
    two = Series("two", (Point("c", 10, 72, (70, 74)),), RED, "s", filled=False)
    for pixels in drawn(one, two):
        assert near(pixels, BLUE) > 100
        assert near(pixels, RED) > 100


def test_an_interval_is_a_line_through_the_point():
    points = (Point("a", 1, 70, (62, 78)), Point("b", 2, 60))
    light, _ = drawn(Series("", points, BLUE, "o"))
    assert near(light, BLUE) > 600


def test_forty_points_at_one_place_can_be_drawn_whatever_they_are_called():
    points = tuple(Point(f"$x_{n}", 3.0, 70.0) for n in range(40))
    light, _ = drawn(Series("all", points, BLUE, "o"))
    assert near(light, BLUE) > 20


def test_a_series_without_points_is_left_out():
    one = Series("one", (Point("a", 1, 70),), BLUE, "o")
    light, _ = drawn(Series("none", (), RED, "s"), one)
    assert near(light, RED) == 0
