"""Machine parts as height fields: bolts, nuts, washers and plates seen from above.

A shape says how high it is at every place, in units of its own longest side. Nothing in
it knows how many millimetres or pixels that is: a large bolt is an enlarged small one,
so that no proportion tells the two apart.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mimika.core.preprocess import FloatArray

Rng = np.random.Generator
# of places x, y, float32 of any shape, the height there; 0 beside the part
Height = Callable[[FloatArray, FloatArray], FloatArray]


@dataclass(frozen=True)
class Shape:
    """A part that lies in the middle of its own coordinates, its long side along x.

    Attributes:
        kind: name of the kind of part.
        height: how high it is above the bench, everything in units of its longest side.
        across: its extent along y; along x it is 1.
        is_round: whether it takes as much room in every direction.
    """

    kind: str
    height: Height
    across: float
    is_round: bool = False


def draw_washer(rng: Rng) -> Shape:
    """A flat ring; one in three is a spring washer, split and slightly wound."""
    hole = float(rng.uniform(0.22, 0.32))
    thick, bevel = float(rng.uniform(0.05, 0.1)), float(rng.uniform(0.008, 0.025))
    is_split = rng.random() < 1 / 3

    def height(x: FloatArray, y: FloatArray) -> FloatArray:
        radius = np.hypot(x, y)
        inside = np.minimum(0.5 - radius, radius - hole)
        if is_split:
            cut = np.where(x > 0, np.abs(y + 0.35 * (x - 0.4)), 1)
            inside = np.minimum(inside, cut - 0.022)
        turn = np.arctan2(y, x) / (2 * np.pi) if is_split else np.zeros_like(x)
        wound = np.asarray(thick * (1 + 0.5 * turn), np.float32)
        return _slab(inside, wound, bevel)

    return Shape("washer", height, 1.0, is_round=True)


def draw_nut(rng: Rng) -> Shape:
    """A hexagonal nut with its conical chamfer and a countersunk hole."""
    flat = 0.5 * np.cos(np.pi / 6)
    hole = float(rng.uniform(0.5, 0.6)) * flat
    thick, slope = float(rng.uniform(0.3, 0.42)), float(rng.uniform(0.4, 0.7))

    def height(x: FloatArray, y: FloatArray) -> FloatArray:
        radius = np.hypot(x, y)
        sides = [
            np.abs(x * np.sin(a) + y * np.cos(a)) for a in np.pi / 3 * np.arange(3)
        ]
        inside = np.minimum(flat - np.max(sides, axis=0), radius - hole)
        top = _slab(inside, thick, 0.012)
        top = np.minimum(top, thick - slope * (radius - 0.97 * flat))
        sunk = np.minimum(top, thick - 0.9 * (1.13 * hole - radius))
        return np.asarray(np.where(inside > 0, sunk, 0), np.float32)

    return Shape("nut", height, float(2 * flat), is_round=True)


def draw_plate(rng: Rng) -> Shape:
    """A plate with rounded corners, and holes in one of four patterns."""
    across = float(rng.uniform(0.32, 0.85))
    corner = float(rng.uniform(0.02, 0.5)) * across / 2
    thick, bevel = float(rng.uniform(0.03, 0.09)), float(rng.uniform(0.006, 0.016))
    holes = _holes(rng, across)

    def height(x: FloatArray, y: FloatArray) -> FloatArray:
        beyond_x = np.abs(x) - (0.5 - corner)
        beyond_y = np.abs(y) - (across / 2 - corner)
        outer = np.hypot(beyond_x.clip(0), beyond_y.clip(0))
        inside = corner - outer - np.maximum(beyond_x, beyond_y).clip(None, 0)
        for left, top, radius, slot in holes:
            along = np.abs(x - left) - slot
            apart = np.hypot(along.clip(0), y - top)
            inside = np.minimum(inside, apart - radius)
        return _slab(inside, thick, bevel)

    return Shape("plate", height, across)


def _holes(rng: Rng, across: float) -> list[tuple[float, float, float, float]]:
    """Place x, y, radius and half a slot's length of each hole."""
    radius = float(rng.uniform(0.1, 0.17)) * across
    x, y = 0.5 - 0.29 * across, across / 2 - 0.22 * across
    pattern = int(rng.integers(4))
    if pattern == 0:
        return [(-x, 0, radius, 0), (x, 0, radius, 0)]
    if pattern == 1:
        small = 0.6 * radius
        return [(a * x, b * y, small, 0) for a in (-1, 1) for b in (-1, 1)]
    if pattern == 2:
        return [(-x, 0, radius, 0), (0.5 * x, 0, 0.9 * radius, 0.3 * x)]
    middle = float(rng.uniform(0.2, 0.3)) * across
    return [(0, 0, middle, 0), (-x, y, 0.5 * radius, 0), (x, -y, 0.5 * radius, 0)]


