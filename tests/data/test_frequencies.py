import numpy as np
import pytest

from mimika.data.frequencies import band, cosines, mirror_signs, sampling, unit


@pytest.mark.parametrize(("count", "side"), [(16, 48), (48, 48), (1, 1), (5, 7)])
def test_cosines_are_orthonormal(count: int, side: int) -> None:
    rows = cosines(count, side)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(rows @ rows.T, np.eye(count), atol=1e-6)


def test_a_band_is_chosen_by_the_sum_of_both_frequencies() -> None:
    assert band(3, 1, 2).tolist() == [
        [False, True, True],
        [True, True, False],
        [True, False, False],
    ]
    assert band(10, 1, 9).sum() == 54


def test_mirror_signs_mirror() -> None:
    picture = np.random.default_rng(0).random((12, 12), np.float32)
    cosine, chosen = cosines(6, 12), band(6, 1, 5)
    straight = (cosine @ picture @ cosine.T)[chosen]
    mirrored = (cosine @ picture[:, ::-1] @ cosine.T)[chosen]
    np.testing.assert_allclose(straight * mirror_signs(chosen), mirrored, atol=1e-5)


def test_sampling_at_every_pixel_changes_nothing() -> None:
    np.testing.assert_allclose(sampling(4.0, 1.0, 8, 8), np.eye(8), atol=1e-6)


def test_sampling_interpolates_and_stays_inside() -> None:
    line = np.array([10, 20, 40, 80], np.float32)
    between = sampling(2.0, 0.5, 4, 4) @ line  # at 1.25, 1.75, 2.25, 2.75 pixels
    wanted = np.interp([1.25, 1.75, 2.25, 2.75], np.arange(4) + 0.5, line)
    np.testing.assert_allclose(between, wanted, rtol=1e-6)
    outside = sampling(np.array([-5.0, 9.0]), np.array([1.0, 1.0]), 2, 4) @ line
    assert outside.tolist() == [[10, 10], [80, 80]]


def test_vectors_get_length_1_and_nothing_stays_nothing() -> None:
    vectors = np.array([[3, 4], [0, 0], [1e-5, 0]], np.float32)
    np.testing.assert_allclose(unit(vectors), [[0.6, 0.8], [0, 0], [0, 0]], rtol=1e-6)
