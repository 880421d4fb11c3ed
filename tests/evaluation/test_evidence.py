"""What follows from a run's course."""

from dataclasses import replace

import pytest


def test_gap_rise_and_fall_are_differences_of_accuracies(evidence):
    course = evidence.course
    assert course.gap == pytest.approx(0.05)
    assert course.rise == pytest.approx(0.002)
    assert course.fall == pytest.approx(0.001)


def test_what_is_not_known_has_no_difference(evidence):
    course = replace(evidence.course, training=None, before=None)
    assert course.gap is None
    assert course.rise is None
