"""`mimika ensemble`: the mean of several models' predictions."""

from pathlib import Path

import click

from mimika.cli.options import predictions_output
from mimika.cli.predict_data import check_output, write_npz
from mimika.evaluation.ensemble import pooled
from mimika.evaluation.predictions import load_predictions

EXAMPLE = (
    "\b\nExamples:\n"
    "  mimika ensemble a.npz b.npz c.npz -o ensemble.npz\n"
    "  mimika ensemble fold0.npz fold1.npz fold2.npz -o teacher.npz"
)


@click.command("ensemble", epilog=EXAMPLE)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@predictions_output
def command(files: tuple[Path, ...], output: Path) -> None:
    """Average predictions that 'mimika predict' or 'mimika evaluate' saved.

    Files about the same pictures are averaged: an ensemble. Files about different ones,
    such as the held-out parts of a cross-validation, are put together, so that the
    result speaks about all: a teacher for 'mimika train' (teachers).
    """
    check_output(output, "--output", (".npz",))
    found = pooled([load_predictions(file) for file in files], output.stem)
    write_npz(output, found)
    count = f"{len(files)} file{'s' if len(files) > 1 else ''}"
    click.echo(f"{output}: {len(found.rows):,} pictures, from {count}")
