"""A part on a bench, in one picture."""

import numpy as np
import pytest

from mimika.data.drawing_scene import (
    FINER,
    MARGIN,
    Frame,
    Piece,
    cut_out,
    draw_scene,
    set_down,
)
from mimika.data.drawing_shapes import KINDS, draw_nut, draw_plate

LENGTH = 60.0


def test_a_picture_is_cut_around_its_part_with_a_margin_on_every_side():
    for seed in range(60):
        rng = np.random.default_rng(seed)
        shape = KINDS[tuple(KINDS)[seed % 4]](rng)
        frame = cut_out(shape, LENGTH, rng)
        piece = set_down(shape, frame)
        cover = piece.cover()
        height, width = frame.size
        gaps = (
            piece.top,
            piece.left,
            height - piece.top - cover.shape[0],
            width - piece.left - cover.shape[1],
        )
        least, most = (share * LENGTH for share in MARGIN)
        # what is round takes the circle around it, which a hexagon does not fill
        assert least - 2 <= min(gaps)
        assert max(gaps) <= most + 0.07 * LENGTH + 2


def test_a_part_is_drawn_finer_and_where_it_belongs():
    shape = draw_nut(np.random.default_rng(1))
    piece = set_down(shape, Frame((100, 140), (90.0, 40.0), 0.3, LENGTH))
    assert piece.height.shape[0] % FINER == piece.height.shape[1] % FINER == 0
    rows, columns = piece.place
    assert (rows.start + rows.stop) / 2 == pytest.approx(40, abs=1)
    assert (columns.start + columns.stop) / 2 == pytest.approx(90, abs=1)
    cover = piece.cover()
    assert cover.shape == (rows.stop - rows.start, columns.stop - columns.start)
    assert 0 < ((cover > 0) & (cover < 1)).mean() < 0.3  # edges of parts of pixels


def test_what_lies_partly_or_wholly_outside_is_cut():
    shape = draw_plate(np.random.default_rng(1))
    partly = set_down(shape, Frame((50, 50), (0.0, 25.0), 0.0, LENGTH))
    assert (partly.left, partly.top >= 0) == (0, True)
    assert partly.place[1].stop <= 31
    assert set_down(shape, Frame((50, 50), (-90.0, 25.0), 0.0, LENGTH)) is None
    assert Piece(np.zeros((9, 9), np.float32)).cropped() is None


def test_a_scene_is_a_picture_of_its_size_in_which_the_part_can_be_seen():
    for seed, draw in enumerate(KINDS.values()):
        rng = np.random.default_rng(seed)
        shape = draw(rng)
        frame = cut_out(shape, LENGTH, rng)
        image = draw_scene(shape, frame, rng)
        assert image.shape == (*frame.size, 3)
        assert image.dtype == np.uint8
        assert 15 < image.mean() < 245
        assert image.std() > 8


def test_the_same_numbers_draw_the_same_scene():
    def drawn(seed):
        rng = np.random.default_rng(seed)
        shape = draw_nut(rng)
        return draw_scene(shape, cut_out(shape, LENGTH, rng), rng)

    assert np.array_equal(drawn(4), drawn(4))
    assert drawn(4).shape != drawn(5).shape or not np.array_equal(drawn(4), drawn(5))
