"""A part on a bench, among what lies about there, in one picture.

The draughtsman is told what kind of part it is and how many pixels it is long, and
nothing else: surfaces, margins, light, and the size of what lies about are drawn in
fractions of the picture. Things are drawn three times as large and reduced, so that
their edges are those of a photograph.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np

from mimika.core.preprocess import FloatArray, UInt8Array
from mimika.data.drawing_clutter import cable, chip, fraction, pencil
from mimika.data.drawing_light import (
    FINISHES,
    GAMMA,
    Finish,
    Light,
    draw_light,
    occlusion,
    photograph,
    shade_metal,
    shadows,
    uneven,
)
from mimika.data.drawing_shapes import Shape, draw_bolt, draw_nut, draw_washer
from mimika.data.drawing_surfaces import SURFACES, Size, draw_surface

Rng = np.random.Generator

FINER = 3  # things are drawn so many times larger
MARGIN = (0.06, 0.35)  # at each side, in lengths of the part
MOST_CLUTTER = 5
TRIES = 4  # to find room for something beside the part
CABLES, OTHERS = 0.25, 0.6  # of the clutter: cables; these and chips, the rest parts
MARKED = 0.35  # how many benches have pencil marks


@dataclass(frozen=True)
class Frame:
    """Where a picture was cut out around its part.

    Attributes:
        size: height and width of the picture in pixels.
        middle: x and y of the part's middle in pixels.
        angle: radians, how the part is turned.
        length: the part's longest side in pixels.
    """

    size: Size
    middle: tuple[float, float]
    angle: float
    length: float


def cut_out(shape: Shape, length: float, rng: Rng) -> Frame:
    """Chooses how a part lies and where the picture around it is cut.

    Args:
        shape: the part.
        length: its longest side in pixels.
        rng: source of the angle and of each side's margin, in lengths of the part.
    """
    angle = float(rng.uniform(0, 2 * np.pi))
    cosine, sine = abs(np.cos(angle)), abs(np.sin(angle))
    wide, tall = cosine + shape.across * sine, sine + shape.across * cosine
    if shape.is_round:
        wide = tall = 1.0
    left, right, top, bottom = rng.uniform(*MARGIN, 4).tolist()
    width, height = (wide + left + right) * length, (tall + top + bottom) * length
    middle = ((left + wide / 2) * length, (top + tall / 2) * length)
    return Frame((round(height), round(width)), middle, angle, length)


@dataclass(frozen=True)
class Piece:
    """Something that lies on the bench.

    Attributes:
        height: float32 (FINER * H, FINER * W), in its own pixels; 0 beside it.
        top: row of the picture at which it begins.
        left: column of the picture at which it begins.
    """

    height: FloatArray
    top: int = 0
    left: int = 0

    @property
    def place(self) -> tuple[slice, slice]:
        """The rows and columns of the picture that it lies in."""
        height, width = (side // FINER for side in self.height.shape)
        rows = slice(self.top, self.top + height)
        return rows, slice(self.left, self.left + width)

    def cropped(self) -> "Piece | None":
        """Without what is empty around it; None where all is."""
        rows, columns = (np.flatnonzero(self.height.any(axis=a)) for a in (1, 0))
        if len(rows) == 0:
            return None
        top, bottom = int(rows[0]) // FINER, int(rows[-1]) // FINER + 1
        left, right = int(columns[0]) // FINER, int(columns[-1]) // FINER + 1
        fine = self.height[top * FINER : bottom * FINER, left * FINER : right * FINER]
        return Piece(fine, self.top + top, self.left + left)

    def cover(self) -> FloatArray:
        """float32 (H, W), how much of each pixel it covers."""
        return _reduced((self.height > 0).astype(np.float32))


def set_down(shape: Shape, frame: Frame) -> Piece | None:
    """A part at its place; None where that lies outside of the picture."""
    around = frame.length * float(np.hypot(1, shape.across)) / 2 + 1
    (x, y), (height, width) = frame.middle, frame.size
    left, right = (int(min(max(x + a, 0), width)) for a in (-around, around))
    top, bottom = (int(min(max(y + a, 0), height)) for a in (-around, around))
    if left == right or top == bottom:
        return None
    unit = np.float32(FINER * frame.length)
    right_of = (np.arange(left * FINER, right * FINER) + 0.5 - x * FINER) / unit
    below = ((np.arange(top * FINER, bottom * FINER) + 0.5 - y * FINER) / unit)[:, None]
    cosine, sine = np.cos(frame.angle), np.sin(frame.angle)
    along = (right_of * cosine + below * sine).astype(np.float32)
    aside = (below * cosine - right_of * sine).astype(np.float32)
    return Piece(shape.height(along, aside) * unit, top, left).cropped()


def draw_scene(shape: Shape, frame: Frame, rng: Rng) -> UInt8Array:
    """A picture of a part.

    Args:
        shape: the part.
        frame: where it lies in the picture.
        rng: source of everything else.

    Returns:
        uint8 (H, W, 3), RGB.
    """
    light = draw_light(rng)
    bench = draw_surface(rng, str(rng.choice(list(SURFACES))), frame.size) ** GAMMA
    if rng.random() < MARKED:
        bench = bench * pencil(rng, frame.size)[..., None]
    laid = _Laid(frame.size, light, rng)
    part = set_down(shape, frame)
    if part is not None:
        laid.add(part, _finish(rng))
    reach = 2 * max(1, round(0.03 * frame.length)) + 1
    taken = cv2.dilate(laid.cover, np.ones((reach, reach), np.uint8)) > 0
    for _ in range(int(rng.integers(MOST_CLUTTER + 1))):
        for _ in range(TRIES):
            piece, finish = _clutter(frame.size, rng)
            if (
                piece is not None
                and not (taken[piece.place] & (piece.cover() > 0)).any()
            ):
                laid.add(piece, finish)
                break
    return photograph(laid.lit(np.asarray(bench, np.float32)), rng)


def _finish(rng: Rng) -> Finish:
    return FINISHES[str(rng.choice(list(FINISHES)))]


def _clutter(size: Size, rng: Rng) -> tuple[Piece | None, Finish]:
    """Something that lies about, anywhere or just outside of the picture."""
    fine = (size[0] * FINER, size[1] * FINER)
    what = rng.random()
    if what < OTHERS:
        height, finish = (cable if what < CABLES else chip)(rng, fine)
        return Piece(height).cropped(), finish
    shape = (draw_bolt, draw_washer, draw_nut)[int(rng.integers(3))](rng)
    length = fraction(rng, 0.06, 0.5) * max(size)
    places = rng.uniform(-0.05, 1.05, 2) * size[::-1]
    place = (float(places[0]), float(places[1]))
    frame = Frame(size, place, float(rng.uniform(0, 2 * np.pi)), length)
    return set_down(shape, frame), _finish(rng)


@dataclass
class _Laid:
    """What has been laid on the bench.

    Attributes:
        size: height and width of the picture.
        light: what shines on it.
        rng: source of unevenness.
        seen: float32 (H, W, 3), linear, of the things in full light, times `cover`.
        cover: float32 (H, W), how much of each pixel they cover.
        height: float32 (H, W), in pixels.
    """

    size: Size
    light: Light
    rng: Rng
    seen: FloatArray = field(init=False)
    cover: FloatArray = field(init=False)
    height: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        self.seen = np.zeros((*self.size, 3), np.float32)
        self.cover = np.zeros(self.size, np.float32)
        self.height = np.zeros(self.size, np.float32)

    def add(self, piece: Piece, finish: Finish) -> None:
        """Lays something on top of what is there."""
        shaded = shade_metal(piece.height, 1.0, finish, self.light, self.rng)
        mask = (piece.height > 0).astype(np.float32)
        place, cover = piece.place, _reduced(mask)
        behind = 1 - cover
        seen = _reduced(shaded * mask[..., None])
        self.seen[place] = self.seen[place] * behind[..., None] + seen
        self.cover[place] = self.cover[place] * behind + cover
        height = _reduced(piece.height) / FINER
        self.height[place] = np.maximum(self.height[place], height)

    def lit(self, bench: FloatArray) -> FloatArray:
        """Bench and things in the light that reaches them.

        Args:
            bench: float32 (H, W, 3), linear, in even light.

        Returns:
            float32 (H, W, 3), linear.
        """
        reach = max(1.0, float(self.height.max()))
        sun = shadows(self.height, self.light, reach)
        sky = occlusion(self.height, reach)
        tint = np.array(self.light.tint, np.float32)
        full = self.light.strength * float(np.sin(self.light.elevation))
        on_bench = (0.42 * sky + 0.55 * full * sun)[..., None] * tint
        on_things = (0.35 + 0.4 * np.sqrt(sky) + 0.25 * sun)[..., None]
        under = (1 - self.cover)[..., None] * bench * on_bench
        around = uneven(self.size, self.light)[..., None]
        return np.asarray((under + self.seen * on_things) * around, np.float32)


def _reduced(fine: FloatArray) -> FloatArray:
    """Means of FINER by FINER pixels."""
    size = (fine.shape[1] // FINER, fine.shape[0] // FINER)
    return np.asarray(cv2.resize(fine, size, interpolation=cv2.INTER_AREA), np.float32)
