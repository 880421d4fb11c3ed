"""Plots of a training run: curves over the epochs, a confusion matrix of any size."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from mimika.core.files import replacing
from mimika.reporting.charts import (
    COLOURS,
    DARK,
    LIGHT,
    Axis,
    Ground,
    finish,
    heatmap,
    on_both_grounds,
)
from mimika.reporting.page import Figure

DPI = 120
COLUMNS = 2  # of panels; more make the text too small to read on a page
PANEL_IN = (4.6, 3.1)  # width and height
LINES = (COLOURS[0], COLOURS[3])  # blue and vermilion
MARKS = (("--", COLOURS[2]), (":", COLOURS[4]))  # green dashes, purple dots
WRITTEN_CLASSES = 16  # up to so many, each cell says its share and count
NAMED_CLASSES = 60  # up to so many, each class is named at the axes
BOUNDED_IN = 9.0  # width of a matrix without text


@dataclass(frozen=True)
class Panel:
    """One set of axes with a line for each series.

    Attributes:
        title: stands above it.
        series: values by legend, one for each place on the x axis; at most two.
    """

    title: str
    series: Mapping[str, Sequence[float]]


def save_curves(
    path: Path,
    epochs: Sequence[int],
    panels: Sequence[Panel],
    marks: Mapping[int, str],
) -> None:
    """Draws panels over the epochs, two beside each other.

    Args:
        path: PNG file to write, replaced in one step.
        epochs: the x axis.
        panels: what is drawn.
        marks: vertical lines, their text by epoch; at most two, each drawn its way.
    """
    with replacing(path) as partial:
        partial.write_bytes(_curves(epochs, panels, marks, LIGHT))


def curves_figure(
    name: str,
    caption: str,
    epochs: Sequence[int],
    panels: Sequence[Panel],
    marks: Mapping[int, str],
) -> Figure:
    """The same for a page.

    Args:
        name: of the PNG file.
        caption: what it shows.
        epochs: the x axis.
        panels: what is drawn.
        marks: vertical lines: see `save_curves`.
    """
    light, dark = (_curves(epochs, panels, marks, ground) for ground in (LIGHT, DARK))
    return Figure(name, light, dark, caption)


def confusion_figure(
    name: str, caption: str, matrix: NDArray[np.int64], names: Sequence[str]
) -> Figure:
    """A confusion matrix with the share of the row as colour.

    Up to 16 classes, share and count stand in each cell; a larger matrix has a bounded
    size and no text in it, and one of more than 60 classes no names either.

    Args:
        name: of the PNG file.
        caption: what it shows.
        matrix: int64 (K, K), row: true class, column: predicted class.
        names: the classes' display names.
    """
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    axis = Axis("answer", "true class")
    if len(names) <= WRITTEN_CLASSES:
        return heatmap(name, caption, shares, (names, names), axis, matrix)

    def draw(axes: Axes, ground: Ground) -> None:
        colours = LinearSegmentedColormap.from_list("x", [ground.back, ground.full])
        axes.imshow(shares, cmap=colours, vmin=0, vmax=1)
        finish(axes, ground, axis, legend=False)
        axes.grid(visible=False)
        if len(names) <= NAMED_CLASSES:
            plain = [text.replace("$", r"\$")[:24] for text in names]
            axes.set_xticks(range(len(names)), plain, rotation=90, fontsize=7)
            axes.set_yticks(range(len(names)), plain, fontsize=7)

    size = (BOUNDED_IN, BOUNDED_IN)
    return on_both_grounds(name, caption, draw, size)


def _curves(
    epochs: Sequence[int],
    panels: Sequence[Panel],
    marks: Mapping[int, str],
    ground: Ground,
) -> bytes:
    rows = -(-len(panels) // COLUMNS)
    canvas = Canvas(
        figsize=(PANEL_IN[0] * COLUMNS, PANEL_IN[1] * rows + 0.3),
        layout="constrained",
        facecolor=ground.back,
    )
    FigureCanvasAgg(canvas)
    handles: list[Line2D] = []
    colours: dict[str, str] = {}  # a series has the same one in each panel
    for place, panel in enumerate(panels, 1):
        axes = canvas.add_subplot(rows, COLUMNS, place, facecolor=ground.back)
        for name, colour in zip(panel.series, LINES, strict=False):
            colours.setdefault(name, colour)
        _draw_series(axes, epochs, panel, colours)
        finish(axes, ground, Axis("epoch", ""), legend=len(panel.series) > 1)
        axes.set_title(panel.title, color=ground.text, fontsize=11)
        handles = _draw_marks(axes, marks)
    if handles:
        canvas.legend(
            handles=handles,
            loc="outside lower center",
            ncols=len(marks),
            fontsize=9,
            frameon=False,
            labelcolor=ground.text,
        )
    data = io.BytesIO()
    canvas.savefig(data, dpi=DPI, format="png")
    return data.getvalue()


def _draw_series(
    axes: Axes, epochs: Sequence[int], panel: Panel, colours: Mapping[str, str]
) -> None:
    marker = "o" if len(epochs) < 3 else None
    for name, values in panel.series.items():
        axes.plot(epochs, values, label=name, color=colours[name], marker=marker)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _draw_marks(axes: Axes, marks: Mapping[int, str]) -> list[Line2D]:
    """Vertical lines; they are returned for the legend."""
    return [
        axes.axvline(epoch, label=text, linestyle=style, color=colour, linewidth=1.3)
        for (epoch, text), (style, colour) in zip(marks.items(), MARKS, strict=False)
    ]
