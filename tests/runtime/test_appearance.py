"""What a face looks like, in a few numbers."""

import numpy as np
import pytest

from mimika.runtime.appearance import SAME, SIMILAR, appearance_of

BOX = (40.0, 30.0, 60.0, 70.0)


def blocks(seed, side=8):
    """A coloured picture, 160 x 140 pixels, of large random blocks."""
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (140 // side + 1, 160 // side + 1, 3), np.uint8)
    return np.kron(small, np.ones((side, side, 1), np.uint8))[:140, :160]


def test_a_face_is_like_itself():
    looks = appearance_of(blocks(0), BOX)
    assert looks.likeness(looks) == pytest.approx(1, abs=1e-5)


def test_and_much_like_itself_when_lighter_or_noisy():
    picture = blocks(0)
    looks = appearance_of(picture, BOX)
    noise = np.random.default_rng(1).normal(0, 8, picture.shape)
    changed = (picture * 0.8 + 30 + noise).clip(0, 255).astype(np.uint8)
    assert looks.likeness(appearance_of(changed, BOX)) > 0.75


def test_and_not_like_another():
    likeness = [
        appearance_of(blocks(2 * k), BOX).likeness(
            appearance_of(blocks(2 * k + 1), BOX)
        )
        for k in range(10)
    ]
    assert max(likeness) < 0.6


def test_colours_tell_equal_patterns_apart():
    grey = blocks(0).mean(axis=2, keepdims=True)
    red = (grey * (1.0, 0.5, 0.5)).astype(np.uint8)
    blue = (grey * (0.5, 0.6, 1.0)).astype(np.uint8)
    assert appearance_of(red, BOX).likeness(appearance_of(blue, BOX)) < 0.5


def test_an_even_surface_is_like_nothing_in_particular():
    even = np.full((140, 160, 3), 90, np.uint8)
    looks = appearance_of(even, BOX)
    assert not looks.pattern.any()
    assert looks.colours.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    "box", [(-30, -20, 60, 70), (130, 120, 60, 70), (300, 9, 5, 5)]
)
def test_a_box_over_the_border_is_looked_at_as_far_as_it_goes(box):
    looks = appearance_of(blocks(0), box)
    assert looks.pattern.shape == (256,)
    assert np.isfinite(looks.pattern).all()


def test_who_may_be_the_same_depends_on_pattern_and_colours():
    picture = blocks(0)
    looks = appearance_of(picture, BOX)
    noise = np.random.default_rng(1).normal(0, 8, picture.shape)
    noisy = appearance_of((picture + noise).clip(0, 255).astype(np.uint8), BOX)
    assert looks.may_be(noisy, pattern=SAME)
    assert not looks.may_be(appearance_of(blocks(1), BOX), pattern=SIMILAR)
    tinted = appearance_of((picture * (0.2, 0.3, 1.0)).astype(np.uint8), BOX)
    assert not looks.may_be(tinted, pattern=SIMILAR)


def test_a_mixture_lies_between():
    one, other = appearance_of(blocks(0), BOX), appearance_of(blocks(1), BOX)
    mixed = one.blended(other, 0.3)
    assert one.likeness(other) < other.likeness(mixed) < one.likeness(mixed) < 1
    assert np.linalg.norm(mixed.pattern) == pytest.approx(1)
