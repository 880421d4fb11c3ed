"""`mimika split`: divide a data set and keep the division in a file."""

from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress

from mimika.core.errors import ConfigError
from mimika.data.duplicates import Duplicates, find_duplicates
from mimika.data.reading import read_dataset
from mimika.data.samples import TRAINING, UNLABELLED, Samples
from mimika.data.split_file import make_split, write_split
from mimika.data.splits import by_usage, clean, holdout, kfold

EXAMPLE = (
    "\b\nExamples:\n"
    "  mimika split fer2013.csv -o folds.json --rule folds --folds 5\n"
    "  mimika train experiment.toml --set split_file=folds.json "
    "--set select_part=fold0"
)
GROUPED = "stratified, near-copies together"
Parts = dict[str, NDArray[np.int64]]


@click.command("split", epilog=EXAMPLE)
@click.argument("data", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The split file to write.",
)
@click.option(
    "--rule",
    type=click.Choice(["usage", "clean", "holdout", "folds"]),
    default="folds",
    show_default=True,
    help="usage: the data set's own splits; clean: the same, without the pictures that "
    "have a near-copy in Training; holdout and folds: labelled Training pictures, "
    "stratified, near-copies kept together.",
)
@click.option("--share", type=float, default=0.1, show_default=True)
@click.option("--folds", type=click.IntRange(2), default=5, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
def command(
    data: Path, output: Path, rule: str, share: float, folds: int, seed: int
) -> None:
    """Divide a data set and keep the division in a file.

    Training (split_file, select_part) and evaluation (--split-file) read it; a digest
    of the pictures keeps it from being used with other data.
    """
    samples = read_dataset(data)
    drawn = rule in ("holdout", "folds")
    if rule == "usage":
        parts: Parts = by_usage(samples.splits)
    else:
        parts = _parts(samples, rule, find(samples), (share, folds, seed))
    words = {
        "usage": "as the data set says",
        "clean": f"as the data set says, without near-copies of {TRAINING}",
        "holdout": f"{share:g} of labelled {TRAINING}, {GROUPED}",
        "folds": f"{folds} folds of labelled {TRAINING}, {GROUPED}",
    }[rule]
    split = make_split(
        samples, parts, name=output.stem, rule=words, seed=seed if drawn else None
    )
    write_split(output, split)
    sizes = ", ".join(f"{name} {len(places):,}" for name, places in parts.items())
    click.echo(f"{output}: {words}: {sizes}")


def _parts(
    samples: Samples, rule: str, duplicates: Duplicates, how: tuple[float, int, int]
) -> Parts:
    share, folds, seed = how
    if rule == "clean":
        usage = by_usage(samples.splits)
        return {
            name: places
            if name == TRAINING
            else clean(duplicates, samples.splits, name)
            for name, places in usage.items()
        }
    chosen = (samples.splits == TRAINING) & (samples.labels != UNLABELLED)
    places = np.flatnonzero(chosen)
    if len(places) == 0:
        raise ConfigError(f"{samples.source}: no labelled {TRAINING} pictures to part")
    labels, groups = samples.labels[places], duplicates.groups[places]
    if rule == "holdout":
        held = holdout(labels, groups, share, seed)
        return {"train": places[~held], "holdout": places[held]}
    fold = kfold(labels, groups, folds, seed)
    return {f"fold{number}": places[fold == number] for number in range(folds)}


def find(samples: Samples) -> Duplicates:
    """Near-copies in a data set, with a bar on stderr."""
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("looking for near-copies", total=1.0)
        return find_duplicates(
            samples.images, progress=lambda share: bar.update(task, completed=share)
        )
