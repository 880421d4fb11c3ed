"""Surfaces that are no ruler."""

import cv2
import numpy as np
import pytest

from mimika.data.drawing_surfaces import SURFACES, draw_surface, fractal


@pytest.mark.parametrize("kind", list(SURFACES))
def test_a_surface_is_of_its_size_and_neither_black_nor_white(kind: str) -> None:
    found = draw_surface(np.random.default_rng(1), kind, (61, 97))
    assert found.shape == (61, 97, 3)
    assert found.dtype == np.float32
    assert 0.1 < found.mean() < 0.97
    assert found.std() > 0.005
    assert found.min() >= 0.02
    assert found.max() <= 1


@pytest.mark.parametrize("power", [1.0, 1.5])
def test_noise_falls_with_the_power_of_the_frequency(power: float) -> None:
    noise = fractal(np.random.default_rng(2), (512, 512), power)
    assert noise.mean() == pytest.approx(0, abs=1e-4)
    assert noise.std() == pytest.approx(1, abs=1e-4)
    spectrum = np.abs(np.fft.fft2(noise))
    ratio = spectrum[0, 1:100].mean() / spectrum[0, 1:100][49:].mean()
    frequency = np.arange(1, 100.0) ** -power
    assert ratio == pytest.approx(frequency.mean() / frequency[49:].mean(), rel=0.01)


def test_noise_looks_alike_at_every_magnification() -> None:
    """Grain of two pictures, one twice as large, after both are brought to one size."""
    steps = []
    for side in (256, 512):
        noise = fractal(np.random.default_rng(side), (side, side), 1.5)
        small = cv2.resize(noise, (128, 128), interpolation=cv2.INTER_AREA)
        steps.append(np.abs(np.diff(small, axis=0)).mean() / small.std())
    assert steps[0] == pytest.approx(steps[1], rel=0.15)


def test_grain_runs_along_its_angle() -> None:
    noise = fractal(np.random.default_rng(4), (200, 200), 1.0, 20, angle=0.0)
    across, down = (np.abs(np.diff(noise, axis=axis)).mean() for axis in (1, 0))
    assert across < 0.3 * down
