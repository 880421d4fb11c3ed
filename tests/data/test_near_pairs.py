from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mimika.core.errors import DataError
from mimika.data import near_pairs
from mimika.data.near_pairs import aligned_pairs, check_count, correlations
from mimika.data.reading import read_dataset

Pictures = NDArray[np.uint8]
Found = dict[tuple[int, int], tuple[float, str]]


def blends(scenes: Pictures) -> Pictures:
    """uint8 (1200, 48, 48): pictures and their blends, some mirrored, near 0.93."""
    rng = np.random.default_rng(3)
    pictures = scenes[:, 8:56, 8:56].astype(np.float64)
    made = [pictures]
    for _ in range(7):
        others = pictures[rng.permutation(len(pictures))]
        share = rng.uniform(0.05, 0.5, (len(pictures), 1, 1))
        blend = (1 - share) * pictures + share * others
        made.append(blend[:, :, :: rng.choice([-1, 1])])
    return np.concatenate(made).astype(np.uint8)


def all_with_all(images: Pictures, threshold: float) -> Found:
    """The same by numpy's own correlation of everything."""
    count = len(images)
    flat = images.reshape(count, -1)
    mirrored = images[:, :, ::-1].reshape(count, -1)
    table = np.corrcoef(flat, mirrored)
    same, flipped = table[:count, :count], table[:count, count:]
    return {
        (int(one), int(other)): (
            max(same[one, other], flipped[one, other]),
            "mirrored" if flipped[one, other] > same[one, other] else "same",
        )
        for one, other in np.argwhere(np.triu(np.maximum(same, flipped), 1) > threshold)
    }


def searched(images: Pictures, threshold: float) -> Found:
    found = aligned_pairs(images, threshold, lambda share: None)
    return {
        (one, other): (similarity, kind)
        for (one, other), similarity, kind in zip(
            found.pairs.tolist(),
            found.similarity.tolist(),
            found.kinds.tolist(),
            strict=True,
        )
    }


@pytest.mark.parametrize("threshold", [0.85, 0.93, 0.99])
def test_the_pairs_are_those_of_comparing_all_with_all(
    threshold: float, scenes: Pictures
) -> None:
    images = blends(scenes)  # more than one tile
    wanted, found = all_with_all(images, threshold), searched(images, threshold)
    assert len(wanted) > 10
    assert found.keys() == wanted.keys()
    assert {kind for _, kind in wanted.values()} == {"same", "mirrored"}
    for pair, (similarity, kind) in wanted.items():
        assert found[pair] == (pytest.approx(similarity, abs=1e-6), kind)


@pytest.mark.shared_data
def test_the_pairs_of_fer2013_are_those_of_comparing_all_with_all(
    shared_data: Path,
) -> None:
    samples = read_dataset(shared_data / "fer2013" / "fer2013.parquet")
    images = np.unique(samples.images[:3000].reshape(-1, 48 * 48), axis=0)
    images = images[images.min(axis=1) < images.max(axis=1)].reshape(-1, 48, 48)
    wanted = all_with_all(images, 0.9)
    assert len(wanted) > 10
    assert searched(images, 0.9).keys() == wanted.keys()


def test_correlations_are_those_of_numpy(scenes: Pictures) -> None:
    pairs = np.array([[0, 1], [7, 3]])
    same, mirrored = correlations(scenes, pairs)
    for place, (one, other) in enumerate(pairs):
        first, second = scenes[one], scenes[other]
        straight = np.corrcoef(first.ravel(), second.ravel())[0, 1]
        flipped = np.corrcoef(first.ravel(), second[:, ::-1].ravel())[0, 1]
        assert same[place] == pytest.approx(straight, abs=1e-9)
        assert mirrored[place] == pytest.approx(flipped, abs=1e-9)


def test_the_bound_is_never_under_the_correlation(scenes: Pictures) -> None:
    images = blends(scenes)[:600]
    vectors, signs = near_pairs._bounding_vectors(images)
    count = len(images)
    flat = images.reshape(count, -1)
    mirrored = images[:, :, ::-1].reshape(count, -1)
    table = np.corrcoef(flat, mirrored)
    slack = near_pairs.ROUNDING
    assert (vectors @ vectors.T >= table[:count, :count] - slack).all()
    assert ((vectors * signs) @ vectors.T >= table[:count, count:] - slack).all()


def test_a_million_pairs_are_too_many() -> None:
    check_count([np.empty(near_pairs.MOST_PAIRS)], 0.93)
    with pytest.raises(DataError, match="1,000,000 pairs of pictures correlate"):
        check_count([np.empty(near_pairs.MOST_PAIRS), np.empty(1)], 0.93)
