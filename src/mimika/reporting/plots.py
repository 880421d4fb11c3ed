"""Plots as PNG files: curves and confusion matrices. Knows no task."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from mimika.core.files import replacing

LINE_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")  # Okabe and Ito 2008
DPI = 120


@dataclass(frozen=True)
class Panel:
    """One set of axes with a line for each series.

    Attributes:
        title: stands above it.
        series: values by legend, one for each place on the x axis.
    """

    title: str
    series: Mapping[str, Sequence[float]]


def save_curves(
    path: Path,
    epochs: Sequence[int],
    panels: Sequence[Panel],
    marks: Mapping[int, str],
) -> None:
    """Draws panels side by side over the epochs.

    Args:
        path: PNG file to write, replaced in one step.
        epochs: the x axis.
        panels: what is drawn.
        marks: vertical lines, their text by epoch.
    """
    figure = Figure(figsize=(5 * len(panels), 4), layout="constrained")
    for index, panel in enumerate(panels):
        axes = figure.add_subplot(1, len(panels), index + 1)
        _draw_panel(axes, epochs, panel, marks)
    _save(figure, path)


def save_confusion(path: Path, matrix: NDArray[np.int64], names: Sequence[str]) -> None:
    """Draws a confusion matrix with the row's share as colour and both as text.

    Args:
        path: PNG file to write, replaced in one step.
        matrix: int64 (K, K), row: true class, column: predicted class.
        names: the classes' display names.
    """
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    side = 1.6 + 0.8 * len(names)
    figure = Figure(figsize=(side + 0.8, side), layout="constrained")
    axes = figure.add_subplot()
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    figure.colorbar(image, ax=axes, label="share of the true class", shrink=0.8)
    axes.set_xticks(range(len(names)), names, rotation=45, ha="right")
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("predicted")
    axes.set_ylabel("true")
    for (row, column), share in np.ndenumerate(shares):
        text = f"{100 * share:.0f} %\n{matrix[row, column]}"
        colour = "white" if share > 0.7 else "black"  # 4.5:1 on every blue
        axes.text(column, row, text, ha="center", va="center", color=colour, size=8)
    _save(figure, path)


def _draw_panel(
    axes: Axes, epochs: Sequence[int], panel: Panel, marks: Mapping[int, str]
) -> None:
    marker = "o" if len(epochs) < 3 else None
    for (name, values), colour in zip(panel.series.items(), LINE_COLOURS, strict=False):
        axes.plot(epochs, values, label=name, color=colour, marker=marker)
    for epoch, text in marks.items():
        axes.axvline(epoch, color="#7f7f7f", linestyle="--", linewidth=1, label=text)
    axes.set_title(panel.title)
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)


def _save(figure: Figure, path: Path) -> None:
    FigureCanvasAgg(figure)
    with replacing(path) as partial:
        figure.savefig(partial, dpi=DPI, format="png")
