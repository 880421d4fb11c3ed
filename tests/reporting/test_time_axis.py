import pytest
from matplotlib.figure import Figure

from mimika.reporting.time_axis import draw_time_axis


def ticks_of(duration_s):
    figure = Figure()
    axes = figure.add_subplot()
    draw_time_axis(axes, duration_s)
    figure.draw_without_rendering()
    inside = [tick for tick in axes.get_xticks() if 0 <= tick <= duration_s]
    return [axes.xaxis.get_major_formatter()(tick, 0) for tick in inside], axes


@pytest.mark.parametrize(
    ("duration_s", "first", "unit"),
    [
        (0.45, ["0.0", "0.1", "0.2"], "seconds"),
        (10, ["0:00", "0:02", "0:04"], "minutes and seconds"),
        (300, ["0:00", "1:00", "2:00"], "minutes and seconds"),
        (7200, ["0:00:00", "0:15:00", "0:30:00"], "hours, minutes, seconds"),
    ],
)
def test_ticks_are_round_times_that_suit_the_length(duration_s, first, unit):
    texts, axes = ticks_of(duration_s)
    assert texts[:3] == first
    assert axes.get_xlabel() == f"time ({unit})"


@pytest.mark.parametrize("duration_s", [0.1, 1, 7, 59, 61, 899, 5000, 86_400, 400_000])
def test_there_are_never_so_many_ticks_that_they_touch(duration_s):
    texts, _ = ticks_of(duration_s)
    assert 2 <= len(texts) <= 10
