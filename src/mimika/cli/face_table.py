"""Faces as a table for people: a drawn one on a terminal, else tabs."""

import os
import sys
from collections.abc import Sequence

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mimika.core.results import Analysis, Face
from mimika.core.tasks import Task

ALSO = 2  # further classes named beside the most probable one


def print_table(analyses: Sequence[tuple[str, Analysis]], task: Task) -> None:
    """Writes a row for each face: a drawn table for a terminal, else tabs.

    Args:
        analyses: name of each picture, and what was found in it.
        task: the classes.
    """
    names = ("File", "Face", "x, y, w, h", task.name.title(), "Also")
    rows = [row for name, found in analyses for row in _rows(name, found, task)]
    if not sys.stdout.isatty():
        for row in (names, *rows):
            click.echo("\t".join(row))
        return
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in names:
        table.add_column(name, overflow="fold", no_wrap=name not in ("File", "Also"))
    for row in rows:
        table.add_row(*map(Text, row))  # Text: a name may look like markup
    if rows:
        Console(highlight=False).print(table)


def percent(fraction: float) -> str:
    """A fraction for people: `93 %`."""
    return f"{100 * fraction:.0f} %"


def printable(name: str) -> str:
    """A file's name with bytes that are no text, and control characters, escaped.

    Names may hold line ends, tabs and a terminal's commands.
    """
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _rows(name: str, analysis: Analysis, task: Task) -> list[tuple[str, ...]]:
    """One row a face; one that says so where there is none."""
    shown = printable(name)
    if not analysis.faces:
        return [(shown, "-", "-", "no face found", "-")]
    faces = enumerate(analysis.faces, 1)
    return [(shown, str(number), *_cells(face, task)) for number, face in faces]


def _cells(face: Face, task: Task) -> tuple[str, str, str]:
    """The box, the most probable class with what is doubtful, and the next ones."""
    ranked = sorted(face.probabilities.items(), key=lambda pair: -pair[1])
    texts = [f"{task.label(key).name} {percent(p)}" for key, p in ranked]
    doubts = f" ({', '.join(face.warnings)})" if face.warnings else ""
    also = ", ".join(texts[1 : 1 + ALSO])
    return ", ".join(map(str, face.box)), texts[0] + doubts, also
