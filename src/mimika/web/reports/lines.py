"""Paragraphs into lines, and a line into runs of one direction.

Unicode Standard Annex 9, rule L2: a line is broken first and turned around after that,
so that an Arabic sentence with numbers or Latin names in it reads on over several
lines. The levels come from fpdf2; its own order of the runs of a line goes wrong where
a number stands in Arabic words inside of a Latin line.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection

Measure = Callable[[str], float]


class Run(NamedTuple):
    """Neighbouring characters of a line that run in one direction."""

    text: str
    leftwards: bool


def wrap(paragraph: str, measure: Measure, room: float) -> Iterator[str]:
    """Breaks a paragraph at spaces, and inside of a word that is longer than a line.

    Args:
        paragraph: text without line breaks.
        measure: the width of a text.
        room: the widest that a line may be.

    Yields:
        The lines in logical order; a single empty one for an empty paragraph.
    """
    line = ""
    for word in paragraph.split(" "):
        joined = f"{line} {word}" if line else word
        if measure(joined) <= room:
            line = joined
            continue
        if line:
            yield line
        line = word
        while len(line) > 1 and measure(line) > room:
            head = longest_start(line, measure, room)
            yield head
            line = line[len(head) :]
    yield line


def longest_start(text: str, measure: Measure, room: float) -> str:
    """As much of a text as there is room for, but at least one character."""
    fitting = bisect_right(
        range(1, len(text) + 1), room, key=lambda length: measure(text[:length])
    )
    return text[: max(fitting, 1)]


def runs(line: str, *, leftwards: bool) -> list[Run]:
    """The runs of a line from left to right as they are seen.

    Args:
        line: one line of text in logical order.
        leftwards: whether the paragraph runs from right to left.
    """
    base = TextDirection.RTL if leftwards else TextDirection.LTR
    resolved = BidiParagraph(line, base, preserve_bn_chars=True).characters
    # The letters are those of the line: brackets are turned where they are drawn.
    pairs = zip((c.embedding_level for c in resolved), line, strict=True)
    levels = [
        (level, "".join(character for _, character in same))
        for level, same in groupby(pairs, key=itemgetter(0))
    ]
    for level in range(max((level for level, _ in levels), default=0), 0, -1):
        levels = _reversed_from(levels, level)
    return [Run(text, level % 2 == 1) for level, text in levels]


def _reversed_from(levels: list[tuple[int, str]], least: int) -> list[tuple[int, str]]:
    """Each stretch of runs at this level or a higher one, turned around."""
    turned: list[tuple[int, str]] = []
    for high, stretch in groupby(levels, key=lambda run: run[0] >= least):
        together = list(stretch)
        turned += reversed(together) if high else together
    return turned
