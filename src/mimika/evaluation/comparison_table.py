"""A comparison as text: cells, aligned lines, notes, and plain values for JSON."""

from collections.abc import Sequence
from typing import Any

from mimika.evaluation.comparison import Comparison, Difference, Line
from mimika.evaluation.intervals import DRAWS, Interval
from mimika.evaluation.published import Published
from mimika.reporting.tables import MISSING, number, percent

Rows = list[tuple[str, ...]]
HEADER = (
    "model",
    "seeds",
    "accuracy",
    "macro-F1",
    "accuracy, difference",
    "macro-F1, difference",
    "McNemar p",
    "parameters",
    "multiply-adds",
)
PUBLISHED_HEADER = (
    "published model",
    "accuracy",
    "standing",
    "scored on",
    "chosen",
    "inference",
    "pretraining",
    "input px",
    "parameters",
    "multiply-adds",
    "source",
    "doubt",
)
WORDS = (0, 2, 3, 4, 5, 6, 10, 11)  # columns of published figures that hold words
FIGURES = (0, 1, 2, 3, 5, 7, 8, 9)  # and those that are figures and their terms
ORIGINS = (0, 4, 6, 10, 11)  # and where they come from, with what is doubtful
SMALLEST_P = 1e-4


def rows_of(comparison: Comparison) -> Rows:
    """A row of cells for each entry, under `HEADER`."""
    return [_row(line) for line in comparison.lines]


def notes_of(comparison: Comparison, published: Sequence[Published]) -> list[str]:
    """How the figures were made, and what they do not say."""
    notes = [
        f"{comparison.images:,} pictures of {comparison.split}. Intervals hold 95 %. "
        "Of one network: Wilson's for accuracy, bootstrap for macro-F1. Of several "
        "seeds: the mean, ± the deviation from seed to seed, and the bootstrap over "
        "pictures of the mean.",
        f"Differences are against {comparison.baseline}, in points of per cent, with a "
        f"paired bootstrap over pictures ({DRAWS:,} draws). McNemar's test is exact, "
        "two-sided, and exists between single networks only.",
    ]
    chosen = [
        line.entry.name
        for line in comparison.lines
        if line.card and comparison.split in line.card.selection
    ]
    if chosen:
        notes.append(
            f"{', '.join(chosen)}: the checkpoint was chosen on these very pictures, "
            "so its figures are slightly optimistic."
        )
    if published:
        notes.append(
            "Published figures are for the pictures that their row names, which are "
            "not those above unless it says so; in the two repositories that give "
            "both, one network reads 1.2 to 1.8 points higher on PrivateTest than on "
            "PublicTest. Only rows that are clean or not audited may be compared."
        )
    return notes


def aligned(
    header: Sequence[str], rows: Rows, words: Sequence[int] = (0,)
) -> list[str]:
    """Lines with columns under each other, flush right but for those of words."""
    table = [tuple(header), *rows]
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if place in words else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]


def published_columns(
    published: Sequence[Published], columns: Sequence[int]
) -> tuple[tuple[str, ...], Rows, tuple[int, ...]]:
    """Some columns of published figures: header, rows, and which of them hold words.

    Args:
        published: a row each.
        columns: positions in `PUBLISHED_HEADER`.
    """
    header, *rows = (
        tuple(row[column] for column in columns)
        for row in (PUBLISHED_HEADER, *map(_published_row, published))
    )
    words = (place for place, column in enumerate(columns) if column in WORDS)
    return header, rows, tuple(words)


def to_json(comparison: Comparison, published: Sequence[Published]) -> dict[str, Any]:
    """The whole comparison as plain values; shares are fractions, not per cent."""
    return {
        "split": comparison.split,
        "digest": comparison.digest,
        "classes": list(comparison.classes),
        "images": comparison.images,
        "baseline": comparison.baseline,
        "bootstrap_draws": DRAWS,
        "models": [_line_values(line) for line in comparison.lines],
        "published": [
            {**row.model_dump(), "comparable": row.comparable} for row in published
        ],
        "notes": notes_of(comparison, published),
    }


def _row(line: Line) -> tuple[str, ...]:
    seeds = [m.seed for m in line.entry.members]
    gap, card = line.difference, line.card
    known = [str(seed) for seed in seeds if seed is not None]
    return (
        line.entry.name,
        ", ".join(known) or MISSING,
        _figure(line.accuracy, line.accuracy_deviation),
        _figure(line.macro_f1, line.macro_f1_deviation),
        "baseline" if gap is None else _signed(gap.accuracy),
        "baseline" if gap is None else _signed(gap.macro_f1),
        MISSING if gap is None else _p_value(gap.mcnemar_p),
        number(card.parameters) if card else MISSING,
        _millions(card.multiply_adds if card else None),
    )


def _published_row(row: Published) -> tuple[str, ...]:
    return (
        row.name,
        percent(row.accuracy, 2),
        row.standing,
        row.split,
        row.selection,
        row.inference,
        row.pretraining,
        number(row.input_px),
        number(row.parameters),
        _millions(row.multiply_adds),
        row.source,
        f"{row.doubt} Cost: {row.cost_note}." if row.cost_note else row.doubt,
    )


def _figure(figure: Interval, deviation: float | None) -> str:
    middle = f"{100 * figure.value:.2f}"
    if deviation is not None:
        middle += f" ± {100 * deviation:.2f}"
    return f"{middle} % ({100 * figure.low:.2f} to {100 * figure.high:.2f})"


def _signed(gap: Interval) -> str:
    value, low, high = (100 * x for x in (gap.value, gap.low, gap.high))
    return f"{value:+.2f} ({low:+.2f} to {high:+.2f})"


def _p_value(p: float | None) -> str:
    if p is None:
        return MISSING
    return f"< {SMALLEST_P:.4f}" if p < SMALLEST_P else f"{p:.4f}"


def _millions(count: int | None) -> str:
    return MISSING if count is None else f"{count / 1e6:,.1f} M"


def _line_values(line: Line) -> dict[str, Any]:
    card = line.card
    return {
        "name": line.entry.name,
        "paths": [str(member.path) for member in line.entry.members],
        "seeds": [member.seed for member in line.entry.members],
        "accuracy": line.accuracy.value,
        "accuracy_95": [line.accuracy.low, line.accuracy.high],
        "accuracy_deviation": line.accuracy_deviation,
        "macro_f1": line.macro_f1.value,
        "macro_f1_95": [line.macro_f1.low, line.macro_f1.high],
        "macro_f1_deviation": line.macro_f1_deviation,
        "difference": _difference_values(line.difference),
        "parameters": card.parameters if card else None,
        "multiply_adds": card.multiply_adds if card else None,
        "selection": card.selection if card else None,
    }


def _difference_values(gap: Difference | None) -> dict[str, Any] | None:
    if gap is None:
        return None
    return {
        "accuracy": gap.accuracy.value,
        "accuracy_95": [gap.accuracy.low, gap.accuracy.high],
        "macro_f1": gap.macro_f1.value,
        "macro_f1_95": [gap.macro_f1.low, gap.macro_f1.high],
        "only_baseline_right": gap.only_baseline_right,
        "only_this_right": gap.only_this_right,
        "mcnemar_p": gap.mcnemar_p,
    }
