"""Sections of the report on how the pictures look and on their files."""

from collections import Counter

import numpy as np

from mimika.analysis.appearance import Floats, Measure, Spread
from mimika.analysis.pictures import Files, Pictures
from mimika.analysis.run import Findings
from mimika.analysis.showing import Showing, chosen_classes, only_some
from mimika.reporting.charts import Axis, curves, scatter
from mimika.reporting.page import Block, Figure, Heading, Section, Text
from mimika.reporting.tables import Cell, Table, row

MOST_BINS, LEAST_BINS = 40, 8
MOST_LINES = 8  # classes in one plot of lines or points
MOST_POINTS = 2000  # of a class
MOST_BROKEN = 40
ALL_COLOUR = "#0072b2"


def appearance(pictures: Pictures, findings: Findings) -> Section:
    """Distributions of brightness, contrast and sharpness."""
    how = "as they are"
    if pictures.files is not None:
        how = "reduced to a longest side of 512 pixels, where they are larger"
    text = f"Blank pictures are left out. Sharpness is measured on the pictures {how}."
    blocks: list[Block] = [Text(text, quiet=True)]
    for measure in findings.appearance.measures:
        values = measure.values.copy()
        values[findings.appearance.blank] = np.nan
        if np.isfinite(values).any():
            blocks.append(Heading(measure.name.capitalize()))
            blocks.append(_plot(pictures, measure, values))
            blocks.append(_spreads(pictures, measure))
    return Section("appearance", "Brightness, contrast, sharpness", tuple(blocks))


def files(pictures: Pictures) -> Section:
    """Sizes, aspect ratios, modes, formats, and what could not be read."""
    if pictures.files is None:
        side = pictures.images.shape[1]
        blocks: list[Block] = [Text(f"All pictures are {side} x {side} pixels, grey.")]
    else:
        blocks = [_size_table(pictures.files), _kinds(pictures.files)]
        if len(np.unique(pictures.files.sizes, axis=0)) > 1:
            blocks.append(_size_plot(pictures, pictures.files))
    if pictures.broken:
        blocks += [Heading("Could not be read"), _broken(pictures)]
    else:
        blocks.append(Text("Everything that was found could be read."))
    return Section("files", "Files", tuple(blocks))


def _lines(pictures: Pictures) -> list[int]:
    """Numbers of the classes that plots show: none that are empty."""
    counts = pictures.class_counts
    return [k for k in chosen_classes(counts, MOST_LINES) if counts[k]]


def _plot(pictures: Pictures, measure: Measure, values: Floats) -> Figure:
    finite = np.isfinite(values)
    shown = _lines(pictures)
    named = [(pictures.classes[k].name, pictures.classes[k].colour, k) for k in shown]
    parts = {
        name: (values[finite & (pictures.labels == label)], colour)
        for name, colour, label in named
    } or {"all": (values[finite], ALL_COLOUR)}
    edges = _edges(values[finite], len(values) // max(len(parts), 1))
    series = {
        name: ((np.histogram(part, edges)[0] / max(len(part), 1)).tolist(), colour)
        for name, (part, colour) in parts.items()
    }
    caption = f"{measure.name.capitalize()}: share of each class's pictures."
    caption += only_some(len(shown), len(pictures.classes))
    middles = (edges[:-1] + edges[1:]) / 2
    axis = Axis(measure.unit, "share of pictures")
    return curves(measure.name, caption, middles, series, axis)


def _edges(values: Floats, members: int) -> Floats:
    """Edges of a histogram, fewer where a class has few pictures."""
    low, high = np.percentile(values, (0.2, 99.8))
    bins = int(np.clip(np.sqrt(members) * 1.5, LEAST_BINS, MOST_BINS))
    return np.linspace(low, max(high, low + 1e-6), bins + 1)


def _spreads(pictures: Pictures, measure: Measure) -> Table:
    showing = Showing(pictures)
    named: list[tuple[Cell, Spread | None]] = [(Cell("all"), measure.everything)]
    named += [(showing.class_cell(k), measure.classes[k]) for k in _lines(pictures)]
    rows = tuple(
        row(name, *(f"{value:.1f}" for value in (s.p5, s.p25, s.p50, s.p75, s.p95)))
        for name, s in named
        if s is not None
    )
    return Table(("Class", "5 %", "25 %", "median", "75 %", "95 %"), rows)


def _size_table(files_: Files) -> Table:
    width, height = files_.sizes[:, 0], files_.sizes[:, 1]
    measured = (
        ("width, px", width, ",.0f"),
        ("height, px", height, ",.0f"),
        ("width : height", width / height, ",.2f"),
    )
    rows = []
    for name, values, form in measured:
        points = np.percentile(values, (0, 5, 50, 95, 100)).tolist()
        rows.append(row(name, *(format(point, form) for point in points)))
    return Table(("", "smallest", "5 %", "median", "95 %", "largest"), tuple(rows))


def _kinds(files_: Files) -> Table:
    sizes = [f"{width} x {height}" for width, height in files_.sizes.tolist()]
    found = (
        ("colour modes", files_.modes.tolist()),
        ("formats", files_.formats.tolist()),
        ("most common sizes", sizes),
    )
    rows = [row(name, _most_common(values)) for name, values in found]
    rows.append(row("other files, not read", files_.other_files))
    return Table(("", ""), tuple(rows), words=(0, 1))


def _most_common(values: list[str]) -> str:
    return "; ".join(
        f"{key}: {count:,}" for key, count in Counter(values).most_common(6)
    )


def _size_plot(pictures: Pictures, files_: Files) -> Figure:
    sizes = files_.sizes.astype(np.float64)
    points = {
        pictures.classes[k].name: (
            sizes[pictures.labels == k][:MOST_POINTS],
            pictures.classes[k].colour,
        )
        for k in _lines(pictures)
    } or {"all": (sizes[:MOST_POINTS], ALL_COLOUR)}
    axis = Axis("width, px", "height, px")
    return scatter("sizes", "Width and height of the pictures.", points, axis)


def _broken(pictures: Pictures) -> Table:
    rows = tuple(row(bad.where, bad.cause) for bad in pictures.broken[:MOST_BROKEN])
    more = len(pictures.broken) - len(rows)
    caption = f"{more:,} more stand in report.json." if more else ""
    return Table(("Where", "Why"), rows, caption, words=(0, 1))
