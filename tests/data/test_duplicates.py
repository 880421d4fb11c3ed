from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mimika.core.errors import ConfigError, DataError
from mimika.data.duplicates import (
    Duplicates,
    exact_groups,
    find_duplicates,
    leakage,
)
from mimika.data.reading import read_dataset

Pictures = NDArray[np.uint8]


def middle(scenes: Pictures) -> Pictures:
    return scenes[:, 8:56, 8:56]


def window(scenes: Pictures, top: float, left: float, side: float) -> Pictures:
    """A window of each scene, scaled to 48 x 48."""
    step = side / 48
    matrix = np.array([[step, 0, left], [0, step, top]], np.float32)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    taken = [cv2.warpAffine(scene, matrix, (48, 48), flags=flags) for scene in scenes]
    return np.stack(taken).astype(np.uint8)


def jpeg(pictures: Pictures, quality: int) -> Pictures:
    files = [
        cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        for picture in pictures
    ]
    decoded = [cv2.imdecode(file, cv2.IMREAD_GRAYSCALE) for file in files]
    return np.stack(decoded).astype(np.uint8)


def relit(pictures: Pictures) -> Pictures:
    return (pictures * 0.6 + 15).astype(np.uint8)


COPIES: dict[str, tuple[str, Callable[[Pictures], Pictures]]] = {
    "mirrored": ("mirrored", lambda s: middle(s)[:, :, ::-1]),
    "compressed once": ("same", lambda s: jpeg(middle(s), 75)),
    "compressed hard": ("same", lambda s: jpeg(middle(s), 30)),
    "less contrast, another brightness": ("same", lambda s: relit(middle(s))),
    "mirrored and relit": ("mirrored", lambda s: relit(middle(s)[:, :, ::-1])),
    "3 px to the right": ("", lambda s: s[:, 8:56, 11:59]),
    "3 px up and to the left": ("", lambda s: s[:, 5:53, 5:53]),
    "1 px down": ("", lambda s: s[:, 9:57, 8:56]),
    "2.5 px down, 1.5 px to the left": ("", lambda s: window(s, 10.5, 6.5, 48)),
    "cropped in the middle": ("", lambda s: window(s, 10.4, 10.4, 43.2)),
    "cropped to a corner": ("", lambda s: window(s, 12.8, 8, 43.2)),
    "cropped, mirrored": ("", lambda s: window(s, 8, 10, 43.2)[:, :, ::-1]),
    "shifted, compressed, relit": ("", lambda s: relit(jpeg(s[:, 10:58, 6:54], 50))),
}


@pytest.mark.parametrize("name", COPIES)
def test_every_known_copy_is_found_and_nothing_else(
    name: str, scenes: Pictures
) -> None:
    kind, change = COPIES[name]
    count = len(scenes)
    found = find_duplicates(np.concatenate([middle(scenes), change(scenes)]))
    wanted = [[place, place + count] for place in range(count)]
    assert found.pairs.tolist() == wanted
    assert found.groups.tolist() == [*range(count), *range(count)]
    assert (found.similarity > 0.93).all()
    if kind:
        assert set(found.kinds) == {kind}
    else:  # a small shift of a soft picture may correlate as it stands
        assert set(found.kinds) <= {"shifted", "same", "mirrored"}
        assert "shifted" in found.kinds


def test_a_shift_that_hides_a_copy_from_plain_correlation_is_called_shifted(
    scenes: Pictures,
) -> None:
    one, other = middle(scenes), scenes[:, 5:53, 11:59]
    found = find_duplicates(np.concatenate([one, other]))
    hidden = [
        max(np.corrcoef(a.ravel(), b.ravel())[0, 1] for b in (second, second[:, ::-1]))
        <= 0.93
        for a, second in zip(one, other, strict=True)
    ]
    assert np.mean(hidden) > 0.5
    assert (found.kinds == "shifted").tolist() == hidden


def test_independent_pictures_are_not_near_copies(scenes: Pictures) -> None:
    found = find_duplicates(middle(scenes))
    assert len(found.pairs) == 0
    assert found.groups.tolist() == list(range(len(scenes)))


