"""`mimika stack`: soft targets from held-out answers and crowd votes."""

from dataclasses import replace
from pathlib import Path

import click
import numpy as np

from mimika.cli.options import predictions_output
from mimika.cli.predict_data import check_output, write_npz
from mimika.core.preprocess import FloatArray
from mimika.data.votes import read_votes
from mimika.evaluation.ensemble import pooled
from mimika.evaluation.predictions import (
    Predictions,
    load_predictions,
)
from mimika.evaluation.stacking import stacked, vote_features

EXAMPLE = (
    "\b\nExamples:\n"
    "  mimika stack fold0.npz fold1.npz fold2.npz -o teacher.npz\n"
    "  mimika stack fold?.npz --votes ferplus_votes.csv -o teacher.npz"
)


@click.command("stack", epilog=EXAMPLE)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--votes",
    "votes_file",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A csv file of crowd votes (FER+), as another source.",
)
@predictions_output
def command(files: tuple[Path, ...], votes_file: Path | None, output: Path) -> None:
    """Make soft targets from what is known about training pictures.

    FILES are predictions about the held-out folds of a cross-validation, of one model
    or of several (then in the same order for each fold). A logistic regression learns
    how they and the votes go with the labels, for each fold from the others. The result
    is a teacher for 'mimika train' (teachers).
    """
    check_output(output, "--output", (".npz",))
    members = [load_predictions(file) for file in files]
    about = pooled(members, output.stem)
    votes = None if votes_file is None else features_of(votes_file, about)
    found = stacked(members, output.stem, votes)
    if votes_file is not None:
        words = f"crowd votes ({votes_file.name})"
        found = replace(found, sources=f"{found.sources}; {words}".removeprefix("; "))
    write_npz(output, found)
    sources = [about.probabilities, found.probabilities]
    before, after = [
        (answers.argmax(axis=1) == about.labels).mean() for answers in sources
    ]
    click.echo(
        f"{output}: {len(found.rows):,} pictures; the first answer is the label for "
        f"{100 * after:.1f} %, for the mean of the files {100 * before:.1f} %"
    )


def features_of(file: Path, about: Predictions) -> FloatArray:
    """The votes of a file for each picture; all zero for one without votes.

    Args:
        file: csv of votes.
        about: predictions for the pictures that are wanted.

    Returns:
        float32 (N, V).

    Raises:
        DataError: not a file of votes, or of other pictures.
    """
    votes = read_votes(file, about, about.classes)
    known = vote_features(votes.counts, votes.others, votes.no_face)
    features = np.zeros((len(about.rows), known.shape[1]), np.float32)
    features[votes.positions] = known
    return features
