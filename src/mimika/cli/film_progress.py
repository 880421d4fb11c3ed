"""A bar for the length of a film: time left, and how fast it goes."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from mimika.cli.face_table import printable

EVERY_S = 0.1  # no eye needs more


@contextmanager
def film_progress(
    title: str, duration_s: float | None
) -> Iterator[Callable[[float], None]]:
    """Shows a bar on stderr while the block lasts, where a person looks.

    Args:
        title: of the film.
        duration_s: its length; None where it is not known: there is no time left then.

    Yields:
        What is told the film's time in seconds that was reached.
    """
    columns = [
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("left, {task.fields[speed]}"),
    ]
    console = Console(stderr=True)
    hidden = not sys.stderr.isatty()
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        shown = escape(printable(title))  # a name may look like markup
        task = bar.add_task(shown, total=duration_s, speed="starting")
        started_s = shown_s = time.monotonic()

        def told(time_s: float) -> None:
            nonlocal shown_s
            now_s = time.monotonic()
            if now_s - shown_s >= EVERY_S:
                shown_s = now_s
                speed = f"{time_s / (now_s - started_s):.1f}x real time"
                bar.update(task, completed=time_s, speed=speed)

        yield told
