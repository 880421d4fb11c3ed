import numpy as np
import pytest
from numpy.typing import NDArray

from mimika.data.alignment import align, fit, windows

Pictures = NDArray[np.uint8]
NOWHERE = np.zeros((1, 3), np.float32)


def floats(pictures: Pictures) -> NDArray[np.float32]:
    return pictures.astype(np.float32)


def test_the_window_in_the_middle_is_cut_out_as_it_is(scenes: Pictures) -> None:
    pictures = floats(scenes[:3, :48, :48])
    cut = windows(pictures, np.zeros((3, 3), np.float32))
    np.testing.assert_allclose(cut, pictures[:, 4:44, 4:44], atol=1e-3)


def test_a_window_moves_right_and_down(scenes: Pictures) -> None:
    picture = floats(scenes[:1, :48, :48])
    cut = windows(picture, np.array([[3, -2, 0]], np.float32))
    np.testing.assert_allclose(cut, picture[:, 2:42, 7:47], atol=1e-3)


def test_a_window_grows_about_its_centre() -> None:
    ramp = np.tile(np.arange(48, dtype=np.float32) + 0.5, (1, 48, 1))
    cut = windows(ramp, np.array([[0, 0, 0.1]], np.float32))
    wanted = 24 + 1.1 * (np.arange(40) - 19.5)
    np.testing.assert_allclose(cut[0, 0], wanted, atol=1e-3)


def test_a_fit_finds_the_parts_of_a_mixture() -> None:
    rng = np.random.default_rng(0)
    basis = rng.normal(size=(5, 4, 100)).astype(np.float32)
    target = np.einsum("k,pkd->pd", [2, 1, -0.5, 0.2], basis)
    target /= np.linalg.norm(target, axis=1, keepdims=True)
    explained, moves = fit(basis, target.astype(np.float32))
    np.testing.assert_allclose(explained, 1, atol=1e-3)
    np.testing.assert_allclose(moves, [[0.5, -0.25, 0.1]] * 5, atol=1e-3)


def test_a_fit_of_nothing_explains_nothing() -> None:
    explained, moves = fit(np.zeros((1, 4, 9), np.float32), np.ones((1, 9), np.float32))
    assert explained.tolist() == [0]
    assert np.isfinite(moves).all()


@pytest.mark.parametrize(
    "place", [(0, 0, 0), (1.5, -1, 0), (-2, 2, 0.05), (0.3, 0.7, -0.06)]
)
def test_a_known_shift_and_zoom_is_found_again(
    place: tuple[float, float, float], scenes: Pictures
) -> None:
    pictures = floats(scenes[:60, 8:56, 8:56])
    targets = windows(pictures, np.tile(np.array(place, np.float32), (60, 1)))
    likeness, detail = align(
        pictures, 0.5 * targets + 30, np.zeros((60, 3), np.float32), 0.93
    )
    assert (likeness > 0.97).mean() > 0.9  # from so far off it can lose its way
    assert (detail[likeness > 0.97] > 0.9).all()


def test_different_pictures_do_not_become_alike(scenes: Pictures) -> None:
    pictures = floats(scenes[:, 8:56, 8:56])
    targets = pictures[::-1, 4:44, 4:44]
    likeness, detail = align(
        pictures, targets, np.zeros((len(pictures), 3), np.float32), 0.93
    )
    assert not ((likeness > 0.93) & (detail > 0.8)).any()


def test_flat_pictures_are_like_nothing() -> None:
    flat = np.full((1, 48, 48), 9, np.float32)
    likeness, detail = align(flat, flat[:, 4:44, 4:44], NOWHERE, 0.93)
    assert likeness.tolist() == [0]
    assert detail.tolist() == [0]


def test_the_places_to_begin_at_are_left_as_they_are(scenes: Pictures) -> None:
    place = np.array([[9, 0, 0]], np.float32)
    align(floats(scenes[:1, :48, :48]), floats(scenes[:1, :40, :40]), place, 0.93)
    assert place.tolist() == [[9, 0, 0]]
