"""A comparison as a page, with accuracy against cost as a plot."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Literal

from mimika.evaluation.comparison import Comparison, Line
from mimika.evaluation.comparison_table import (
    FIGURES,
    HEADER,
    ORIGINS,
    Rows,
    notes_of,
    published_columns,
    rows_of,
)
from mimika.evaluation.intervals import Interval
from mimika.evaluation.published import Published
from mimika.reporting.charts import COLOURS, Axis
from mimika.reporting.dots import Panel, Spread, dot_plot
from mimika.reporting.labelled_scatter import Point, Series, labelled_scatter
from mimika.reporting.page import Block, Figure, Page, Section, paragraphs
from mimika.reporting.tables import Cell, Table

Cost = Literal["parameters", "multiply-adds"]
PLOT_NAME, DOTS_NAME = "accuracy_cost", "models"
MOST_DOTS = 40  # entries that are drawn
FIGURE_COLUMNS = (0, 1, 2, 3, 7, 8)  # of an entry, in the first table
DIFFERENCE_COLUMNS = (0, 4, 5, 6)  # and in the second


def cost_figure(
    comparison: Comparison, published: Sequence[Published], cost: Cost
) -> Figure | None:
    """Accuracy over cost; None where no cost is known.

    Entries are filled circles with their interval; published figures are squares,
    filled where their protocol is clean; those that must not be compared are crosses
    and say why beside their name.
    """
    doubtful = _points([row for row in published if not row.comparable], cost)
    unread = _points([row for row in published if row.standing == "not audited"], cost)
    clean = _points([row for row in published if row.standing == "clean"], cost)
    own = _own_points(comparison.lines, cost)
    about = f"{comparison.split} ({comparison.images:,} pictures), 95 % interval"
    series = [
        Series("published, not comparable", doubtful, COLOURS[6], "x"),
        Series("published, not audited", unread, COLOURS[1], "s", filled=False),
        Series("published, clean", clean, COLOURS[2], "s"),
        Series(about, own, COLOURS[0], "o"),
    ]
    drawn = sum(len(one.points) for one in series)
    if drawn == 0:
        return None
    left_out = len(comparison.lines) + len(published) - drawn
    caption = f"Accuracy against {cost}."
    if left_out:
        caption += f" Not drawn, because their {cost} are not known: {left_out}."
    axis = Axis(f"{cost} (millions)", "accuracy (%)")
    return labelled_scatter(PLOT_NAME, caption, series, axis)


def spread_figure(comparison: Comparison) -> Figure:
    """Accuracy, macro-F1 and the paired difference of every entry, with intervals."""
    lines = comparison.lines[:MOST_DOTS]
    caption = "Figures with their 95 % intervals; the difference is paired by picture."
    if len(lines) < len(comparison.lines):
        caption += f" The first {len(lines)} of {len(comparison.lines)}."
    gains = [None if x.difference is None else x.difference.accuracy for x in lines]
    panels = (
        Panel("accuracy (%)", _spreads([line.accuracy for line in lines])),
        Panel("macro-F1 (%)", _spreads([line.macro_f1 for line in lines])),
        Panel(
            f"accuracy against {comparison.baseline} (points)", _spreads(gains), True
        ),
    )
    return dot_plot(DOTS_NAME, caption, [line.entry.name for line in lines], panels)


def _spreads(figures: Sequence[Interval | None]) -> tuple[Spread | None, ...]:
    return tuple(
        None if x is None else (100 * x.low, 100 * x.value, 100 * x.high)
        for x in figures
    )


def build_page(
    comparison: Comparison, published: Sequence[Published], figure: Figure | None
) -> Page:
    """The comparison as a page."""
    notes = notes_of(comparison, published)
    header, *rows = (HEADER, *rows_of(comparison))
    blocks: list[Block] = [
        _table(_pick(header, columns), [_pick(row, columns) for row in rows], (0,))
        for columns in (FIGURE_COLUMNS, DIFFERENCE_COLUMNS)
    ]
    blocks += paragraphs(notes, quiet=True)
    if len(comparison.lines) > 1:
        blocks.insert(0, spread_figure(comparison))
    sections = [Section("models", "Models", tuple(blocks))]
    if figure is not None:
        sections.append(Section("cost", "Accuracy against cost", (figure,)))
    if published:
        tables = [
            _table(*published_columns(published, columns))
            for columns in (FIGURES, ORIGINS)
        ]
        sections.append(Section("published", "Published figures", tuple(tables)))
    return Page(
        "Comparison",
        f"{len(comparison.lines):,} models on {comparison.split}",
        tuple(sections),
        f"Made by mimika {version('mimika')}.",
    )


def _pick(cells: Sequence[str], columns: Sequence[int]) -> tuple[str, ...]:
    return tuple(cells[column] for column in columns)


def _table(header: Sequence[str], rows: Rows, words: tuple[int, ...]) -> Table:
    cells = tuple(tuple(Cell(text) for text in row) for row in rows)
    return Table(tuple(header), cells, words=words)


def _own_points(lines: Sequence[Line], cost: Cost) -> tuple[Point, ...]:
    points = []
    for line in lines:
        if line.card is None:
            continue
        count = line.card.parameters
        if cost == "multiply-adds":
            count = line.card.multiply_adds
        spread = (100 * line.accuracy.low, 100 * line.accuracy.high)
        point = Point(line.entry.name, count / 1e6, 100 * line.accuracy.value, spread)
        points.append(point)
    return tuple(points)


def _points(published: Sequence[Published], cost: Cost) -> tuple[Point, ...]:
    points = []
    for row in published:
        count = row.parameters if cost == "parameters" else row.multiply_adds
        if count is not None:
            name = row.name if row.comparable else f"{row.name} ({row.standing})"
            points.append(Point(name, count / 1e6, 100 * row.accuracy))
    return tuple(points)
