"""A time axis with ticks at round times, from a part of a second to a day."""

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MultipleLocator

from mimika.reporting.charts import LIGHT
from mimika.reporting.durations import clock_text

STEPS_S = (
    0.1,
    0.2,
    0.5,
    1,
    2,
    5,
    10,
    15,
    30,
    60,
    120,
    300,
    600,
    900,
    1800,
    3600,
    7200,
    14400,
)
MOST_TICKS = 9


def draw_time_axis(axes: Axes, duration_s: float) -> None:
    """Makes the x axis one of time, written as suits its length.

    Args:
        axes: whose x values are seconds from 0.
        duration_s: where the axis ends; more than 0.
    """
    axes.set_xlim(0, duration_s)
    step_s = next((s for s in STEPS_S if duration_s / s <= MOST_TICKS), duration_s)
    hours = duration_s >= 3600

    def text(at_s: float, _: int | None) -> str:
        return f"{at_s:.1f}" if step_s < 1 else clock_text(at_s, hours=hours)

    unit = "hours, minutes, seconds" if hours else "minutes and seconds"
    axes.xaxis.set_major_locator(MultipleLocator(step_s))
    axes.xaxis.set_major_formatter(FuncFormatter(text))
    axes.set_xlabel(
        f"time ({'seconds' if step_s < 1 else unit})", color=LIGHT.text, fontsize=9
    )
    axes.tick_params(colors=LIGHT.text, labelsize=9, length=3, color=LIGHT.line)
    axes.grid(axis="x", color=LIGHT.line, alpha=0.5, linewidth=0.6)
