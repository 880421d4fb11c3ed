"""`mimika compare`: runs beside each other and beside published models."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import click

from mimika.core.errors import DataError
from mimika.core.files import replacing, write_text
from mimika.core.tasks import EMOTION
from mimika.evaluation.comparison import Comparison, compare
from mimika.evaluation.comparison_page import (
    DOTS_NAME,
    PLOT_NAME,
    Cost,
    build_page,
    cost_figure,
)
from mimika.evaluation.comparison_table import (
    FIGURES,
    HEADER,
    aligned,
    notes_of,
    published_columns,
    rows_of,
    to_json,
)
from mimika.evaluation.contestants import check_same_pictures, enter, load_contestant
from mimika.evaluation.published import Published, load_published
from mimika.reporting.markdown import render_markdown
from mimika.reporting.page import Figure, render_page

EXAMPLE = (
    "\b\nExamples:\n"
    "  mimika compare runs/first runs/wide-s1 runs/wide-s2 runs/wide-s3\n"
    "  mimika compare judged.npz runs/first --baseline first --out comparison"
)


@dataclass(frozen=True)
class Result:
    """A comparison with what it is set beside and its plot, if there is one."""

    comparison: Comparison
    published: tuple[Published, ...]
    figure: Figure | None


@click.command("compare", epilog=EXAMPLE)
@click.argument(
    "runs", nargs=-1, required=True, metavar="RUN...", type=click.Path(path_type=Path)
)
@click.option(
    "--baseline",
    metavar="NAME",
    help="Name or path of the one to compare the others with.  [default: the first]",
)
@click.option(
    "--pool/--no-pool",
    default=True,
    show_default=True,
    help="Runs that differ only in the seed as one line: mean and deviation.",
)
@click.option(
    "--published/--no-published",
    default=None,
    help="Figures of published models below.  [default: for the classes of FER2013]",
)
@click.option(
    "--cost",
    type=click.Choice(["parameters", "multiply-adds"]),
    default="parameters",
    show_default=True,
    help="What accuracy is plotted against.",
)
@click.option(
    "-o",
    "--out",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write comparison.json, .md and .html and the plots into this folder.",
)
@click.option(
    "--plot",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write only the plot of accuracy against cost, as PNG.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(
    runs: tuple[Path, ...],
    baseline: str | None,
    pool: bool,
    published: bool | None,
    cost: str,
    out: Path | None,
    plot: Path | None,
    as_json: bool,
) -> None:
    """Compare runs with each other and with published models.

    RUN is the folder of a finished run, or a .npz file that 'mimika evaluate --save'
    wrote. All must be about the same pictures: the differences are taken picture by
    picture, with a paired bootstrap and McNemar's test.
    """
    contestants = [load_contestant(path) for path in runs]
    check_same_pictures(contestants)
    comparison = compare(enter(contestants, pool=pool), baseline)
    beside = beside_what(published, comparison.classes)
    figure = None
    if out is not None or plot is not None:
        figure = cost_figure(comparison, beside, cast(Cost, cost))
    result = Result(comparison, beside, figure)
    if plot is not None:
        write_plot(plot, result)
    if out is not None:
        write_all(out, result)
    if as_json:
        click.echo(json.dumps(to_json(comparison, beside)))
    else:
        click.echo("\n".join(describe(result)))


def beside_what(wanted: bool | None, classes: Sequence[str]) -> tuple[Published, ...]:
    """The published figures, where they are wanted and about the same classes.

    Raises:
        UsageError: they were asked for, but the classes are others.
    """
    fitting = set(classes) == set(EMOTION.keys)
    if wanted and not fitting:
        raise click.UsageError(
            "--published: the published figures are for FER2013's classes "
            f"({', '.join(EMOTION.keys)}), but these runs have {', '.join(classes)}"
        )
    return load_published() if fitting and wanted is not False else ()


def describe(result: Result) -> list[str]:
    """The comparison as lines for people."""
    comparison, published = result.comparison, result.published
    lines = aligned(HEADER, rows_of(comparison))
    if published:
        lines += ["", *aligned(*published_columns(published, FIGURES))]
        lines += ["Sources and doubts of each: with --out or --json."]
    return [*lines, "", *notes_of(comparison, published)]


def write_plot(path: Path, result: Result) -> None:
    """Writes the plot of accuracy against cost.

    Raises:
        DataError: no cost is known, or the file cannot be written.
    """
    if result.figure is None:
        raise DataError(
            "nothing to plot: no model's cost is known; runs have a card that says it, "
            "and so have .npz files that 'mimika evaluate --save' wrote"
        )
    try:
        with replacing(path) as partial:
            partial.write_bytes(result.figure.light)
    except OSError as error:
        raise DataError(f"{path}: cannot be written ({error})") from error


def write_all(folder: Path, result: Result) -> None:
    """Writes the comparison in every form, with those plots that there are.

    Raises:
        DataError: the folder cannot be written.
    """
    comparison, published = result.comparison, result.published
    page = build_page(comparison, published, result.figure)
    values = json.dumps(to_json(comparison, published), indent=1)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_text(folder / "comparison.json", values + "\n")
        write_text(folder / "comparison.md", render_markdown(page))
        write_text(folder / "comparison.html", render_page(page))
        plots = {figure.name: figure.light for figure in page.figures()}
        for name in (PLOT_NAME, DOTS_NAME):
            path = folder / f"{name}.png"
            path.unlink(missing_ok=True)  # of a former comparison
            if name in plots:
                path.write_bytes(plots[name])
    except OSError as error:
        raise DataError(f"{folder}: cannot be written ({error})") from error
