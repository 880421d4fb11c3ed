import cv2
import numpy as np
import pytest

from mimika.reporting.dots import Panel, dot_plot


def decoded(data):
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)


@pytest.mark.parametrize("count", [1, 3, 40])
def test_every_model_has_a_line_of_its_own(count):
    names = [f"model {number} of $x$ with a long name" for number in range(count)]
    spreads = tuple((k, k + 0.5, k + 1.0) for k in range(count))
    gains = (None, *spreads[1:])
    panels = (Panel("accuracy (%)", spreads), Panel("difference", gains, zero=True))
    figure = dot_plot("models", "Figures.", names, panels)
    assert (figure.name, figure.caption) == ("models", "Figures.")
    light, dark = decoded(figure.light), decoded(figure.dark)
    assert light.shape == dark.shape
    assert light.mean() > 200 > 100 > dark.mean()
    drawn = (np.abs(light.astype(int) - light[0, 0]).sum(axis=2) > 200).any(axis=1)
    assert drawn.sum() > 6 * count


def test_higher_values_stand_farther_right():
    spreads = ((1.0, 2.0, 3.0), (7.0, 8.0, 9.0))
    light = decoded(dot_plot("a", "b", ("x", "y"), (Panel("c", spreads),)).light)
    blue = (light[:, :, 0] > 150) & (light[:, :, 2] < 40)  # of BGR
    rows = np.flatnonzero(blue.any(axis=1))
    upper, lower = rows[rows < rows.mean()], rows[rows > rows.mean()]
    centres = [np.flatnonzero(blue[part].any(axis=0)).mean() for part in (upper, lower)]
    assert centres[0] < centres[1]
