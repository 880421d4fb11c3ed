"""Plots are whole PNG files of a useful size."""

import numpy as np
import pytest
from PIL import Image

from mimika.reporting.plots import Panel, save_confusion, save_curves


@pytest.mark.parametrize("epochs", [1, 2, 60])
def test_curves_are_drawn_for_any_length(tmp_path, epochs):
    values = list(np.linspace(2, 0.5, epochs))
    panels = [Panel("Loss", {"training": values, "selection": values})] * 3
    path = tmp_path / "curves.png"
    save_curves(path, range(1, epochs + 1), panels, {1: "best"})
    with Image.open(path) as image:
        assert image.width > 2 * image.height
    assert [p.name for p in tmp_path.iterdir()] == ["curves.png"]


def test_a_line_of_another_colour_is_drawn_for_each_series(tmp_path):
    series = {"a": [0.0, 1.0, 2.0], "b": [2.0, 1.0, 0.0]}
    save_curves(tmp_path / "c.png", [1, 2, 3], [Panel("t", series)], {})
    with Image.open(tmp_path / "c.png") as image:
        colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 20)}
    assert {(0x00, 0x72, 0xB2), (0xD5, 0x5E, 0x00)} <= colours


def test_a_confusion_matrix_is_darkest_where_the_share_is_highest(tmp_path):
    path = tmp_path / "m.png"
    save_confusion(path, np.array([[90, 10], [0, 0]]), ["Angry", "Happy"])
    with Image.open(path) as image:
        grey = np.asarray(image.convert("L")).astype(int)
    height, width = grey.shape
    upper = grey[: height // 2, : width // 2]
    assert (upper < 90).mean() > 0.1  # the cell with 90 % is dark blue
    assert (grey[height // 2 :, : width // 2] < 90).mean() < 0.1
