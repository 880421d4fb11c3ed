"""Plots of a report as PNG, each once on a light and once on a dark ground."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure as Canvas
from numpy.typing import NDArray

from mimika.reporting.page import Figure

DPI = 130
# distinct on both grounds and for the colour-blind: Okabe and Ito 2008
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#7f7f7f")
WIDE = 20.0  # largest over smallest value from which on axes are logarithmic
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ground:
    """The colours of a page that a plot stands on, `#rrggbb`."""

    back: str
    text: str
    line: str
    full: str


LIGHT = Ground("#ffffff", "#1c2128", "#c9d0d9", "#1c5cab")
DARK = Ground("#1b2129", "#e8ebf0", "#4a5563", "#6cb0ff")


@dataclass(frozen=True)
class Axis:
    """What an axis is called and its unit: `brightness (0..255)`."""

    x: str
    y: str


def bars(
    name: str,
    caption: str,
    categories: Sequence[str],
    series: Mapping[str, Sequence[float]],
    axis: Axis,
) -> Figure:
    """Bars side by side for each category.

    Args:
        name: of the PNG file.
        caption: what it shows.
        categories: what stands along the x axis.
        series: values by legend, one for each category.
        axis: what is measured.
    """

    def draw(axes: Axes, ground: Ground) -> None:
        width = 0.8 / len(series)
        for index, (label, values) in enumerate(series.items()):
            place = np.arange(len(categories)) + (index + 0.5) * width - 0.4
            colour = COLOURS[index % len(COLOURS)]
            axes.bar(place, values, width * 0.92, label=label, color=colour)
        crowded = sum(map(len, categories)) > 90
        axes.set_xticks(
            range(len(categories)),
            [shortened(text) for text in categories],
            rotation=45 if crowded else 0,
            ha="right" if crowded else "center",
        )
        finish(axes, ground, axis, legend=len(series) > 1)
        axes.grid(visible=False, axis="x")

    width_in = min(9.0, 2.2 + 0.45 * len(categories) * (1 + len(series)))
    return on_both_grounds(
        name, caption, draw, (width_in, 3.4), width_px=round(100 * width_in)
    )


def curves(
    name: str,
    caption: str,
    places: Floats,
    series: Mapping[str, tuple[Sequence[float], str]],
    axis: Axis,
) -> Figure:
    """Lines over one x axis, such as the histogram of each class.

    Args:
        name: of the PNG file.
        caption: what it shows.
        places: float64 (P,), x of each value.
        series: values (P,) and colour by legend.
        axis: what is measured.
    """

    def draw(axes: Axes, ground: Ground) -> None:
        for label, (values, colour) in series.items():
            axes.plot(places, values, label=label, color=colour, linewidth=1.8)
        axes.set_xlim(float(places.min()), float(places.max()))
        axes.set_ylim(bottom=0)
        axes.set_yticks([])
        finish(axes, ground, axis, legend=len(series) > 1)

    return on_both_grounds(name, caption, draw, (6.2, 3.1), width_px=620)


def scatter(
    name: str,
    caption: str,
    points: Mapping[str, tuple[Floats, str]],
    axis: Axis,
) -> Figure:
    """Points by class: float64 (N, 2) and colour by legend; far apart: logarithmic."""

    def draw(axes: Axes, ground: Ground) -> None:
        for label, (xy, colour) in points.items():
            axes.scatter(
                xy[:, 0], xy[:, 1], s=14, alpha=0.55, color=colour, label=label, lw=0
            )
        everything = np.concatenate([xy for xy, _ in points.values()])
        if everything.max() > WIDE * everything.min():
            axes.set_xscale("log")
            axes.set_yscale("log")
        finish(axes, ground, axis, legend=len(points) > 1)

    return on_both_grounds(name, caption, draw, (6.2, 4.2), width_px=620)


def heatmap(
    name: str,
    caption: str,
    shares: Floats,
    labels: tuple[Sequence[str], Sequence[str]],
    axis: Axis,
    counts: NDArray[np.int64] | None = None,
) -> Figure:
    """A matrix of shares 0..1 as colours with the per cent in each cell.

    Args:
        name: of the PNG file.
        caption: what it shows.
        shares: float64 (R, C), 0..1.
        labels: names of the rows and of the columns.
        axis: what the columns and the rows are.
        counts: int64 (R, C), written under the per cent; None for none.
    """
    rows, columns = labels
    top = max(float(np.nan_to_num(shares).max()), 1e-9)

    def draw(axes: Axes, ground: Ground) -> None:
        map_ = LinearSegmentedColormap.from_list("shares", [ground.back, ground.full])
        axes.imshow(shares, cmap=map_, vmin=0, vmax=top, aspect="auto")
        for (row, column), share in np.ndenumerate(shares):
            strong = share > 0.62 * top
            colour = ground.back if strong else ground.text
            text = f"{100 * share:.0f}"
            if counts is not None:
                text = f"{text} %\n{counts[row, column]:,}"
            axes.text(
                column, row, text, ha="center", va="center", color=colour, fontsize=8
            )
        axes.set_xticks(
            range(len(columns)), map(shortened, columns), rotation=35, ha="right"
        )
        axes.set_yticks(range(len(rows)), map(shortened, rows))
        finish(axes, ground, axis, legend=False)
        axes.grid(visible=False)

    height = 0.4 if counts is None else 0.52
    size = (2.4 + 0.62 * len(columns), 1.6 + height * len(rows))
    return on_both_grounds(name, caption, draw, size, width_px=round(95 * size[0]))


def on_both_grounds(
    name: str,
    caption: str,
    draw: Callable[[Axes, Ground], None],
    size: tuple[float, float],
    *,
    width_px: int = 900,
) -> Figure:
    """A plot drawn once on a light and once on a dark ground.

    Args:
        name: of the PNG file.
        caption: what it shows.
        draw: draws on axes with the colours of a ground.
        size: width and height in inches.
        width_px: greatest width in CSS pixels.
    """
    light, dark = (_png(draw, ground, size) for ground in (LIGHT, DARK))
    return Figure(name, light, dark, caption, width_px)


def _png(
    draw: Callable[[Axes, Ground], None], ground: Ground, size: tuple[float, float]
) -> bytes:
    canvas = Canvas(figsize=size, layout="constrained", facecolor=ground.back)
    FigureCanvasAgg(canvas)
    axes = canvas.add_subplot(facecolor=ground.back)
    draw(axes, ground)
    data = io.BytesIO()
    canvas.savefig(data, dpi=DPI, format="png")
    return data.getvalue()


def finish(axes: Axes, ground: Ground, axis: Axis, *, legend: bool) -> None:
    """Names and colours of everything that is not data."""
    axes.set_xlabel(axis.x, color=ground.text)
    axes.set_ylabel(axis.y, color=ground.text)
    axes.tick_params(colors=ground.text, labelsize=9, length=0)
    for side, spine in axes.spines.items():
        spine.set_color(ground.line)
        spine.set_visible(side in ("left", "bottom"))
    axes.grid(color=ground.line, alpha=0.45, linewidth=0.6)
    axes.set_axisbelow(True)
    if legend:
        box = axes.legend(fontsize=8, frameon=False, labelcolor=ground.text)
        box.set_zorder(5)


def shortened(text: str, most: int = 18) -> str:
    """A name short enough for a tick; `$` would start a formula."""
    text = text if len(text) <= most else f"{text[: most - 1]}…"
    return text.replace("$", r"\$")
