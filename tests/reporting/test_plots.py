"""Plots are whole PNG files of a useful size, on light and on dark pages."""

import io

import numpy as np
import pytest
from PIL import Image

from mimika.reporting.plots import (
    Panel,
    confusion_figure,
    curves_figure,
    save_curves,
)

FALLING = [2.0, 1.0, 0.5]
BLUE, VERMILION, GREEN, PURPLE = (
    (0x00, 0x72, 0xB2),
    (0xD5, 0x5E, 0x00),
    (0x00, 0x9E, 0x73),
    (0xCC, 0x79, 0xA7),
)


def opened(png):
    with Image.open(io.BytesIO(png)) as image:
        return image.convert("RGB")


def colours_in(png):
    return {colour for _, colour in opened(png).getcolors(1 << 20)}


@pytest.mark.parametrize("epochs", [1, 2, 60])
def test_curves_are_drawn_for_any_length(tmp_path, epochs):
    values = list(np.linspace(2, 0.5, epochs))
    panels = [Panel("Loss", {"training": values, "selection": values})] * 3
    path = tmp_path / "curves.png"
    save_curves(path, range(1, epochs + 1), panels, {1: "best"})
    assert opened(path.read_bytes()).width > 1000
    assert [p.name for p in tmp_path.iterdir()] == ["curves.png"]


def test_panels_stand_two_in_a_row_so_that_their_text_stays_legible():
    sizes = []
    for count in (2, 4):
        panels = [Panel("Loss", {"training": FALLING})] * count
        figure = curves_figure("c", "", [1, 2, 3], panels, {})
        sizes.append(opened(figure.light).size)
    (wide, low), (same, high) = sizes
    assert same == wide
    assert high == pytest.approx(2 * low, abs=40)


def test_each_series_and_each_mark_has_its_own_colour():
    panel = Panel("t", {"a": FALLING, "b": FALLING[::-1]})
    figure = curves_figure("c", "", [1, 2, 3], [panel], {2: "best", 3: "switch"})
    for png in (figure.light, figure.dark):
        assert {BLUE, VERMILION, GREEN, PURPLE} <= colours_in(png)


def test_a_series_keeps_its_colour_where_it_stands_alone():
    panels = [Panel("t", {"a": FALLING, "b": FALLING}), Panel("u", {"b": FALLING})]
    figure = curves_figure("c", "", [1, 2, 3], panels, {})
    pixels = np.asarray(opened(figure.light))
    right = pixels[:, pixels.shape[1] // 2 :]
    assert (right == VERMILION).all(axis=2).any()
    assert not (right == BLUE).all(axis=2).any()


def test_a_dark_page_gets_curves_on_a_dark_ground():
    figure = curves_figure("c", "", [1, 2, 3], [Panel("t", {"a": FALLING})], {})
    light, dark = (np.asarray(opened(p)).mean() for p in (figure.light, figure.dark))
    assert light > 220
    assert dark < 60


def test_a_confusion_matrix_is_darkest_where_the_share_is_highest():
    matrix = np.array([[90, 10], [0, 0]])
    figure = confusion_figure("m", "", matrix, ["Angry", "Happy"])
    grey = np.asarray(opened(figure.light).convert("L")).astype(int)
    height, width = grey.shape
    upper = grey[: height // 2, : width // 2]
    assert (upper < 120).mean() > 0.1  # the cell with 90 % is dark blue
    assert (grey[height // 2 :, width // 2 :] < 120).mean() < 0.1


@pytest.mark.parametrize("classes", [17, 61, 200])
def test_a_matrix_of_many_classes_keeps_a_bounded_size(classes):
    names = [f"class ${number}" for number in range(classes)]
    figure = confusion_figure("m", "", np.eye(classes, dtype=np.int64), names)
    assert max(opened(figure.light).size) < 1300


def test_every_column_of_a_matrix_of_many_classes_is_drawn():
    matrix = np.eye(200, dtype=np.int64)
    figure = confusion_figure("m", "", matrix, [""] * 200)
    pixels = np.asarray(opened(figure.light)).astype(int)
    blue = (pixels[:, :, 2] - pixels[:, :, 0]) > 60
    assert blue.any(axis=0).sum() > 700  # the diagonal runs from side to side
