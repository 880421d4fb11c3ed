import io

import numpy as np
import pytest
from PIL import Image

from mimika.reporting.charts import Axis, bars, curves, heatmap, scatter

AXIS = Axis("x", "y")
NAMES = ["plain", "with $ and _", "ž" * 60]
MAKE = {
    "bars": lambda: bars("a", "c", NAMES, {"one": [1, 2, 3], "two": [0, 1, 0]}, AXIS),
    "curves": lambda: curves(
        "a", "c", np.arange(4.0), {"$": ([0, 1, 2, 1], "#ff0000")}, AXIS
    ),
    "scatter": lambda: scatter(
        "a", "c", {"p": (np.array([[1.0, 2.0], [900, 3]]), "#ff0000")}, AXIS
    ),
    "heatmap": lambda: heatmap("a", "c", np.eye(3), (NAMES, NAMES), AXIS),
    "heatmap with counts": lambda: heatmap(
        "a", "c", np.eye(3), (NAMES, NAMES), AXIS, np.arange(9).reshape(3, 3)
    ),
    "empty": lambda: heatmap("a", "c", np.zeros((3, 3)), (NAMES, NAMES), AXIS),
}


@pytest.mark.parametrize("kind", MAKE)
def test_every_plot_has_a_light_and_a_dark_ground(kind):
    figure = MAKE[kind]()
    light, dark = (
        np.asarray(Image.open(io.BytesIO(data)).convert("L"))
        for data in (figure.light, figure.dark)
    )
    assert light.shape == dark.shape
    assert light[0, 0] == 255
    assert dark[0, 0] < 50
    assert light.min() < 120
    assert dark.max() > 200


def test_many_bars_make_no_wider_plot_than_the_page():
    names = [str(number) for number in range(16)]
    values = {str(split): list(range(16)) for split in range(3)}
    assert bars("a", "c", names, values, AXIS).width_px <= 900
