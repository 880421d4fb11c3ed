import io

import numpy as np
import pytest
from PIL import Image

from mimika.reporting.charts import Axis
from mimika.reporting.diagonal import diagonal

POINTS = np.array([[0.2, 0.25, 0.1, 0.4], [0.9, 1.0, 0.8, 1.0]])


@pytest.mark.parametrize("series", [{"one": POINTS}, {"one": POINTS, "$": POINTS[:1]}])
def test_points_are_drawn_on_a_light_and_a_dark_ground(series):
    figure = diagonal("a", "c", series, Axis("x", "y"))
    light, dark = (
        np.asarray(Image.open(io.BytesIO(data)).convert("L"))
        for data in (figure.light, figure.dark)
    )
    assert light.shape == dark.shape
    assert light[0, 0] == 255
    assert dark[0, 0] < 50
    assert light.min() < 120
    assert dark.max() > 200


def test_an_end_of_an_interval_that_rounding_put_beyond_its_point_is_drawn():
    points = np.array([[0.5, 0.5, 0.5 + 1e-17, 0.5 - 1e-17]])
    assert diagonal("a", "c", {"one": points}, Axis("x", "y")).light
