"""The part of `mimika predict` for data sets: probabilities as a table.

Kept apart because it is for whoever judges models: pictures from a data set are crops
already, so that no faces are looked for.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from mimika.cli.face_table import printable
from mimika.cli.predictors import (
    data_order,
    load_predictor,
    predict_views,
    settings_of,
)
from mimika.core.errors import DataError
from mimika.core.files import write_text
from mimika.core.preprocess import FloatArray
from mimika.data.reading import read_dataset
from mimika.data.samples import Samples, split_of_usage
from mimika.data.split_file import picture_digest, read_split
from mimika.evaluation.predictions import Predictions, save_predictions
from mimika.evaluation.tta import Kind
from mimika.runtime.hardware import Hardware

KINDS = (".csv", ".npz")


def check_call(
    pictures: Sequence[str], output: Path | None, *, for_faces: bool
) -> Path:
    """Refuses what does not go with a data set.

    Args:
        pictures: those named as arguments.
        output: the file for the probabilities.
        for_faces: whether --json or --save was given.

    Returns:
        The file to write.

    Raises:
        UsageError: pictures beside the data set, options for faces, no file to write,
            one of another kind, or a folder that is not there.
    """
    if pictures:
        raise click.UsageError(
            f"PICTURE ({printable(pictures[0])}) and --data exclude each other: name "
            "pictures in which to look for faces, or a data set of faces"
        )
    if for_faces:
        raise click.UsageError("--json and --save do not go with --data")
    if output is None:
        raise click.UsageError("--data needs --probabilities FILE to write to")
    check_output(output, "--probabilities", KINDS)
    return output


def check_output(output: Path, option: str, endings: Sequence[str]) -> None:
    """Refuses a file that cannot be written, before any work.

    Args:
        output: the file.
        option: that named it.
        endings: those that it may have.

    Raises:
        UsageError: another ending, or no such folder.
    """
    if output.suffix.lower() not in endings:
        raise click.UsageError(
            f"{option} {output}: expected a name that ends in {' or '.join(endings)}"
        )
    check_parent(output, option)


def check_parent(output: Path, option: str) -> None:
    """Refuses a file whose folder is not there.

    Raises:
        UsageError: as said; `option` named the file.
    """
    if not output.absolute().parent.is_dir():
        raise click.UsageError(f"{option} {output}: no folder {output.parent}")


@dataclass(frozen=True)
class Asked:
    """Which pictures to classify, and how.

    Attributes:
        data: a data set in any form, with labels or without.
        split: take only this split, in any letter case, or this part of the split
            file; None for all pictures.
        split_file: what `mimika split` wrote; None for the data set's own splits.
        kind: views for test-time augmentation; None for the pictures as they are.
    """

    data: Path
    split: str | None
    split_file: Path | None
    kind: Kind | None


def predict_data(
    asked: Asked, output: Path, model: Path | None, hardware: Hardware
) -> str:
    """Writes the probabilities of every picture of a data set.

    Args:
        asked: which pictures.
        output: a `.csv` or `.npz` file (`check_call`).
        model: see `load_predictor`.
        hardware: what an ONNX model may use.

    Returns:
        A line that says what was written.

    Raises:
        DataError: the data set cannot be read, or the file cannot be written.
        ModelError: no such model.
    """
    predictor = load_predictor(model, hardware)
    classes, columns = data_order(predictor.card.labels)
    samples, name = chosen_part(asked, classes)
    predictions = Predictions(
        probabilities=predict_views(predictor, samples.images, asked.kind)[:, columns],
        labels=samples.labels,
        rows=samples.rows,
        classes=classes,
        split=name,
        digest=picture_digest(samples.images),
        model=predictor.card.name,
        weights=predictor.card.digest,
        card=predictor.card.model_copy(update={"labels": classes}),
        settings=settings_of(model),
    )
    try:
        _write(output, predictions)
    except OSError as error:
        raise DataError(f"{output}: cannot be written ({error})") from error
    return f"{output}: {len(samples):,} pictures of {predictions.split}"


def chosen_part(asked: Asked, classes: Sequence[str]) -> tuple[Samples, str]:
    """The pictures that were asked for, and in words which these are.

    Raises:
        DataError: the data set cannot be read, or has no such part.
    """
    samples = read_dataset(asked.data, labels=classes)
    split = asked.split
    if asked.split_file is not None:
        saved = read_split(asked.split_file)
        if split is None:
            raise click.UsageError(
                f"--split-file {asked.split_file}: name one of its parts with --split: "
                f"{', '.join(saved.parts)}"
            )
        return saved.part(samples, split), saved.describe(split)
    if split is None:
        return samples, f"all of {asked.data.name}"
    split = split_of_usage(split) or split
    return samples.split(split), split


def write_npz(output: Path, predictions: Predictions) -> None:
    """Writes predictions, whole or not at all.

    Raises:
        DataError: the file cannot be written; what was there stays.
    """
    try:
        save_predictions(output, predictions)
    except OSError as error:
        raise DataError(f"{output}: cannot be written ({error})") from error


def _write(output: Path, predictions: Predictions) -> None:
    if output.suffix.lower() == ".npz":
        save_predictions(output, predictions)
        return
    rows = predictions.rows.tolist()
    write_text(output, as_csv(rows, predictions.classes, predictions.probabilities))


def as_csv(
    rows: Sequence[int], classes: Sequence[str], probabilities: FloatArray
) -> str:
    """A table: `row`, the probability of each class, and `predicted`, its key.

    Args:
        rows: where each picture stood in its source.
        classes: keys of the classes.
        probabilities: float32 (N, K).
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["row", *classes, "predicted"])
    answers = probabilities.argmax(axis=1)
    for row, values, answer in zip(rows, probabilities, answers, strict=True):
        writer.writerow([row, *(f"{v:.6f}" for v in values), classes[answer]])
    return text.getvalue()
