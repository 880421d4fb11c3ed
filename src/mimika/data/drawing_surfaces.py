"""What lies under the parts: wood, brushed metal, cloth and paper.

The grain of a surface has a size in millimetres in the world, and would be a ruler. It
is drawn by 1/f noise, which looks alike at every magnification, and where it repeats
(rings of wood, threads of cloth) by a spacing drawn anew for every picture, in
fractions of the picture. So a surface does not say how many pixels a picture has.
"""

from collections.abc import Callable

import cv2
import numpy as np

from mimika.core.preprocess import FloatArray

Rng = np.random.Generator
Size = tuple[int, int]  # height and width in pixels
Colour = tuple[float, float, float]  # RGB in 0..1, as it looks

WOODS: tuple[Colour, ...] = (
    (0.66, 0.50, 0.33),
    (0.50, 0.34, 0.20),
    (0.78, 0.66, 0.48),
    (0.58, 0.47, 0.37),
)
BENCHES: tuple[Colour, ...] = (
    (0.45, 0.46, 0.48),
    (0.60, 0.61, 0.62),
    (0.33, 0.36, 0.37),
)
CLOTHS: tuple[Colour, ...] = (
    (0.28, 0.34, 0.45),
    (0.62, 0.58, 0.50),
    (0.45, 0.24, 0.22),
    (0.35, 0.40, 0.35),
)
PAPERS: tuple[Colour, ...] = (
    (0.88, 0.87, 0.83),
    (0.93, 0.93, 0.94),
    (0.72, 0.59, 0.43),
)


def fractal(
    rng: Rng, size: Size, power: float = 1.0, grain: float = 1.0, angle: float = 0.0
) -> FloatArray:
    """Noise whose amplitude falls with a power of the frequency.

    Args:
        rng: source of randomness.
        size: height and width.
        power: 0 is white; 1 and more look like clouds.
        grain: how many times longer it is along `angle` than across.
        angle: radians.

    Returns:
        float32 (H, W), mean 0, deviation 1.
    """
    height, width = size
    across, down = np.meshgrid(np.fft.rfftfreq(width), np.fft.fftfreq(height))
    along = across * np.cos(angle) + down * np.sin(angle)
    aside = down * np.cos(angle) - across * np.sin(angle)
    frequency = np.hypot(along * grain, aside)
    frequency[0, 0] = 1
    phases = rng.uniform(0, 2 * np.pi, frequency.shape)
    spectrum = frequency**-power * np.exp(1j * phases)
    spectrum[0, 0] = 0
    field = np.fft.irfft2(spectrum, s=size)
    return np.asarray(field / field.std(), np.float32)


def draw_surface(rng: Rng, kind: str, size: Size) -> FloatArray:
    """A bare surface in even light.

    Args:
        rng: source of randomness.
        kind: one of `SURFACES`.
        size: height and width in pixels.

    Returns:
        float32 (H, W, 3), RGB, 0..1, as it looks.
    """
    surface = SURFACES[kind](rng, size)
    stains = 1 + 0.06 * fractal(rng, size, 2.0)
    return np.asarray((surface * stains[..., None]).clip(0.02, 1), np.float32)


def _places(size: Size, angle: float) -> tuple[FloatArray, FloatArray]:
    """Places along and across a direction, where the longer side of a picture is 1."""
    height, width = size
    y, x = np.mgrid[:height, :width].astype(np.float32) / np.float32(max(size))
    along = x * np.cos(angle) + y * np.sin(angle)
    aside = y * np.cos(angle) - x * np.sin(angle)
    return along.astype(np.float32), aside.astype(np.float32)


def _coloured(rng: Rng, colours: tuple[Colour, ...], light: FloatArray) -> FloatArray:
    """One of some colours, slightly changed, times a lightness (H, W)."""
    colour = np.array(colours[int(rng.integers(len(colours)))])
    colour = colour * rng.uniform(0.88, 1.12) * rng.uniform(0.97, 1.03, 3)
    return np.asarray(light[..., None] * colour, np.float32)


def _wood(rng: Rng, size: Size) -> FloatArray:
    angle = float(rng.uniform(0, np.pi))
    _, aside = _places(size, angle)
    bent = fractal(rng, size, 2.1, 5, angle)
    rings = np.sin(2 * np.pi * (aside * _spacing(rng, 3, 14) + 0.5 * bent))
    fibre = fractal(rng, size, 1.0, 30, angle)
    dark = 0.08 * rings + 0.07 * fibre + 0.06 * fractal(rng, size, 1.5, 8, angle)
    return _coloured(rng, WOODS, 1 + dark)


def _bench(rng: Rng, size: Size) -> FloatArray:
    angle = float(rng.uniform(0, np.pi))
    brushed = 0.06 * fractal(rng, size, 0.8, 40, angle) + 0.05 * fractal(rng, size, 1.7)
    light = np.asarray(1 + brushed, np.float32)
    longest = max(size)
    for _ in range(int(rng.integers(6, 20))):
        start = rng.uniform(0, 1, 2) * size[::-1]
        way = rng.uniform(0, 2 * np.pi)
        end = start + np.array([np.cos(way), np.sin(way)]) * longest * rng.uniform(
            0.1, 0.6
        )
        scratch = np.zeros(size, np.uint8)
        ends = [tuple(int(value) for value in point) for point in (start, end)]
        thick = max(1, round(longest / 350))
        cv2.line(scratch, ends[0], ends[1], 255, thick, cv2.LINE_AA)
        light += np.float32(rng.uniform(-0.1, 0.14) / 255) * scratch
    return _coloured(rng, BENCHES, light)


def _cloth(rng: Rng, size: Size) -> FloatArray:
    angle = float(rng.uniform(0, np.pi))
    along, aside = _places(size, angle)
    waves = fractal(rng, size, 2.3)
    threads = _spacing(rng, 22, 75)
    warp = np.sin(2 * np.pi * (along * threads + 0.35 * waves))
    weft = np.sin(2 * np.pi * (aside * threads - 0.35 * waves))
    woven = np.maximum(warp, weft) - 0.4 + 0.5 * warp * weft
    rough = 0.05 * fractal(rng, size, 0.9) + 0.06 * waves
    light = np.asarray(1 + 0.13 * woven + rough, np.float32)
    return _coloured(rng, CLOTHS, light)


def _paper(rng: Rng, size: Size) -> FloatArray:
    rough = 0.018 * fractal(rng, size, 0.8) + 0.02 * fractal(rng, size, 1.8)
    return _coloured(rng, PAPERS, 1 + rough)


def _spacing(rng: Rng, least: float, most: float) -> np.float32:
    """How often something repeats in a picture: every size is as likely."""
    return np.float32(np.exp(rng.uniform(np.log(least), np.log(most))))


# name of the surface: what draws one
SURFACES: dict[str, Callable[[Rng, Size], FloatArray]] = {
    "wood": _wood,
    "metal": _bench,
    "cloth": _cloth,
    "paper": _paper,
}
