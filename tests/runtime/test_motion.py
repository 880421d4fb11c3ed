"""Where a face is expected."""

import numpy as np
import pytest

from mimika.runtime.motion import Motion

FRAME_S = 1 / 30


def moved(box, across, down=0.0):
    return (box[0] + across, box[1] + down, box[2], box[3])


def following(speed, frames=30, noise=0.0, seed=0):
    """A face of 100 pixels that moves evenly, followed for a second."""
    rng = np.random.default_rng(seed)
    box = (50.0, 60.0, 90.0, 110.0)
    motion = Motion(box)
    for _ in range(frames):
        box = moved(box, speed * FRAME_S)
        motion.go_on(FRAME_S)
        motion.correct(moved(box, *rng.normal(0, noise, 2)))
    return motion, box


def test_a_new_face_is_expected_where_it_is():
    motion = Motion((10, 20, 40, 50))
    motion.go_on(FRAME_S)
    assert motion.box == pytest.approx((10, 20, 40, 50))


def test_an_even_movement_is_expected_to_go_on():
    motion, box = following(speed=240)
    motion.go_on(0.3)
    assert motion.box == pytest.approx(moved(box, 72), abs=2)


def test_measurements_that_tremble_are_evened_out():
    motion, box = following(speed=0, noise=4)
    latest = [following(speed=0, noise=4, seed=k)[0].box[0] for k in range(20)]
    assert np.std(latest) < 4 * 0.9
    assert motion.box == pytest.approx(box, abs=8)


def test_doubt_grows_while_nothing_is_measured_and_falls_after():
    motion, box = following(speed=60)
    sure = motion.doubt
    motion.go_on(0.5)
    unsure = motion.doubt
    motion.correct(box)
    assert motion.doubt < 0.05 < 0.5 < unsure
    assert sure < 0.05


def test_somebody_out_of_sight_comes_to_rest():
    motion, box = following(speed=300)
    for _ in range(300):
        motion.go_on(FRAME_S, fading=True)
    assert motion.box[0] == pytest.approx(box[0] + 300 * 0.5, abs=15)


def test_the_way_does_not_depend_on_the_number_of_frames():
    one, _ = following(speed=300)
    many, _ = following(speed=300)
    one.go_on(1.0, fading=True)
    for _ in range(100):
        many.go_on(0.01, fading=True)
    assert one.box == pytest.approx(many.box)


def test_the_size_follows_but_is_not_expected_to_go_on_growing():
    motion = Motion((0, 0, 50, 50))
    for side in range(51, 81):
        motion.go_on(FRAME_S)
        motion.correct((0, 0, side, side))
    grown = motion.size_px
    motion.go_on(0.5)
    assert grown == pytest.approx(80, abs=5)
    assert motion.size_px == pytest.approx(grown)


def test_a_doubtful_measurement_counts_less():
    near, far = Motion((0, 0, 50, 50)), Motion((0, 0, 50, 50))
    for motion in (near, far):
        motion.go_on(FRAME_S)
    near.correct((20, 0, 50, 50), deviation=1.0)
    far.correct((20, 0, 50, 50))
    assert 0 < near.box[0] < far.box[0] < 20
