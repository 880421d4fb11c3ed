"""`mimika draw-parts`: a drawn data set in which size is the label."""

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from mimika.data.drawn_parts import SETS, check_out, write_parts

EXAMPLE = (
    "\b\nExamples:\n"
    "  mimika draw-parts parts --seed 1\n"
    "  mimika draw-parts many --seed 2 --train 43 --test 400"
)
MOST = 100_000


@click.command("draw-parts", epilog=EXAMPLE)
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option(
    "--train",
    type=click.IntRange(0, MOST),
    default=43,
    show_default=True,
    help="How many pictures OUT/train gets.",
)
@click.option(
    "--test",
    type=click.IntRange(0, MOST),
    default=21,
    show_default=True,
    help="How many pictures OUT/test gets.",
)
def command(out: Path, seed: int, train: int, test: int) -> None:
    """Draw pictures of small and large machine parts.

    OUT, a new or empty folder, gets class folders with photographs, drawn by the
    program, of bolts, nuts, washers and plates from a fixed distance, cut out around
    each part, and a list of them, parts.csv. Small and large parts look alike but for
    their size in pixels. The same seed draws the same pictures.
    """
    if train + test == 0:
        raise click.UsageError("--train 0 --test 0 leaves nothing to draw")
    check_out(out)
    with Progress(
        console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task("Drawing", total=train + test)
        parts = write_parts(
            out,
            seed,
            dict(zip(SETS, (train, test), strict=True)),
            lambda done, _: bar.update(task, completed=done),
        )
    small = sum(part.label == "small" for part in parts)
    click.echo(
        f"{out}: {train} pictures to train and {test} to test, drawn from seed {seed}; "
        f"{small} parts are small and {len(parts) - small} large"
    )
