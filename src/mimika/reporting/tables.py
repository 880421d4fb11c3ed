"""Tables of a report: what they say, and how long ones are shortened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

MISSING = "\u2013"  # an en dash
T = TypeVar("T")


@dataclass(frozen=True)
class Cell:
    """One cell.

    Attributes:
        text: what it says.
        share: 0..1, how strongly it is tinted; None for not at all.
        colour: `#rrggbb` of a dot before the text; None for no dot.
    """

    text: str
    share: float | None = None
    colour: str | None = None


@dataclass(frozen=True)
class Table:
    """A table with a header; all columns but the first are set flush right.

    Attributes:
        header: one text a column.
        rows: cells, as many as the header has.
        caption: what it shows, under it.
        words: positions of further columns that hold words, set flush left.
    """

    kind: ClassVar[str] = "table"
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    words: tuple[int, ...] = (0,)

    def __post_init__(self) -> None:
        """Checks that the rows fit the header.

        Raises:
            ValueError: a row has another number of cells.
        """
        for row in self.rows:
            if len(row) != len(self.header):
                raise ValueError(
                    f"a row of {len(row)} cells under {len(self.header)} headings"
                )


def row(*values: object) -> tuple[Cell, ...]:
    """Cells from values: numbers with separators, None as a dash, cells as they are."""
    return tuple(v if isinstance(v, Cell) else Cell(number(v)) for v in values)


def number(value: object) -> str:
    """A value as people read it: `28,709`, `0.123`, a dash for nothing."""
    if value is None or (isinstance(value, float) and value != value):
        return MISSING
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.3g}" if isinstance(value, float) else str(value)


def percent(share: float | None, digits: int = 1) -> str:
    """A share 0..1 as `12.3 %`; a dash where there is none."""
    if share is None or share != share:
        return MISSING
    return f"{100 * share:.{digits}f} %"


def points(difference: float) -> str:
    """A difference of shares in points of per cent: `1.2 points`."""
    return f"{100 * difference:.1f} points"


def shorten(items: Sequence[T], most: int, gap: Callable[[int], T]) -> tuple[T, ...]:
    """The first and last items of a long list with one in between for the rest.

    Args:
        items: sorted, so that the ends are what matters.
        most: how many to keep at most.
        gap: makes the item that stands for a number of left out ones.
    """
    if len(items) <= most:
        return tuple(items)
    head = (most + 1) // 2
    tail = most - head
    left_out = len(items) - most
    return (*items[:head], gap(left_out), *items[len(items) - tail :])
