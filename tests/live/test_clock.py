from fractions import Fraction

import pytest

from mimika.live.clock import Clock

MS = Fraction(1, 1000)


def test_times_count_from_the_first_timestamp():
    clock = Clock(MS, Fraction(25))
    assert [clock.time_s(t) for t in (500, 540, 700)] == pytest.approx([0, 0.04, 0.2])
    assert clock.start_s == 0.5


def test_frames_without_a_timestamp_follow_at_the_rate():
    clock = Clock(MS, Fraction(10))
    stamps = (None, None, None)
    assert [clock.time_s(t) for t in stamps] == pytest.approx([0, 0.1, 0.2])


def test_a_gap_among_timestamps_is_filled_and_left_again():
    clock = Clock(MS, Fraction(10))
    stamps = (0, None, 250)
    assert [clock.time_s(t) for t in stamps] == pytest.approx([0, 0.1, 0.25])


def test_times_never_fall_where_timestamps_jump_back():
    clock = Clock(MS, Fraction(10))
    stamps = (5000, 5100, 20, 120, 220)
    times = [clock.time_s(t) for t in stamps]
    assert times == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])


def test_a_broadcast_goes_on_one_step_later_where_its_clock_jumps_ahead():
    clock = Clock(MS, Fraction(10), may_jump=True)
    stamps = (0, 100, 90_000_000, 90_000_100, 90_009_000)
    times = [clock.time_s(t) for t in stamps]
    assert times == pytest.approx([0, 0.1, 0.2, 0.3, 9.2])
    assert clock.jumped


def test_elsewhere_a_long_gap_is_a_picture_that_is_shown_for_long():
    clock = Clock(MS, Fraction(10))
    assert [clock.time_s(t) for t in (0, 90_000_000)] == pytest.approx([0, 90_000])
    assert not clock.jumped
