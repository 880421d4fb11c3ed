"""`mimika learn`: from a folder of photographs to a model and an honest figure."""

import os
import shlex
import sys
from pathlib import Path

import click
import torch
from rich.console import Console

from mimika.analysis.any_folder import read_any_folder
from mimika.analysis.listed import read_listed
from mimika.analysis.pictures import Pictures
from mimika.analysis.run import Findings, Steps, examine
from mimika.cli.analyse import MOST_WORKERS, SIGNS, Screen
from mimika.core.cores import usable_cores
from mimika.core.errors import DataError
from mimika.core.home import home_folder
from mimika.learning.report import MODEL, check_out, write_outcome
from mimika.learning.run import Outcome, learn
from mimika.learning.sections import ends, remarks_of, signed
from mimika.learning.settings import FIT, FOLDS, REPEATS, Settings

EXAMPLE = (
    "\b\nExamples:\n"
    "  mimika learn photos --out learned\n"
    "  mimika learn parts --keep-scale --weights weights --out learned"
)
FITS = ("crop", "pad", "stretch")


@click.command("learn", epilog=EXAMPLE)
@click.argument("data", type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder for model.onnx, report.html and the plots.",
)
@click.option("--name", default="", help="Of the task.  [default: the data's]")
@click.option(
    "--backbone",
    "backbones",
    multiple=True,
    metavar="NAME",
    help="A pretrained network to try; may be given several times.",
)
@click.option(
    "--weights",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of weights, each file called after its network.",
)
@click.option(
    "--fit",
    type=click.Choice(FITS),
    help=f"How a picture that is not square becomes square.  [default: {FIT}]",
)
@click.option(
    "--keep-scale",
    is_flag=True,
    help="The size of things tells the classes apart: never enlarge or reduce one "
    "picture more than another.",
)
@click.option(
    "--folds",
    type=click.IntRange(2, 20),
    default=FOLDS,
    show_default=True,
    help="Parts into which the pictures are divided.",
)
@click.option(
    "--repeats",
    type=click.IntRange(1, 20),
    default=REPEATS,
    show_default=True,
    help="How often they are divided, each time with another seed.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Seeds all.")
def command(
    data: Path,
    out: Path,
    name: str,
    backbones: tuple[str, ...],
    weights: Path | None,
    fit: str | None,
    keep_scale: bool,
    folds: int,
    repeats: int,
    seed: int,
) -> None:
    """Learn to tell classes of photographs apart, in several ways, and keep the best.

    DATA is a folder with a folder of pictures for each class, or with train/ and test/
    that hold such folders, or a csv file with the columns path and label. Pictures are
    analysed first. Then features of pretrained networks, a fine-tuned one and a small
    one from scratch are compared by cross-validation; the winner learns from all
    pictures and is exported. What is held out in test/ is looked at once, at the end.
    The same command goes on where it was interrupted.
    """
    if keep_scale and fit:
        raise click.UsageError("--keep-scale and --fit exclude each other")
    check_out(out)
    settings = Settings(
        data=data,
        home=home_folder(os.environ),
        name=name,
        backbones=backbones,
        weights=weights,
        fit="keep-scale" if keep_scale else fit or FIT,  # type: ignore[arg-type]  # a choice
        folds=folds,
        repeats=repeats,
        seed=seed,
        command=f"mimika {shlex.join(sys.argv[1:])}",
    )
    torch.set_num_threads(usable_cores())
    steps = Screen(Console(file=sys.stderr))
    try:
        pictures, findings = read(data, seed, steps)
        outcome = learn(pictures, findings, settings, steps)
        with steps.step("writing"):
            page = write_outcome(out, outcome)
    except KeyboardInterrupt:
        click.echo("Stopped. The same command goes on where it was.", err=True)
        raise click.exceptions.Exit(1) from None
    click.echo("\n".join(lines_of(outcome)))
    click.echo(f"Report: {page}")
    click.echo(f"Model: {out / MODEL}")


def read(data: Path, seed: int, steps: Steps) -> tuple[Pictures, Findings]:
    """Reads and analyses the pictures.

    Raises:
        DataError: nothing there that can be read.
    """
    if not data.exists():
        raise DataError(f"{data}: does not exist; expected a folder or a csv file")
    with steps.step("reading"):
        pictures = read_any_folder(data) if data.is_dir() else read_listed(data)
    workers = max(1, min(MOST_WORKERS, usable_cores()))
    return pictures, examine(pictures, None, seed, workers, steps)


def lines_of(outcome: Outcome) -> list[str]:
    """What is printed: remarks, the table of strategies, what was taken."""
    lines = [f"{SIGNS[remark.level]} {remark.text}" for remark in remarks_of(outcome)]
    width = max(len(score.name) for score in outcome.scores)
    header = f"{'strategy':<{width}}  accuracy  deviation  difference to the best"
    lines += ["", header]
    for number, (score, paired) in enumerate(
        zip(outcome.scores, outcome.pairs, strict=True)
    ):
        gap = "best" if number == 0 else f"{signed(paired.difference)} points"
        lines.append(
            f"{score.name:<{width}}  {100 * score.mean:6.1f} %  "
            f"{100 * score.deviation:7.1f} %  {gap}"
        )
    metrics = outcome.card.metrics
    lines += ["", f"Taken: {outcome.chosen.name}"]
    lines += [
        f"{key.replace('_', ' ')}: {100 * metric.value:.1f} % ({ends(metric)}), "
        f"{metric.split}"
        for key, metric in metrics.items()
        if key != "macro_f1"
    ]
    return lines
