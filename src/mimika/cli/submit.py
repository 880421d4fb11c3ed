"""`mimika submit`: a Kaggle submission from a model and a file of test pictures."""

from collections import Counter
from functools import partial
from pathlib import Path
from typing import cast

import click
import numpy as np

from mimika.cli.predict_data import check_parent
from mimika.cli.predictors import data_order, load_predictor, predict_all
from mimika.data.folder_names import class_of_folder
from mimika.data.reading import read_dataset
from mimika.data.samples import Samples, split_of_usage
from mimika.evaluation.submission import (
    Form,
    Style,
    place_rows,
    plain_form,
    write_submission,
)
from mimika.evaluation.submission_sample import read_sample

EXAMPLE = (
    "\b\nExamples:\n"
    "  mimika submit runs/first --data test.csv -o submission.csv\n"
    "  mimika submit default --data test.csv -o submission.csv "
    "--sample sample_submission.csv"
)
AUTO = "auto"


@click.command("submit", epilog=EXAMPLE)
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--data",
    required=True,
    type=click.Path(path_type=Path),
    help="Pictures to classify: Kaggle's test.csv, or any data set.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The submission to write; one that is there is replaced.",
)
@click.option(
    "--sample",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Sample submission: its header, its ids in their order and its way of writing "
    "classes are followed.  [default: 'id,emotion', numbers]",
)
@click.option("--split", metavar="NAME", help="Take only this split of the data.")
@click.option(
    "--label-style",
    type=click.Choice([AUTO, "number", "name", "alphabetical"]),
    default=AUTO,
    show_default=True,
    help="How classes are written. number: as FER2013 numbers them (3 happy, 4 sad, 6 "
    "neutral); alphabetical: numbers of the names sorted by the alphabet (4 neutral, 5 "
    "sad); auto: like the sample, whose digits are taken for FER2013's numbers.",
)
@click.option(
    "--first-id",
    type=click.IntRange(0),
    metavar="N",
    help="Count the pictures from N.  [default: their rows in the file, from 0]",
)
def command(
    run: Path,
    data: Path,
    output: Path,
    sample: Path | None,
    split: str | None,
    label_style: str,
    first_id: int | None,
) -> None:
    """Write a Kaggle submission.

    RUN is the folder of a finished run, an .onnx file that 'mimika export' wrote, or
    the word default for the model in the package. Every picture gets one line; an id
    that is missing, unknown or doubled is refused before anything is computed.
    """
    check_parent(output, "--output")
    style = None if label_style == AUTO else cast(Style, label_style)
    predictor = load_predictor(run)
    classes, columns = data_order(predictor.card.labels)
    pictures = chosen_part(read_dataset(data, labels=classes), split)
    ids = ids_of(pictures, first_id)
    if sample is None:
        form = plain_form(ids, classes, style or "number")
    else:
        form = read_sample(
            sample, classes, partial(class_of_folder, labels=classes), style
        )
    places = place_rows(form, ids, pictures.source)
    probabilities = predict_all(predictor, pictures.images)[:, columns]
    predicted = probabilities.argmax(axis=1)
    write_submission(output, form, predicted[places])
    for line in summary(output, form, classes, Counter(predicted.tolist())):
        click.echo(line)
    if form.guessed:
        click.echo(
            f"{sample} does not show how {', '.join(form.guessed)} is written; see "
            "whether the names above are right",
            err=True,
        )


def chosen_part(samples: Samples, split: str | None) -> Samples:
    """The pictures of a split, in any letter case; all of them for None.

    Raises:
        DataError: there are none.
    """
    return samples if split is None else samples.split(split_of_usage(split) or split)


def ids_of(pictures: Samples, first_id: int | None) -> list[int]:
    """The number that each picture is known by."""
    if first_id is None:
        return [int(row) for row in pictures.rows]
    return np.arange(first_id, first_id + len(pictures)).tolist()


def summary(
    output: Path, form: Form, classes: tuple[str, ...], counts: Counter[int]
) -> list[str]:
    """What was written: how many lines, and how often each class."""
    total = max(counts.total(), 1)
    left = max(len(key) for key in classes)
    wide = max(len(text) for text in form.labels)
    lines = [f"{output}: {counts.total():,} lines, classes by {form.style}"]
    lines += [
        f"  {key:{left}}  written {text:{wide}}  {counts[number]:6,}  "
        f"{100 * counts[number] / total:5.1f} %"
        for number, (key, text) in enumerate(zip(classes, form.labels, strict=True))
    ]
    return lines