def draw_bolt(rng: Rng) -> Shape:
    """A bolt on its side, with a hexagonal, cylindrical or rounded head."""
    wide = float(rng.uniform(0.28, 0.46))  # of the head
    long = wide * float(rng.uniform(0.36, 0.6))
    shank = wide / 2 * float(rng.uniform(0.5, 0.6))
    pitch = shank * float(rng.uniform(0.3, 0.4))
    plain = float(rng.choice([0.0, 0.0, 0.35, 0.5])) * (1 - long)
    head = (_hexagonal, _cylindrical, _rounded)[int(rng.integers(3))]
    axis = wide / 2 * (np.cos(np.pi / 6) if head is _hexagonal else 1)

    def height(x: FloatArray, y: FloatArray) -> FloatArray:
        along = x + 0.5 - long  # from under the head
        turn = np.arcsin((y / shank).clip(-1, 1)) / (2 * np.pi)
        wave = np.abs((along / pitch + turn) % 1 * 2 - 1)
        starts = ((along - plain) / pitch).clip(0, 1)
        radius = shank - 0.55 * pitch * wave * starts
        radius = radius - (along - (1 - long) + 1.3 * pitch).clip(
            0
        )  # the tip's chamfer
        body = _turned(radius, y, axis)
        body = np.where((along >= 0) & (x <= 0.5), body, 0)
        top = np.where((along < 0) & (x >= -0.5), head(x + 0.5, y, wide, long), 0)
        return np.asarray(np.maximum(body, top), np.float32)

    return Shape("bolt", height, wide)


def _hexagonal(x: FloatArray, y: FloatArray, wide: float, long: float) -> FloatArray:
    """The head lies on one of its sides; `x` counts from its end."""
    flat = wide / 2 * np.cos(np.pi / 6)
    lean = np.tan(np.pi / 3)
    top = np.minimum(2 * flat, 2 * flat - lean * (np.abs(y) - wide / 4))
    cone = 0.9 * wide / 2 + 1.7 * x  # the chamfer of its end
    return np.where(np.abs(y) < wide / 2, np.minimum(top, _turned(cone, y, flat)), 0)


def _cylindrical(x: FloatArray, y: FloatArray, wide: float, long: float) -> FloatArray:
    """A cap, knurled on its outside; `x` counts from its end."""
    turn = np.arcsin((2 * y / wide).clip(-1, 1))
    knurl = 0.008 * wide * np.sin(60 * turn) * (x > 0.2 * long) * (x < 0.85 * long)
    edge = 0.06 * wide * (1 - x / (0.1 * wide)).clip(0) ** 2
    return _turned(wide / 2 - edge + knurl - 0.008 * wide, y, wide / 2)


def _rounded(x: FloatArray, y: FloatArray, wide: float, long: float) -> FloatArray:
    """Half an ellipsoid; `x` counts from its end."""
    part = (1 - (1 - x / long).clip(0, 1) ** 2).clip(0)
    return _turned(wide / 2 * np.sqrt(part), y, wide / 2)


def _turned(radius: FloatArray, y: FloatArray, axis: float) -> FloatArray:
    """The upper side of what a lathe makes: its axis lies at y = 0, so high."""
    under = radius.clip(0) ** 2 - y**2
    return np.asarray(np.where(under > 0, axis + np.sqrt(under.clip(0)), 0), np.float32)


def _slab(inside: FloatArray, thick: float | FloatArray, bevel: float) -> FloatArray:
    """A flat thing with a rounded edge, of the distance from its outline inwards."""
    out = 1 - (inside / bevel).clip(0, 1)
    top = thick - bevel * (1 - np.sqrt(1 - out**2))
    return np.asarray(np.where(inside > 0, top, 0), np.float32)


# name of the kind: what draws one
KINDS: dict[str, Callable[[Rng], Shape]] = {
    "bolt": draw_bolt,
    "nut": draw_nut,
    "washer": draw_washer,
    "plate": draw_plate,
}
