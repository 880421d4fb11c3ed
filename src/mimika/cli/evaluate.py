"""`mimika evaluate`: everything that can be said about a model on labelled pictures."""

import json
from dataclasses import replace
from pathlib import Path

import click

from mimika.cli.evaluate_text import describe
from mimika.cli.judging import Outcome, Wanted, examine
from mimika.cli.predict_data import check_output
from mimika.cli.predictors import load_predictor, settings_of
from mimika.cli.recalibrate import check_target, store_temperature
from mimika.core.card import ModelCard
from mimika.core.predictor import Predictor
from mimika.data.samples import PUBLIC_TEST
from mimika.evaluation.calibration import Calibration
from mimika.evaluation.figures import figures_of
from mimika.evaluation.predictions import (
    Predictions,
    load_predictions,
    save_predictions,
)
from mimika.evaluation.report import MADE_BY, write_report
from mimika.evaluation.tta import KINDS, Kind
from mimika.reporting.folder import check_folder

EXAMPLE = (
    "\b\nExamples:\n"
    "  mimika evaluate --data fer2013.csv --clean\n"
    "  mimika evaluate model.onnx --data fer2013.csv --tta rich --out report\n"
    "  mimika evaluate runs/first --data fer2013.csv --calibrate --write-to runs/first"
)
PREDICTIONS = "predictions.npz"


@click.command("evaluate", epilog=EXAMPLE)
@click.argument("model", required=False, type=click.Path(path_type=Path))
@click.option(
    "--data",
    required=True,
    type=click.Path(path_type=Path),
    help="Data set to judge on, FER2013 in any form: csv, class folders, parquet.",
)
@click.option(
    "--split",
    metavar="NAME",
    default=PUBLIC_TEST,
    show_default=True,
    help="Pictures to judge on: Training, PublicTest, PrivateTest, or a part of the "
    "split file.",
)
@click.option(
    "--split-file",
    type=click.Path(path_type=Path),
    help="Take the parts of this file, which 'mimika split' wrote.",
)
@click.option(
    "--clean",
    "and_clean",
    is_flag=True,
    help="Judge also on those pictures of the split that have no near-copy in "
    "Training; looks for them first, which takes a minute or two.",
)
@click.option(
    "--tta",
    "kind",
    type=click.Choice(KINDS),
    help="Judge also the mean answer over several views of each picture: 2, 10 or 24.",
)
@click.option(
    "--calibrate",
    "and_calibrate",
    is_flag=True,
    help="Fit a temperature, and show the calibration before and after it; with "
    "--clean on the clean pictures, as a model knows copies of what it was shown.",
)
@click.option(
    "--write-to",
    type=click.Path(path_type=Path),
    help="Store the temperature of --calibrate: in the card of the run, named again, "
    "or in a copy of the ONNX file, which may take its place.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for report.html, report.json, the plots and predictions.npz.",
)
@click.option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File for the plain probabilities (.npz), which 'mimika compare' reads.",
)
@click.option(
    "--votes",
    type=click.Path(path_type=Path),
    help="csv of crowd votes: a column 'row' and one for each class.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--skip-bad", is_flag=True, help="Leave out rows that cannot be read.")
