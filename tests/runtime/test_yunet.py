"""One pass of the detector's network."""

from pathlib import Path

import numpy as np
import pytest

from mimika.core.images import read_picture
from mimika.core.preprocess import UInt8Array
from mimika.runtime.yunet import Area, Candidates, YuNet


@pytest.fixture(scope="module")
def network() -> YuNet:
    return YuNet()


@pytest.fixture(scope="module")
def portrait(photograph: Path) -> UInt8Array:
    return read_picture(photograph).pixels


def best(seen: Candidates) -> int:
    return int(seen.scores.argmax())


def test_a_part_is_seen_at_the_same_place_as_in_the_whole(
    network: YuNet, portrait: UInt8Array
) -> None:
    whole = network.look(portrait, 1.0, 0.5)
    part = network.look(portrait, 1.0, 0.5, Area(64, 32, 500, 480))
    np.testing.assert_allclose(part.boxes[best(part)], whole.boxes[best(whole)], atol=8)
    np.testing.assert_allclose(
        part.landmarks[best(part)], whole.landmarks[best(whole)], atol=8
    )


def test_places_are_in_pixels_of_the_picture_and_widths_in_those_of_the_input(
    network: YuNet, portrait: UInt8Array
) -> None:
    whole = network.look(portrait, 1.0, 0.5)
    half = network.look(portrait, 0.5, 0.5)
    width = whole.boxes[best(whole), 2]
    assert half.boxes[best(half), 2] == pytest.approx(width, rel=0.1)
    assert half.widths[best(half)] == pytest.approx(width / 2, rel=0.1)


def test_colours_reach_the_network_in_its_own_order(
    network: YuNet, portrait: UInt8Array
) -> None:
    """The channels' order matters a little, so the two orders do not score alike."""
    right = network.look(portrait, 1.0, 0.0).scores
    wrong = network.look(np.ascontiguousarray(portrait[:, :, ::-1]), 1.0, 0.0).scores
    session = network._session
    height, width = portrait.shape[:2]
    filled = np.zeros((1, 3, -(-height // 32) * 32, width), np.uint8)
    filled[0, :, :height] = portrait[:, :, ::-1].transpose(2, 0, 1)
    (expected, *_) = session.run(None, {"image": filled})
    np.testing.assert_allclose(right, np.minimum(expected, 1), atol=1e-6)
    assert not np.allclose(wrong, right)


def test_candidates_are_chosen_and_joined_row_by_row() -> None:
    values = np.arange(3, dtype=np.float32)
    one = Candidates(
        values / 2, np.tile(values[:, None], 4), np.zeros((3, 5, 2), np.float32), values
    )
    high = one.over(0.5)
    assert high.scores.tolist() == [0.5, 1.0]
    assert high.boxes[:, 0].tolist() == [1, 2]
    both = Candidates.joined([one, high])
    assert both.widths.tolist() == [0, 1, 2, 1, 2]
    assert both.landmarks.shape == (5, 5, 2)


def test_a_large_picture_gives_the_same_boxes_as_a_small_one(
    network: YuNet, portrait: UInt8Array
) -> None:
    small = network.look(portrait, 0.5, 0.5)
    large = np.repeat(np.repeat(portrait, 5, axis=0), 5, axis=1)[1:, 2:]
    seen = network.look(large, 0.1, 0.5)
    np.testing.assert_allclose(
        seen.boxes[best(seen)] / 5, small.boxes[best(small)], atol=4
    )
