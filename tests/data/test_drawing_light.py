"""Light, shadow and the camera, on shapes whose shadows are known."""

import numpy as np
import pytest
from numpy.typing import NDArray

from mimika.data.drawing_light import (
    FINISHES,
    Light,
    draw_light,
    occlusion,
    photograph,
    shade_metal,
    shadows,
    uneven,
)

TALL = 20.0


def light_at(azimuth: float, elevation: float = np.pi / 4) -> Light:
    return Light(azimuth, elevation, 0.01, 1.5, (1.0, 1.0, 1.0), 0.4)


@pytest.fixture
def block() -> NDArray[np.float32]:
    """float32 (120, 120): a block of 20 pixels a side, 20 high."""
    height = np.zeros((120, 120), np.float32)
    height[50:70, 50:70] = TALL
    return height


def test_a_shadow_lies_on_the_side_away_from_the_light(
    block: NDArray[np.float32],
) -> None:
    """At 45 degrees it is as long as the block is high."""
    reached = shadows(block, light_at(0.0), TALL)  # from the right
    assert reached[60, 72:].min() > 0.99
    assert reached[60, 32:48].max() < 0.05
    assert reached[60, :27].min() > 0.99
    assert reached[55:65, 55:65].min() > 0.99  # the block's own top
    turned = shadows(block, light_at(np.pi / 2), TALL)  # from below
    np.testing.assert_allclose(turned, reached.T, atol=0.05)


def test_a_low_light_throws_a_longer_shadow(block: NDArray[np.float32]) -> None:
    def dark(degrees: float) -> float:
        return float((1 - shadows(block, light_at(0, np.radians(degrees)), TALL)).sum())

    assert dark(30) / dark(60) == pytest.approx(3, rel=0.2)  # of their tangents


def test_a_wide_light_throws_a_soft_shadow(block: NDArray[np.float32]) -> None:
    wide = Light(0.0, np.pi / 4, 0.4, 1.5, (1.0, 1.0, 1.0), 0.4)
    partly = [
        int(((found > 0.1) & (found < 0.9)).sum())
        for found in (shadows(block, one, TALL) for one in (light_at(0.0), wide))
    ]
    assert partly[1] > 2 * partly[0]


def test_it_is_darker_beside_something_high(block: NDArray[np.float32]) -> None:
    sky = occlusion(block, TALL)
    assert sky[60, 48] < 0.75 < 0.95 < sky[60, 2]
    assert sky[60, 60] == pytest.approx(1, abs=1e-6)


def test_the_bench_is_brighter_at_the_side_of_the_light() -> None:
    found = uneven((80, 120), light_at(0.0))
    assert found[40, 110] > 1.1 > 0.7 > found[40, 10]


@pytest.mark.parametrize("finish", list(FINISHES))
def test_metal_shows_its_form(finish: str) -> None:
    """A cylinder is not of one brightness, as a flat thing nearly is."""
    y = (np.arange(90, dtype=np.float32) - 44.5) / 45
    round_ = np.repeat(45 * np.sqrt(1 - y**2)[:, None], 60, axis=1)
    light = light_at(np.pi / 2, 0.8)
    shaded = shade_metal(round_, 1.0, FINISHES[finish], light, np.random.default_rng(1))
    assert shaded.shape == (90, 60, 3)
    assert np.isfinite(shaded).all()
    assert shaded.min() >= 0
    rows = shaded.mean(axis=(1, 2))
    assert rows.max() > 1.5 * rows.mean()


def test_a_photograph_is_neither_black_nor_burnt_out() -> None:
    rng = np.random.default_rng(3)
    for level in (0.02, 0.2, 1.5):
        scene = np.full((60, 80, 3), level, np.float32) * rng.uniform(
            0.7, 1.3, (60, 80, 1)
        )
        found = photograph(scene.astype(np.float32), rng)
        assert (found.shape, found.dtype) == ((60, 80, 3), np.uint8)
        assert 20 < found.mean() < 245
        assert found.std() > 1


def test_lights_come_from_every_side() -> None:
    rng = np.random.default_rng(5)
    lights = [draw_light(rng) for _ in range(200)]
    directions = np.array([light.direction for light in lights])
    assert np.allclose(np.linalg.norm(directions, axis=1), 1, atol=1e-6)
    assert (directions[:, 2] > 0.4).all()
    assert np.abs(directions[:, :2].mean(axis=0)).max() < 0.15