def command(
    model: Path | None,
    data: Path,
    split: str,
    split_file: Path | None,
    and_clean: bool,
    kind: Kind | None,
    and_calibrate: bool,
    write_to: Path | None,
    out: Path | None,
    save: Path | None,
    votes: Path | None,
    as_json: bool,
    skip_bad: bool,
) -> None:
    """Judge a model on the labelled pictures of a data set.

    MODEL is the folder of a run, an ONNX file that 'mimika export' wrote, an .npz file
    of predictions (an ensemble's, for one), or the word 'default' for the shipped
    model, which is also taken without MODEL. The answer is accuracy, balanced accuracy,
    macro-F1 and more with 95 % intervals, the figures of each class, the confusion
    matrix, calibration and cost.

    The figures after calibration are cross-fitted: no picture is scaled by a
    temperature that was fitted on it. The one that --write-to stores is fitted on all
    pictures that calibration is judged on and multiplies the one that the card has.
    """
    if and_clean and split_file is not None:
        raise click.UsageError("--clean and --split-file do not go together")
    if write_to is not None and not and_calibrate:
        raise click.UsageError("--write-to stores what --calibrate fits; give both")
    check_saved(model, for_models=kind is not None or write_to is not None)
    check_places(out, save)
    check_target(model, write_to)
    judged = load_saved_or_predictor(model)
    wanted = Wanted(split, split_file, and_clean, kind, and_calibrate, votes, skip_bad)
    outcome = examine(judged, data, wanted)
    judgement = outcome.judgement
    if as_json:
        click.echo(json.dumps(figures_of(judgement), allow_nan=False))
    else:
        click.echo("\n".join(describe(judgement)))
    predictions = replace(outcome.predictions, settings=settings_of(model))
    notes = _write(replace(outcome, predictions=predictions), out, save)
    if write_to is not None and judgement.calibration is not None:
        notes += _store(model, write_to, judgement.card, judgement.calibration)
    for note in notes:
        click.echo(note, err=as_json)


def check_saved(model: Path | None, *, for_models: bool) -> None:
    """Refuses options that need a model where there are only its predictions.

    Args:
        model: what was named.
        for_models: whether --tta or --write-to was given.

    Raises:
        UsageError: as said.
    """
    if for_models and is_saved(model):
        raise click.UsageError(
            f"{model} holds predictions and no model: --tta and --write-to need one"
        )


def is_saved(model: Path | None) -> bool:
    """Whether a file of predictions was named instead of a model."""
    return model is not None and model.suffix.lower() == ".npz"


def load_saved_or_predictor(model: Path | None) -> Predictor | Predictions:
    """What is to be judged: a model, or its predictions.

    Raises:
        DataError: not a file of predictions.
        ModelError: no such model.
    """
    if model is not None and is_saved(model):
        return load_predictions(model)
    return load_predictor(model)


def check_places(out: Path | None, save: Path | None) -> None:
    """Refuses places that cannot be written to, before any work.

    Args:
        out: the folder of the report; None for none.
        save: the file for predictions; None for none.

    Raises:
        InputError: the folder holds other files than a former report.
        UsageError: the file has another ending or no folder, or stands in the report's
            folder, which is replaced as a whole.
    """
    if out is not None:
        check_folder(out, MADE_BY)
    if save is None:
        return
    if out is not None and save.absolute().parent.resolve() == out.resolve():
        raise click.UsageError(
            f"--save {save}: --out is replaced as a whole and holds {PREDICTIONS} "
            "anyway; name a file elsewhere, or leave --save out"
        )
    check_output(save, "--save", (".npz",))


def _write(outcome: Outcome, out: Path | None, save: Path | None) -> list[str]:
    """Writes predictions and report where they are asked for; says what was written."""
    notes = []
    if save is not None:
        save_predictions(save, outcome.predictions)
        notes.append(f"Predictions: {save}")
    if out is not None:
        attached = {
            PREDICTIONS: lambda path: save_predictions(path, outcome.predictions)
        }
        page = write_report(out, outcome.judgement, outcome.images, attached)
        notes.append(f"Report: {page}")
    return notes


def _store(
    model: Path | None, target: Path, card: ModelCard, fitted: Calibration
) -> list[str]:
    """Stores a temperature; says so, and when it does no good."""
    stored = store_temperature(model, target, card, fitted)
    notes = [f"Temperature {stored:.4f} stored in {target}"]
    if fitted.nll_after > fitted.nll_before:
        notes.append(
            "On pictures that it was not fitted on it makes the log loss worse: "
            f"{fitted.nll_before:.4f} before, {fitted.nll_after:.4f} after"
        )
    return notes
