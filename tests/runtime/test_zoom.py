"""The second, enlarged look."""

import cv2
import numpy as np
import pytest

from mimika.core.images import read_picture
from mimika.core.preprocess import UInt8Array
from mimika.runtime.yunet import Area, Candidates, YuNet
from mimika.runtime.zoom import CORE, HINT, MARGIN, tiles_with, zoom

WIDTH, HEIGHT = 6000, 4000


@pytest.fixture
def canvas() -> UInt8Array:
    """float32 noise of low contrast, which leaves no trace of a face."""
    drawn = np.random.default_rng(1).integers(100, 130, (40, 60, 3), np.uint8)
    return np.asarray(cv2.resize(drawn, (WIDTH, HEIGHT)), np.uint8)


@pytest.fixture
def small_face(photograph) -> UInt8Array:
    """A portrait whose face is 43 pixels wide."""
    pixels = read_picture(photograph).pixels
    return np.asarray(cv2.resize(pixels, None, fx=0.24, fy=0.24), np.uint8)


def traces_at(*places: tuple[float, float]) -> Candidates:
    count = len(places)
    corners = np.array(places, np.float32).reshape(count, 2)
    boxes = np.concatenate([corners, np.full((count, 2), 8, np.float32)], axis=1)
    ones = np.ones(count, np.float32)
    return Candidates(ones / 2, boxes, np.zeros((count, 5, 2), np.float32), 8 * ones)


def test_a_face_too_small_for_the_first_pass_is_found_by_its_trace(
    canvas: UInt8Array, small_face: UInt8Array
) -> None:
    network, scale = YuNet(), 1280 / WIDTH
    height, width = small_face.shape[:2]
    canvas[2500 : 2500 + height, 4100 : 4100 + width] = small_face
    first = network.look(canvas, scale, HINT)
    assert not len(first.over(0.65).scores)
    found = Candidates.joined(zoom(network, canvas, first, scale))
    x, y, w, h = found.boxes[found.scores.argmax()]
    assert (x + w / 2, y + h / 2) == pytest.approx((4100 + 64, 2500 + 54), abs=10)


def test_without_a_trace_nothing_is_looked_at(canvas: UInt8Array) -> None:
    class Blind:
        def look(self, *_: object) -> Candidates:
            raise AssertionError("looked")

    assert zoom(Blind(), canvas, traces_at(), 0.2) == []  # type: ignore[arg-type]


def test_a_tile_is_looked_at_once_however_many_traces_it_holds(
    canvas: UInt8Array,
) -> None:
    side = CORE * 2  # of a tile at half size, in pixels of the picture
    traces = traces_at((10, 10), (100, 50), (side + 5, 10))
    tiles = tiles_with(traces, canvas, 0.5)
    reach = (CORE + MARGIN) * 2
    assert tiles == [
        Area(0, 0, reach, reach),
        Area(side - 2 * MARGIN, 0, side + reach, reach),
    ]


def test_tiles_end_at_the_pictures_borders(canvas: UInt8Array) -> None:
    (tile,) = tiles_with(traces_at((WIDTH - 20, HEIGHT - 20)), canvas, 1.0)
    assert (tile.right, tile.bottom) == (WIDTH, HEIGHT)
    assert tiles_with(traces_at((WIDTH + 900, 5)), canvas, 1.0) == []
