import numpy as np
import pytest

from mimika.live.figures import RecentFigures, Summary, WholeRun


class Clock:
    now_s = 50.0

    def __call__(self) -> float:
        return self.now_s


def test_the_rate_is_that_of_the_last_second() -> None:
    clock = Clock()
    recent = RecentFigures(clock=clock)
    assert recent.frames_per_s() is None
    assert recent.stage_ms() == {}
    for step_s in [0.1] * 30 + [0.05] * 40:  # 10 a second, then 20
        clock.now_s += step_s
        recent.add({})
    assert recent.frames_per_s() == pytest.approx(20.0)


def test_stages_are_means_over_the_frames_that_had_them() -> None:
    clock = Clock()
    recent = RecentFigures(clock=clock)
    recent.add({"detect": 1000.0})
    clock.now_s += 5  # so long ago that it does not count any more
    for detect_ms in (4.0, 8.0):
        clock.now_s += 0.1
        recent.add({"detect": detect_ms, "draw": 1.0})
    clock.now_s += 0.1
    recent.add({"follow": 2.0, "draw": 4.0})
    assert recent.stage_ms() == pytest.approx({"follow": 2.0, "draw": 2.0})


def test_what_people_read_is_held_for_half_a_second() -> None:
    clock = Clock()
    recent = RecentFigures(clock=clock)
    assert recent.steady().frames_per_s is None
    read = []
    for number in range(20):
        clock.now_s += 0.1
        recent.add({"detect": float(number)})
        read.append(recent.steady().stage_ms["detect"])
    # nothing is held before there is a rate, which takes two frames
    assert read[:6] == [0.0, 0.5, 0.5, 0.5, 0.5, 0.5]
    assert len(set(read)) == 5
    assert recent.steady().frames_per_s == pytest.approx(10.0)


def test_quantiles_of_a_run_are_those_of_all_its_times() -> None:
    times = np.random.default_rng(5).gamma(4.0, 5.0, 5000)
    whole = WholeRun()
    for time_ms in times:
        whole.add(float(time_ms))
    assert whole.frames == 5000
    for share in (0.5, 0.95):
        exact = np.quantile(times, share)
        assert whole.quantile_ms(share) == pytest.approx(exact, abs=0.11)


def test_a_time_beyond_all_bins_counts_as_the_longest() -> None:
    whole = WholeRun()
    whole.add(1e9)
    whole.add(-1.0)
    assert whole.quantile_ms(0.95) == pytest.approx(2000.0)
    assert whole.quantile_ms(0.5) == pytest.approx(0.1)


def test_a_run_takes_no_more_memory_when_it_takes_longer() -> None:
    whole = WholeRun()
    size = whole._bins.nbytes
    for _ in range(1000):
        whole.add(20.0)
    assert whole._bins.nbytes == size


def test_a_run_without_frames_has_a_summary_too() -> None:
    assert WholeRun().summary(0, 0.0) == Summary(0, 0, 0.0, 0.0, 0.0)
    assert str(WholeRun().summary(0, 0.0)).startswith("0 frames in 0.0 s (0.0/s), 0 dr")


def test_a_summary_is_one_line() -> None:
    said = str(Summary(300, 4, 10.0, 20.31, 28.0))
    assert said == (
        "300 frames in 10.0 s (30.0/s), 4 dropped; from frame to screen 20.3 ms in "
        "the middle, 28.0 ms for 95 in 100"
    )