def test_each_identical_copy_is_paired_with_the_first(scenes: Pictures) -> None:
    a, b = middle(scenes)[:2]
    found = find_duplicates(np.stack([b, a, b, a, b]))
    assert found.exact_groups.tolist() == [0, 1, 0, 1, 0]
    assert found.groups.tolist() == [0, 1, 0, 1, 0]
    assert found.pairs.tolist() == [[0, 2], [0, 4], [1, 3]]
    assert found.kinds.tolist() == ["exact"] * 3
    assert found.similarity.tolist() == [1, 1, 1]


def test_a_near_copy_joins_two_groups_of_identical_pictures(scenes: Pictures) -> None:
    a, b = middle(scenes)[:2]
    flipped = a[:, ::-1]
    found = find_duplicates(np.stack([a, flipped, a, b, flipped]))
    assert found.pairs.tolist() == [[0, 1], [0, 2], [1, 4]]
    assert found.kinds.tolist() == ["mirrored", "exact", "exact"]
    assert found.groups.tolist() == [0, 0, 0, 1, 0]
    assert found.exact_groups.tolist() == [0, 1, 0, 2, 1]


def test_blank_pictures_are_copies_of_each_other_and_like_nothing_else(
    scenes: Pictures,
) -> None:
    black, white = np.zeros((48, 48), np.uint8), np.full((48, 48), 255, np.uint8)
    found = find_duplicates(np.stack([black, middle(scenes)[0], black, white, black]))
    assert found.groups.tolist() == [0, 1, 0, 2, 0]
    assert found.pairs.tolist() == [[0, 2], [0, 4]]
    assert found.blank.tolist() == [True, False, True, True, True]
    assert np.isfinite(found.similarity).all()


def test_a_thousand_copies_of_one_picture_make_a_short_list(scenes: Pictures) -> None:
    found = find_duplicates(np.repeat(middle(scenes)[:1], 1000, axis=0))
    assert len(found.pairs) == 999


def test_one_grey_level_in_one_pixel_is_no_trouble() -> None:
    nearly_blank = np.zeros((3, 48, 48), np.uint8)
    nearly_blank[0, 20, 20], nearly_blank[1, 5, 40] = 1, 1
    found = find_duplicates(nearly_blank)
    assert np.isfinite(found.similarity).all()
    assert found.blank.tolist() == [False, False, True]


@pytest.mark.parametrize("count", [0, 1])
def test_without_two_pictures_there_are_no_pairs(count: int, scenes: Pictures) -> None:
    found = find_duplicates(middle(scenes)[:count])
    assert found.pairs.shape == (0, 2)
    assert len(found.similarity) == len(found.kinds) == 0
    assert len(found.groups) == len(found.exact_groups) == len(found.blank) == count


@pytest.mark.parametrize("shape", [(64, 40), (28, 28), (17, 96)])
def test_pictures_of_other_sizes_are_searched_too(
    shape: tuple[int, int], scenes: Pictures
) -> None:
    sized = np.stack([cv2.resize(s, shape[::-1]) for s in middle(scenes)[:20]])
    mirrored = sized[:, :, ::-1].astype(np.uint8)
    found = find_duplicates(np.concatenate([sized, mirrored]).astype(np.uint8))
    assert [[place, place + 20] for place in range(20)] == found.pairs.tolist()


def test_pictures_of_a_pixel_or_two_are_no_trouble() -> None:
    points = np.array([3, 3, 9], np.uint8).reshape(3, 1, 1)
    assert find_duplicates(points).groups.tolist() == [0, 0, 1]
    pairs = np.array([[1, 2], [2, 1], [5, 5]], np.uint8).reshape(3, 1, 2)
    assert find_duplicates(pairs).kinds.tolist() == ["mirrored"]


def test_the_result_does_not_depend_on_the_order(scenes: Pictures) -> None:
    both = np.concatenate([middle(scenes)[:40], scenes[:40, 10:58, 6:54]])
    order = np.random.default_rng(1).permutation(len(both))
    straight, mixed = find_duplicates(both), find_duplicates(both[order])
    pairs = np.sort(order[mixed.pairs], axis=1)
    assert sorted(pairs.tolist()) == straight.pairs.tolist()


