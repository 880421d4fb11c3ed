"""Figures of several models with their intervals, one line each, side by side."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas

from mimika.reporting.charts import COLOURS, DARK, DPI, LIGHT, Ground, shortened
from mimika.reporting.page import Figure

WIDTH_IN = 9.0
LINE_IN, EDGES_IN = 0.32, 0.9  # of each name; above and below all of them
FONT_PT = 8
NAME_LENGTH = 28  # letters of a name that are shown
Spread = tuple[float, float, float]  # low, value, high


@dataclass(frozen=True)
class Panel:
    """One figure of every model.

    Attributes:
        title: what it is, with its unit.
        spreads: low end, value and high end for each model; None for none.
        zero: whether a line is drawn at 0.
    """

    title: str
    spreads: tuple[Spread | None, ...]
    zero: bool = False


def dot_plot(
    name: str, caption: str, names: Sequence[str], panels: Sequence[Panel]
) -> Figure:
    """Draws a dot with its interval for each model and figure.

    Args:
        name: of the PNG file.
        caption: what it shows.
        names: of the models, from above.
        panels: beside each other; each has as many spreads as there are names.
    """
    light, dark = (_png(names, panels, ground) for ground in (LIGHT, DARK))
    return Figure(name, light, dark, caption, round(100 * WIDTH_IN))


def _png(names: Sequence[str], panels: Sequence[Panel], ground: Ground) -> bytes:
    height = EDGES_IN + LINE_IN * len(names)
    canvas = Canvas(
        figsize=(WIDTH_IN, height),
        dpi=DPI,
        layout="constrained",
        facecolor=ground.back,
    )
    FigureCanvasAgg(canvas)
    axes = canvas.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for one, panel in zip(axes, panels, strict=True):
        _draw(one, panel, ground)
    axes[0].set_yticks(range(len(names)), [shortened(n, NAME_LENGTH) for n in names])
    axes[0].set_ylim(len(names) - 0.5, -0.5)
    data = io.BytesIO()
    canvas.savefig(data, dpi=DPI, format="png")
    return data.getvalue()


def _draw(axes: Axes, panel: Panel, ground: Ground) -> None:
    axes.set_facecolor(ground.back)
    for place, spread in enumerate(panel.spreads):
        if spread is not None:
            low, value, high = spread
            axes.plot([low, high], [place] * 2, color=COLOURS[0], linewidth=1.6)
            axes.plot([value], [place], "o", color=COLOURS[0], markersize=5.5)
    if panel.zero:
        axes.axvline(0, color=ground.text, linewidth=0.9, linestyle="--", zorder=0)
    axes.set_title(panel.title, fontsize=FONT_PT + 1, color=ground.text)
    axes.tick_params(labelsize=FONT_PT, length=0, colors=ground.text)
    axes.grid(axis="x", color=ground.line, alpha=0.45, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(ground.line)
