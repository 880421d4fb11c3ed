"""A scatter plot whose points have names beside them, on a light and a dark ground.

A name is put beside its point where it covers no other name and no point; the nearest
of a few places is tried first, and a thin line leads to a name that is farther away.
"""

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.text import Annotation
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from numpy.typing import NDArray

from mimika.reporting.charts import DARK, DPI, LIGHT, Axis, Ground
from mimika.reporting.page import Figure

SIZE_IN = (9.0, 6.6)
FONT_PT = 7.5
MARK_PT = 6.0
REACHES_PT = (6, 13, 22, 33, 46, 62, 80)  # distances at which a name is tried
DIRECTIONS = 12  # and the directions at each, the right one first
GAP_PT = 2  # around a name
LED_FROM_PT = 12  # from this distance on a line leads to the point
Box = NDArray[np.float64]  # left, bottom, right, top in pixels


@dataclass(frozen=True)
class Point:
    """One point.

    Attributes:
        name: stands beside it.
        x: its place, positive: the axis is logarithmic.
        y: its place.
        spread: ends of a vertical line through it, such as an interval; None for none.
    """

    name: str
    x: float
    y: float
    spread: tuple[float, float] | None = None


@dataclass(frozen=True)
class Series:
    """Points that are drawn alike.

    Attributes:
        legend: what they are.
        points: in any number.
        colour: `#rrggbb`.
        marker: as matplotlib names it; forms differ so that colour is not needed.
        filled: whether the mark is filled.
    """

    legend: str
    points: tuple[Point, ...]
    colour: str
    marker: str
    filled: bool = True


def labelled_scatter(
    name: str, caption: str, series: Sequence[Series], axis: Axis
) -> Figure:
    """Draws points with their names over a logarithmic x axis.

    Args:
        name: of the PNG file.
        caption: what it shows.
        series: drawn in their order, the last on top; those without points are left
            out of the legend.
        axis: what is measured.
    """
    light, dark = (_png(series, axis, ground) for ground in (LIGHT, DARK))
    return Figure(name, light, dark, caption, round(100 * SIZE_IN[0]))


def _png(series: Sequence[Series], axis: Axis, ground: Ground) -> bytes:
    canvas = Canvas(
        figsize=SIZE_IN, dpi=DPI, layout="constrained", facecolor=ground.back
    )
    FigureCanvasAgg(canvas)
    axes = canvas.add_subplot(facecolor=ground.back)
    for one in series:
        if one.points:
            _draw(axes, one, ground)
    _finish(axes, axis, ground)
    canvas.draw_without_rendering()  # settles the layout that names are placed in
    _place_names(axes, series, ground)
    data = io.BytesIO()
    canvas.savefig(data, dpi=DPI, format="png")
    return data.getvalue()


def _draw(axes: Axes, series: Series, ground: Ground) -> None:
    for point in series.points:
        if point.spread is not None:
            axes.plot([point.x] * 2, point.spread, color=series.colour, linewidth=1.4)
    axes.plot(
        [point.x for point in series.points],
        [point.y for point in series.points],
        linestyle="none",
        marker=series.marker,
        markersize=MARK_PT,
        color=series.colour,
        markerfacecolor=series.colour if series.filled else ground.back,
        label=series.legend,
    )


def _finish(axes: Axes, axis: Axis, ground: Ground) -> None:
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.margins(x=0.12, y=0.06)
    axes.set_xlabel(axis.x, color=ground.text)
    axes.set_ylabel(axis.y, color=ground.text)
    axes.tick_params(which="both", colors=ground.text, labelsize=9, length=0)
    for side, spine in axes.spines.items():
        spine.set_color(ground.line)
        spine.set_visible(side in ("left", "bottom"))
    axes.grid(color=ground.line, alpha=0.45, linewidth=0.6)
    axes.set_axisbelow(True)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(
            fontsize=8,
            frameon=False,
            labelcolor=ground.text,
            loc="lower center",
            bbox_to_anchor=(0.5, 1.0),
            ncols=2,
        )


def _place_names(axes: Axes, series: Sequence[Series], ground: Ground) -> None:
    """Writes the names, those of the last series first: they get the best places."""
    taken = [_mark_box(axes, point) for one in series for point in one.points]
    for one in reversed(series):
        for point in sorted(one.points, key=lambda p: -p.y):
            text = _annotation(axes, point, one.colour, ground)
            taken.append(_settle(text, axes, np.array(taken)))


def _mark_box(axes: Axes, point: Point) -> Box:
    """A box around a mark and the line through it."""
    low, high = point.spread or (point.y, point.y)
    ends = axes.transData.transform([(point.x, low), (point.x, high)])
    half = 0.6 * MARK_PT * axes.figure.dpi / 72
    return np.concatenate([ends[0] - half, ends[1] + half])


def _annotation(axes: Axes, point: Point, colour: str, ground: Ground) -> Annotation:
    return axes.annotate(
        point.name.replace("$", r"\$"),  # a dollar would start a formula
        (point.x, point.y),
        (0, 0),
        textcoords="offset points",
        fontsize=FONT_PT,
        color=ground.text,
        ha="center",
        va="center",
        arrowprops={
            "arrowstyle": "-",
            "color": colour,
            "linewidth": 0.5,
            "shrinkA": 0,
            "shrinkB": 3,
        },
    )


def _settle(text: Annotation, axes: Axes, others: Box) -> Box:
    """Moves a name to the free place nearest to its point; returns its box.

    Args:
        text: stands on its point.
        axes: what it should stay inside.
        others: float64 (M, 4), boxes that it should not cover.
    """
    scale = axes.figure.dpi / 72  # pixels a point
    middle = np.array(text.get_window_extent().extents)
    gap = GAP_PT * scale * np.array([-1, -1, 1, 1])
    wide, high = (middle[2:] - middle[:2]) / scale
    frame = np.array(axes.get_window_extent().extents)
    best, least = (0.0, 0.0, 0.0), math.inf
    for place in _offsets(wide, high):
        box = middle + gap + scale * np.array(place[:2] * 2)
        outside = float(np.prod(box[2:] - box[:2])) - _overlap(box, frame[None])
        cost = _overlap(box, others) + outside
        if cost < least - 0.5:  # less than a pixel is nothing
            best, least = place, cost
        if least < 0.5:
            break
    text.set_position(best[:2])
    if best[2] < LED_FROM_PT and text.arrow_patch is not None:
        text.arrow_patch.set_visible(False)
    return np.asarray(middle + scale * np.array(best[:2] * 2))


def _offsets(wide: float, high: float) -> Iterator[tuple[float, float, float]]:
    """Places of a name's middle from its point and their distance, in points."""
    for reach in REACHES_PT:
        for step in range(DIRECTIONS):
            turn = math.ceil(step / 2) * (-1) ** step * 2 * math.pi / DIRECTIONS
            x, y = math.cos(turn), math.sin(turn)
            yield x * (reach + wide / 2), y * (reach + high / 2), reach


def _overlap(box: Box, others: Box) -> float:
    """Area that a box (4,) shares with others (M, 4), in square pixels."""
    low = np.maximum(box[:2], others[:, :2])
    high = np.minimum(box[2:], others[:, 2:])
    return float(np.prod(np.maximum(high - low, 0), axis=1).sum())
