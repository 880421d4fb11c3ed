"""Light on drawn parts: metal that reflects a room, shadows, and a camera.

Everything up to the camera is linear in the light. What is metal shows the room that it
reflects: a bright window, the ceiling, and the dark bench near the horizon, as in
Blinn and Newell, "Texture and Reflection in Computer Generated Images" (1976).
"""

from dataclasses import dataclass

import cv2
import numpy as np

from mimika.core.preprocess import FloatArray, UInt8Array
from mimika.data.drawing_surfaces import Colour, fractal

Rng = np.random.Generator

GAMMA = 2.2
SAMPLES = 6  # of a wide light: how many sharp shadows make a soft one
FOCUS = (0.5, 0.9)  # deviation of the blur in pixels
NOISE = (0.002, 0.007)  # of middle grey
STEPS = 20  # along a shadow


@dataclass(frozen=True)
class Finish:
    """How a part's surface looks.

    Attributes:
        colour: what it does to white light that it reflects.
        mirror: how much it reflects the room; the rest is scattered.
        rough: how uneven it is.
        rust: which share of it is rusty.
    """

    colour: Colour
    mirror: float
    rough: float
    rust: float = 0.0


# name of the finish: how it looks
FINISHES: dict[str, Finish] = {
    "steel": Finish((0.74, 0.75, 0.77), 0.85, 0.05),
    "zinc": Finish((0.78, 0.82, 0.86), 0.7, 0.1),
    "yellow zinc": Finish((0.85, 0.74, 0.48), 0.7, 0.08),
    "brass": Finish((0.86, 0.68, 0.36), 0.85, 0.05),
    "black oxide": Finish((0.24, 0.24, 0.26), 0.75, 0.08),
    "worn steel": Finish((0.62, 0.60, 0.58), 0.5, 0.14, 0.15),
    "rusty": Finish((0.50, 0.45, 0.42), 0.4, 0.16, 0.6),
}
RUST: Colour = (0.17, 0.075, 0.035)


@dataclass(frozen=True)
class Light:
    """A window or a lamp at one side of the bench, and the room around it.

    Attributes:
        azimuth: radians, where it is.
        elevation: radians above the bench.
        width: radians, of the light itself; a wide one has soft shadows.
        strength: how much brighter it is than the room.
        tint: its colour.
        fall: how much darker the far side of the bench is.
    """

    azimuth: float
    elevation: float
    width: float
    strength: float
    tint: Colour
    fall: float

    @property
    def direction(self) -> FloatArray:
        """float32 (3,), towards the light; z is up."""
        level = np.cos(self.elevation)
        aside = (level * np.cos(self.azimuth), level * np.sin(self.azimuth))
        return np.array([*aside, np.sin(self.elevation)], np.float32)


def draw_light(rng: Rng) -> Light:
    """A light at any side."""
    warm = float(rng.uniform(-0.08, 0.08))
    return Light(
        azimuth=float(rng.uniform(0, 2 * np.pi)),
        elevation=float(rng.uniform(0.55, 1.05)),
        width=float(rng.uniform(0.12, 0.4)),
        strength=float(rng.uniform(0.9, 2.2)),
        tint=(1 + warm, 1.0, 1 - warm),
        fall=float(rng.uniform(0.1, 0.55)),
    )


