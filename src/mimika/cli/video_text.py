"""What `mimika video` says of a film: a table for people, JSON for programs."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mimika.cli.face_table import percent, printable
from mimika.cli.video_run import Outcome
from mimika.core.tasks import Task
from mimika.live.summary import Presence, Summary
from mimika.live.video_file import VideoReader
from mimika.reporting.durations import clock_text, span_text

NAMED = 3  # classes of a person in the table
MOST_ROWS = 20  # people in the table
COLUMNS = ("Person", "Seen", "From", "To", "Shown", "Sure")


@dataclass(frozen=True)
class Report:
    """What came out.

    Attributes:
        film: the file.
        outcome: how far it came, and what could not be kept.
        summary: of what was played; closed.
        task: the classes.
        written: the files that were asked for, but those that failed.
    """

    film: Path
    outcome: Outcome
    summary: Summary
    task: Task
    written: Sequence[Path]


def print_report(report: Report) -> None:
    """A line on the film and a row for each person: drawn on a terminal, else tabs."""
    people = report.summary.people
    rows = [_cells(person, report.task) for person in people[:MOST_ROWS]]
    total = len(people) + report.summary.left_out
    count = {0: "no face was found", 1: "1 person"}.get(total, f"{total} people")
    length = span_text(report.summary.duration_s)
    click.echo(f"{printable(report.film.name)}: {length}, {count}")
    if not rows:
        return
    if sys.stdout.isatty():
        table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
        for name in COLUMNS:
            table.add_column(name, overflow="fold", no_wrap=name != "Shown")
        for row in rows:
            table.add_row(*map(Text, row))  # Text: a class may look like markup
        Console(highlight=False).print(table)
    else:
        for row in (COLUMNS, *rows):
            click.echo("\t".join(row))
    if total > len(rows):
        click.echo(f"and {total - len(rows)} more who were seen for a shorter time")


def report_json(report: Report, reader: VideoReader) -> str:
    """The same for programs, and more of it."""
    summary = report.summary
    content = {
        "file": str(report.film),
        "task": report.task.name,
        "duration_s": round(summary.duration_s, 3),
        "frames": report.outcome.played.frames,
        "finished": report.outcome.played.finished,
        "damaged": reader.damaged,
        "people": [_entry(person, report.task) for person in summary.people],
        "people_left_out": summary.left_out,
        "written": [str(path) for path in report.written],
    }
    return json.dumps(content, indent=2)


def ending_of(report: Report, reader: VideoReader) -> Iterator[str]:
    """Sentences on what is not as it should be."""
    played = report.outcome.played
    yield from report.outcome.problems
    if reader.damaged:
        yield f"{reader.damaged} damaged parts of the video were left out"
    if reader.cut_off:
        stated = span_text(reader.duration_s or 0)
        yield f"the file was cut off: {span_text(played.time_s)} of {stated} are there"
    failures = list(report.outcome.failed.values())
    if played.error is not None and not failures:
        failures.append(str(played.error))
    yield from (f"Error: {failure}" for failure in failures)
    if played.finished:
        return
    length = f" of {span_text(reader.duration_s)}" if reader.duration_s else ""
    names = ", ".join(printable(str(path)) for path in report.written)
    kept = f"; what came before is in {names}" if names else ""
    yield f"Stopped after {span_text(report.summary.duration_s)}{length}{kept}"


def _cells(person: Presence, task: Task) -> tuple[str, ...]:
    """A row of the table."""
    shares = person.shown_s / max(person.seen_s, 1e-9)
    ranked = sorted(zip(shares, task.names, strict=True), reverse=True)
    shown = [f"{name} {percent(float(share))}" for share, name in ranked[:NAMED]]
    return (
        str(person.identity),
        span_text(person.seen_s),
        clock_text(person.first_s),
        clock_text(person.last_s),
        ", ".join(text for text in shown if not text.endswith(" 0 %")),
        percent(person.sure_s / max(person.seen_s, 1e-9)),
    )


def _entry(person: Presence, task: Task) -> dict[str, Any]:
    """A person for programs."""
    seen_s = max(person.seen_s, 1e-9)
    shares = (person.shown_s / seen_s).round(4).tolist()
    means = (person.probability_s / seen_s).round(4).tolist()
    return {
        "identity": person.identity,
        "first_s": round(person.first_s, 3),
        "last_s": round(person.last_s, 3),
        "seen_s": round(person.seen_s, 3),
        "sure_share": round(person.sure_s / seen_s, 4),
        "shown_shares": dict(zip(task.keys, shares, strict=True)),
        "mean_probabilities": dict(zip(task.keys, means, strict=True)),
    }
