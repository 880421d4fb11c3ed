import numpy as np
import pytest

from mimika.live.marks import RED, WHITE, with_marks

SIZES = [(240, 320), (480, 640), (2160, 3840), (60, 80)]


def count_of(pixels: np.ndarray, colour: tuple[int, int, int]) -> int:
    return int((pixels == colour).all(axis=2).sum())


def test_without_anything_going_on_the_picture_is_the_same() -> None:
    pixels = np.zeros((48, 64, 3), np.uint8)
    assert with_marks(pixels, recording=False, paused=False) is pixels


@pytest.mark.parametrize("size", SIZES)
def test_recording_is_a_red_disc_at_the_upper_right(size: tuple[int, int]) -> None:
    pixels = np.full((*size, 3), 90, np.uint8)
    marked = with_marks(pixels, recording=True, paused=False)
    height, width = size
    corner = marked[: height // 2, width // 2 :]
    assert count_of(corner, RED) == count_of(marked, RED) > 40
    assert count_of(marked, WHITE) == 0
    assert (pixels == 90).all()  # a recording gets this one


@pytest.mark.parametrize("size", SIZES)
def test_pause_is_two_white_bars_in_the_middle(size: tuple[int, int]) -> None:
    pixels = np.full((*size, 3), 90, np.uint8)
    marked = with_marks(pixels, recording=False, paused=True)
    row = (marked[size[0] // 2] == WHITE).all(axis=1).astype(int)
    assert np.count_nonzero(np.diff(row) == 1) == 2
    middle = np.flatnonzero(row).mean()
    assert abs(middle - size[1] / 2) < 2
    assert count_of(marked, RED) == 0


def test_both_show_on_white_and_on_red() -> None:
    for colour in (WHITE, RED):
        pixels = np.full((120, 160, 3), colour, np.uint8)
        marked = with_marks(pixels, recording=True, paused=True)
        assert (marked != pixels).any(axis=2).sum() > 50
