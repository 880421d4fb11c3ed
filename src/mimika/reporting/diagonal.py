"""Points with error bars beside the line on which both axes agree."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from mimika.reporting.charts import (
    COLOURS,
    Axis,
    Floats,
    Ground,
    finish,
    on_both_grounds,
)
from mimika.reporting.page import Figure

MARKERS = "os^D"


def diagonal(
    name: str, caption: str, series: Mapping[str, NDArray[np.float64]], axis: Axis
) -> Figure:
    """Draws shares against shares.

    Args:
        name: of the PNG file.
        caption: what it shows.
        series: float64 (P, 4) by legend: x, y, and the ends of y's interval, 0..1.
        axis: what is measured.
    """

    def draw(axes: Axes, ground: Ground) -> None:
        axes.plot([0, 1], [0, 1], color=ground.text, linewidth=1, linestyle="--")
        for index, (label, points) in enumerate(series.items()):
            axes.errorbar(
                points[:, 0],
                points[:, 1],
                yerr=_bars(points),
                label=label,
                color=COLOURS[index % len(COLOURS)],
                marker=MARKERS[index % len(MARKERS)],
                markersize=5,
                linewidth=1.4,
                elinewidth=1,
                capsize=2,
            )
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        axes.set_aspect("equal")
        finish(axes, ground, axis, legend=len(series) > 1)

    return on_both_grounds(name, caption, draw, (5.2, 4.8), width_px=520)


def _bars(points: Floats) -> Floats:
    """Lengths of the bars below and above the points, float64 (2, P)."""
    _, y, low, high = points.T
    return np.asarray(np.maximum(np.stack([y - low, high - y]), 0))
