"""`mimika analyse`: a report on a data set, in pictures and in figures."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from mimika.analysis.conclusions import conclude
from mimika.analysis.report import check_out, write_report
from mimika.analysis.run import Share, examine, read_pictures
from mimika.core.cores import usable_cores

EXAMPLE = "\b\nExample:\n  mimika analyse fer2013.csv --out report"
MOST_WORKERS = 2  # more would not shorten it: one step alone can use them
SIGNS = {"warning": "!", "note": "-", "good": "+"}


class Screen:
    """Shows the steps: a bar on a terminal, a line a step anywhere else."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def step(self, name: str) -> Iterator[Share]:
        """A step that lasts as long as the block."""
        start = time.monotonic()
        columns = (
            TextColumn("{task.description:<24}", markup=False),
            BarColumn(bar_width=30),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
        )
        hidden = not self._console.is_terminal
        with Progress(
            *columns, console=self._console, disable=hidden, transient=True
        ) as progress:
            task = progress.add_task(name, total=1.0)
            yield lambda share: progress.update(task, completed=share)
        self._console.print(
            f"{name}: {time.monotonic() - start:.1f} s", markup=False, highlight=False
        )


@click.command("analyse", epilog=EXAMPLE)
@click.argument("data", type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder for report.html, report.json and the plots.",
)
@click.option(
    "--votes",
    type=click.Path(path_type=Path),
    help="csv of crowd votes: a column 'row' and one for each class.",
)
@click.option("--seed", default=0, show_default=True, help="Seeds all that is drawn.")
def command(data: Path, out: Path, votes: Path | None, seed: int) -> None:
    """Report what is in a data set and what is wrong with it.

    DATA is FER2013 in any form, or any folder with a folder of pictures for each class.
    The report shows class balance, typical and odd pictures, copies within and across
    splits, pictures without a face and suspect labels, and says what follows. A former
    report in the folder is replaced; other files are never touched.
    """
    check_out(out)
    workers = max(1, min(MOST_WORKERS, usable_cores()))
    screen = Screen(Console(file=sys.stderr))
    pictures = read_pictures(data, workers, screen)
    findings = examine(pictures, votes, seed, workers, screen)
    with screen.step("writing"):
        page = write_report(out, pictures, findings)
    for remark in conclude(pictures, findings):
        click.echo(f"{SIGNS[remark.level]} {remark.text}")
    click.echo(f"Report: {page}")