def shade_metal(
    height: FloatArray, step: float, finish: Finish, light: Light, rng: Rng
) -> FloatArray:
    """The light that a metal part sends upwards.

    Args:
        height: float32 (H, W), in any unit of length.
        step: distance of two pixels in that unit.
        finish: how it looks.
        light: what shines on it.
        rng: source of its unevenness.

    Returns:
        float32 (H, W, 3), RGB, linear.
    """
    coarse = (max(8, height.shape[0] // 3), max(8, height.shape[1] // 3))
    angle = float(rng.uniform(0, np.pi))
    grain = fractal(rng, coarse, 0.8, float(rng.choice([1, 6, 25])), angle)
    dents = fractal(rng, coarse, 1.8)
    grain, dents = (_enlarged(noise, height.shape) for noise in (grain, dents))
    slope_y, slope_x = np.gradient(height, step)
    uneven = finish.rough * grain
    normal = np.stack([uneven * 0.6 - slope_x, 0.1 * dents - slope_y, 1 + uneven], -1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    bounced = 2 * normal[..., 2:] * normal - np.array([0, 0, 1], np.float32)
    bounced[..., :2] += 0.5 * _from_middle(height.shape)  # the camera is not far away
    room = _room(bounced, light, rng)
    lit = (normal @ light.direction).clip(0) * light.strength
    scattered: FloatArray = np.asarray(lit + 0.35, np.float32)
    seen = finish.mirror * room + (1 - finish.mirror) * 0.5 * scattered
    colour = np.array(finish.colour, np.float32) ** GAMMA
    metal = seen[..., None] * colour * np.array(light.tint, np.float32)
    metal *= (1 + 0.5 * finish.rough * grain + finish.rough * dents)[..., None]
    if finish.rust == 0:
        return np.asarray(metal.clip(0), np.float32)
    rust = _rust(scattered, grain) * np.array(light.tint, np.float32)
    part = _step(dents + 0.5 * grain, float(np.quantile(dents, 1 - finish.rust)), 0.6)
    return np.asarray((metal + part[..., None] * (rust - metal)).clip(0), np.float32)


def _room(bounced: FloatArray, light: Light, rng: Rng) -> FloatArray:
    """What a mirror shows in each direction (H, W, 3): (H, W)."""
    up = bounced[..., 2]
    seen = 0.10 + 0.5 * _step(up, 0.2, 0.9)
    towards = bounced @ light.direction
    seen += light.strength * (
        0.55 * _step(towards, 0.72, 0.5) + 0.5 * _step(towards, 0.93, 0.1)
    )
    for _ in range(3):  # things in the room, bright or dark
        place = rng.normal(size=3) + np.array([0, 0, 1.2])
        place /= np.linalg.norm(place)
        strength = float(rng.choice([-0.35, 0.35, 0.5]))
        seen += strength * _step(bounced @ place.astype(np.float32), 0.85, 0.22)
    seen = seen.clip(0.03)
    return np.asarray(1.25 * seen / (1 + 0.4 * seen), np.float32)  # not burnt out


def _rust(scattered: FloatArray, grain: FloatArray) -> FloatArray:
    colour = np.array(RUST, np.float32)
    return (scattered * (1 + 0.25 * grain))[..., None] * colour


def shadows(height: FloatArray, light: Light, reach: float) -> FloatArray:
    """How much of the light reaches each place.

    Args:
        height: float32 (H, W), in pixels.
        light: where it comes from and how wide it is.
        reach: the greatest height in pixels.

    Returns:
        float32 (H, W), 0 in deep shadow to 1.
    """
    total = np.zeros_like(height)
    spread = np.linspace(-0.5, 0.5, SAMPLES) * light.width
    for number, offset in enumerate(spread):
        azimuth = light.azimuth + offset
        elevation = light.elevation + light.width * ((number * 0.618) % 1 - 0.5) / 2
        total += _sharp_shadow(height, azimuth, np.tan(elevation), reach)
    return np.asarray(1 - total / SAMPLES, np.float32)


def _sharp_shadow(
    height: FloatArray, azimuth: float, rise: float, reach: float
) -> FloatArray:
    """How deep each place is in shadow, 0..1."""
    longest = reach / rise
    deepest = np.zeros_like(height)
    for distance in np.linspace(longest / STEPS, longest, STEPS):
        x, y = -distance * np.cos(azimuth), -distance * np.sin(azimuth)
        move = np.array([[1, 0, x], [0, 1, y]], np.float32)
        moved = cv2.warpAffine(height, move, height.shape[::-1])
        np.maximum(deepest, moved - np.float32(distance * rise), out=deepest)
    soft = max(1.0, 1.2 * longest * rise / STEPS)
    return np.asarray(((deepest - height) / soft).clip(0, 1), np.float32)


def occlusion(height: FloatArray, reach: float) -> FloatArray:
    """Less of the room shines on what lies beside something high: (H, W), 0..1."""
    open_sky = np.ones_like(height)
    for share in (0.25, 0.7, 1.8):
        around = _blurred(height, max(0.6, share * reach))
        open_sky -= np.float32(0.45 / reach) * (around - height).clip(0)
    return np.asarray(open_sky.clip(0.15, 1), np.float32)


def _blurred(values: FloatArray, deviation: float) -> FloatArray:
    """Blurred by a Gaussian; a wide one on a smaller copy, where it is as good."""
    factor = max(1, int(deviation / 3))
    height, width = values.shape[:2]
    small = (max(1, width // factor), max(1, height // factor))
    coarse = cv2.resize(values, small, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(coarse, (0, 0), deviation / factor)
    return _enlarged(np.asarray(soft, np.float32), values.shape)


def uneven(size: tuple[int, int], light: Light) -> FloatArray:
    """(H, W): the bench is brighter where the light is, and darker at the corners."""
    x, y = np.moveaxis(_from_middle(size), -1, 0)
    towards = x * np.cos(light.azimuth) + y * np.sin(light.azimuth)
    corners = 1 - 0.18 * (x**2 + y**2)
    return np.asarray((1 + light.fall * towards) * corners, np.float32)


def photograph(linear: FloatArray, rng: Rng) -> UInt8Array:
    """What a camera makes of the light.

    Args:
        linear: float32 (H, W, 3).
        rng: source of exposure, focus and noise.

    Returns:
        uint8 (H, W, 3), RGB.
    """
    middle = float(np.median(linear.mean(axis=-1)))
    exposed = linear * rng.uniform(0.85, 1.2) * (0.30 / max(middle, 0.12)) ** 0.55
    sharp = float(np.exp(rng.uniform(*np.log(FOCUS))))
    blurred = _blurred(exposed.astype(np.float32), sharp)
    glow = _blurred(blurred, 6 * sharp)
    light = 0.94 * blurred + 0.06 * glow
    rolled = np.where(light < 0.7, light, 0.7 + 0.3 * np.tanh((light - 0.7) / 0.3))
    noise = rng.normal(size=linear.shape) * np.sqrt(rolled.clip(0) + 0.02)
    noisy = rolled + noise * rng.uniform(*NOISE)
    noisy = noisy * rng.uniform(0.97, 1.03, 3)  # the white balance is never exact
    return np.asarray(
        (255 * noisy.clip(0, 1) ** (1 / GAMMA)).round(), np.float32
    ).astype(np.uint8)


def _step(values: FloatArray, middle: float, width: float) -> FloatArray:
    """From 0 to 1 around a value, without an edge."""
    part = ((values - middle) / width + 0.5).clip(0, 1)
    return np.asarray(part * part * (3 - 2 * part), np.float32)


def _from_middle(size: tuple[int, ...]) -> FloatArray:
    """float32 (H, W, 2): x and y, from -1 to 1 along the longer side."""
    height, width = size[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    half = np.float32(max(height, width) / 2)
    places = [(x - width / 2) / half, (y - height / 2) / half]
    return np.stack(places, -1).astype(np.float32)


def _enlarged(noise: FloatArray, size: tuple[int, ...]) -> FloatArray:
    return np.asarray(cv2.resize(noise, size[1::-1], interpolation=cv2.INTER_LINEAR))
