import numpy as np
import pytest
from numpy.typing import NDArray

from mimika.core.errors import DataError
from mimika.data import near_pairs
from mimika.data.rows import TILE
from mimika.data.shifted_pairs import shifted_pairs

Pictures = NDArray[np.uint8]


def silent(share: float) -> None:
    """Takes the progress."""


@pytest.mark.parametrize("right", [-3, -1, 2])
@pytest.mark.parametrize("down", [-2, 0, 3])
def test_every_shift_is_found(right: int, down: int, scenes: Pictures) -> None:
    shifted = scenes[:50, 8 + down : 56 + down, 8 + right : 56 + right]
    found = shifted_pairs(
        np.concatenate([scenes[:50, 8:56, 8:56], shifted]), 0.93, silent
    )
    assert found.pairs.tolist() == [[place, place + 50] for place in range(50)]
    assert set(found.kinds) == {"shifted"}
    assert (found.similarity > 0.97).all()


def test_copies_in_different_tiles_are_found_in_either_order(scenes: Pictures) -> None:
    rng = np.random.default_rng(5)
    images = rng.integers(0, 256, (2 * TILE + 9, 48, 48), np.uint8)
    crop = scenes[:, 10:54, 10:54].repeat(12, axis=1).repeat(12, axis=2)
    crop = crop.reshape(len(crop), 48, 11, 48, 11).mean(axis=(2, 4))  # 44 px on 48
    images[3], images[TILE + 5] = crop[0], scenes[0, 8:56, 8:56]
    images[7], images[2 * TILE + 1] = scenes[1, 8:56, 8:56], crop[1]
    images[TILE + 2], images[TILE + 1] = crop[2], scenes[2, 8:56, 8:56]
    found = shifted_pairs(images, 0.93, silent)
    assert found.pairs.tolist() == [
        [3, TILE + 5],
        [7, 2 * TILE + 1],
        [TILE + 1, TILE + 2],
    ]


def test_faces_that_are_alike_but_for_the_detail_are_no_pair(scenes: Pictures) -> None:
    rng = np.random.default_rng(6)
    down, right = np.mgrid[:48, :48] / 48
    light = 60 + 120 * np.hypot(down - 0.4, right - 0.3)
    noisy = light + rng.normal(0, 5, (20, 48, 48))
    images = noisy.clip(0, 255).astype(np.uint8)
    assert np.corrcoef(images.reshape(20, -1)).min() > 0.93
    assert len(shifted_pairs(images, 0.93, silent).pairs) == 0


def test_known_pairs_are_left_out(scenes: Pictures) -> None:
    images = np.concatenate([scenes[:9, 8:56, 8:56], scenes[:9, 9:57, 6:54]])
    known = np.array([[2, 11], [8, 17], [0, 1]])
    found = shifted_pairs(images, 0.93, silent, known)
    assert found.pairs[:, 0].tolist() == [0, 1, 3, 4, 5, 6, 7]


def test_pictures_too_small_to_tell_are_left_out() -> None:
    small = np.random.default_rng(0).integers(0, 256, (9, 15, 40), np.uint8)
    small[5] = small[4]
    assert shifted_pairs(small, 0.93, silent).pairs.shape == (0, 2)


def test_too_many_pairs_are_refused(
    scenes: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near_pairs, "MOST_PAIRS", 20)
    shifted = np.concatenate([scenes[:30, 8:56, 8:56], scenes[:30, 9:57, 6:54]])
    with pytest.raises(DataError, match="more than 20 pairs"):
        shifted_pairs(shifted, 0.93, silent)