def test_progress_rises_to_the_end(scenes: Pictures) -> None:
    shares: list[float] = []
    find_duplicates(middle(scenes), progress=shares.append)
    assert shares == sorted(shares)
    assert shares[0] > 0
    assert shares[-1] == 1
    find_duplicates(middle(scenes)[:0], progress=shares.append)
    assert shares[-1] == 1


@pytest.mark.parametrize("threshold", [0.0, 0.5, 1.01, float("nan"), 93])
def test_an_impossible_threshold_is_refused(threshold: float) -> None:
    with pytest.raises(ConfigError, match=rf"threshold of {threshold} .*0.85\.\.1"):
        find_duplicates(np.zeros((2, 48, 48), np.uint8), threshold)


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((2, 48, 48), np.float32),
        np.zeros((2, 48, 48, 3), np.uint8),
        np.zeros((2, 0, 48), np.uint8),
    ],
)
def test_pictures_of_another_form_are_refused(images: Pictures) -> None:
    with pytest.raises(DataError, match=r"expected uint8 \(N, H, W\)"):
        find_duplicates(images)


def test_frames_of_a_film_are_refused_with_a_way_out(scenes: Pictures) -> None:
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 3, (1500, 48, 48), np.uint8)
    film = (middle(scenes)[0].clip(0, 250) + noise).astype(np.uint8)
    with pytest.raises(DataError, match="frames of a film"):
        find_duplicates(film)


SPLITS = np.array(["Training", "PublicTest", "Training", "PublicTest", "PublicTest"])


def duplicates(pairs: list[list[int]], exact: list[int]) -> Duplicates:
    return Duplicates(
        np.zeros(len(exact), np.int64),
        np.array(exact),
        np.array(pairs, np.int64).reshape(-1, 2),
        np.ones(len(pairs), np.float32),
        np.full(len(pairs), "same"),
        np.zeros(len(exact), bool),
    )


def test_leakage_counts_copies_in_the_other_split_only() -> None:
    found = duplicates([[0, 3], [1, 4]], [0, 1, 2, 3, 4])
    leaking = leakage(found, SPLITS, "PublicTest")
    assert leaking.tolist() == [False, False, False, True, False]
    back = leakage(found, SPLITS, "Training", against="PublicTest")
    assert back.tolist() == [True, False, False, False, False]


def test_leakage_of_exact_copies_leaves_near_copies_out() -> None:
    found = duplicates([[0, 3], [2, 4]], [0, 1, 2, 3, 2])
    assert leakage(found, SPLITS, "PublicTest", exact=True).tolist() == [0, 0, 0, 0, 1]
    assert leakage(found, SPLITS, "PublicTest").tolist() == [0, 0, 0, 1, 1]


def test_a_near_copy_of_an_identical_picture_leaks() -> None:
    # 2 (Training) equals 1 (PublicTest), and only 1 stands in the pair with 4
    found = duplicates([[1, 2], [1, 4]], [0, 1, 1, 3, 4])
    assert leakage(found, SPLITS, "PublicTest").tolist() == [0, 1, 0, 0, 1]


def test_a_chain_of_pairs_does_not_leak() -> None:
    found = duplicates([[0, 1], [1, 3]], [0, 1, 2, 3, 4])
    assert leakage(found, SPLITS, "PublicTest").tolist() == [0, 1, 0, 0, 0]


def test_blank_pictures_do_not_leak(scenes: Pictures) -> None:
    pictures = np.zeros((5, 48, 48), np.uint8)
    pictures[2:4] = middle(scenes)[0]
    found = find_duplicates(pictures)
    assert leakage(found, SPLITS, "PublicTest").tolist() == [0, 0, 0, 1, 0]


@pytest.mark.shared_data
def test_exact_copies_of_fer2013_are_those_that_were_counted(
    shared_data: Path,
) -> None:
    samples = read_dataset(shared_data / "fer2013" / "fer2013.parquet")
    groups = exact_groups(samples.images)
    blank = samples.images.min(axis=(1, 2)) == samples.images.max(axis=(1, 2))
    assert blank.sum() == 12
    none = np.empty(0)
    found = Duplicates(groups, groups, none, none, none, blank)
    counts = {
        split: leakage(found, samples.splits, split, exact=True).sum()
        for split in ("PrivateTest", "PublicTest")
    }
    assert counts == {"PrivateTest": 288, "PublicTest": 279}
