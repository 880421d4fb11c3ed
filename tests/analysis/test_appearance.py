from dataclasses import replace

import numpy as np
import pytest

from mimika.analysis.appearance import measure_appearance


def test_brightness_and_contrast_are_mean_and_deviation(drawn):
    brightness, contrast, _ = measure_appearance(drawn).measures
    flat = drawn.images.reshape(len(drawn), -1).astype(np.float64)
    assert brightness.values == pytest.approx(flat.mean(axis=1), abs=1e-3)
    assert contrast.values == pytest.approx(flat.std(axis=1), abs=1e-3)
    mine = brightness.values[drawn.labels == 2]
    assert brightness.classes[2].p50 == pytest.approx(np.median(mine))


def test_blank_pictures_are_found_and_left_out(drawn):
    images = drawn.images.copy()
    images[5], images[7] = 0, 255
    images[9] = 100 + (np.arange(48 * 48) % 2).reshape(48, 48)
    found = measure_appearance(replace(drawn, images=images))
    assert found.blank.tolist() == [5, 7, 9]
    assert found.measures[1].everything.p5 > 2


def test_a_class_without_pictures_has_no_spread(draw):
    found = measure_appearance(draw([0, 0, -1]))
    assert found.measures[0].classes[0] is not None
    assert found.measures[0].classes[3] is None


def test_only_blank_pictures_have_no_spread_at_all(draw):
    pictures = draw([0, 1])
    found = measure_appearance(replace(pictures, images=np.zeros_like(pictures.images)))
    assert found.measures[0].everything is None
    assert len(found.blank) == 2
