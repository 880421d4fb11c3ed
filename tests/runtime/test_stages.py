"""How long each stage of an analysis takes."""

import time

import pytest

from mimika.runtime.stages import STAGES, Stopwatch


def test_the_seconds_of_a_stage_add_up():
    watch = Stopwatch()
    for _ in range(2):
        with watch.of("detect"):
            time.sleep(0.02)
    assert watch.seconds["detect"] >= 0.04
    assert set(watch.seconds) == {"detect"}


def test_a_stage_that_fails_is_counted_too():
    watch = Stopwatch()
    with pytest.raises(ValueError, match="broken"), watch.of("classify"):
        raise ValueError("broken")
    assert watch.seconds["classify"] >= 0


def test_the_stages_of_an_analysis_stand_in_their_order():
    assert STAGES == ("decode", "detect", "crop", "classify")
