"""`mimika export`: from a run to an ONNX file, in the precision that serves best."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import click
import numpy as np

from mimika.cli.export_text import Found, found_json, found_text
from mimika.cli.judging import Chosen, Positions, choose
from mimika.cli.predictors import data_order, predict_all
from mimika.core.card import ModelCard
from mimika.core.errors import ConfigError, DataError, ModelError
from mimika.core.preprocess import UInt8Array
from mimika.data.reading import read_dataset
from mimika.data.samples import PUBLIC_TEST, TRAINING, Samples
from mimika.evaluation.cost import measure_cost
from mimika.evaluation.metrics import card_figures, evaluate_probabilities
from mimika.export.onnx import export_run, read_card
from mimika.export.precision import (
    PRECISIONS,
    SUFFIX,
    Precision,
    Variant,
    convert,
    fastest,
    float_card,
    refuse_loss,
)
from mimika.export.recard import copy_with_card
from mimika.runtime.classifier import OnnxClassifier
from mimika.training.config_file import read_experiment

COMPARED = 512  # pictures on which the ONNX file has to answer as the checkpoint does
SHOWING = 1024  # pictures that show the ranges of the activations
CONFIG = "config.toml"


@click.command(
    "export",
    epilog="\b\nExamples:\n"
    "  mimika export runs/first -o model.onnx\n"
    "  mimika export runs/first -o model.onnx --precision fp32\n"
    "  mimika export model.onnx -o small.onnx --precision int8 --data fer2013.csv",
)
@click.argument("source", metavar="RUN", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The ONNX file to write.",
)
@click.option(
    "--precision",
    type=click.Choice(["best", *PRECISIONS]),
    default="best",
    show_default=True,
    help="Of the weights; best is the fastest here that loses little accuracy.",
)
@click.option(
    "--cost",
    default=0.3,
    show_default=True,
    type=click.FloatRange(min=0),
    metavar="POINTS",
    help="The accuracy that another precision than fp32 may lose.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Data set to judge on.  [default: the run's own]",
)
@click.option(
    "--split",
    metavar="NAME",
    help="The labelled pictures to judge on.  [default: PublicTest]",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
def command(
    source: Path,
    output: Path,
    precision: Literal["best"] | Precision,
    cost: float,
    data: Path | None,
    split: str | None,
    as_json: bool,
) -> None:
    """Write a trained run as an ONNX file.

    RUN is the folder of a run, or an ONNX file with float32 weights. The file holds
    the best checkpoint with a dynamic batch and the model card; it is only written
    where no probability differs from the checkpoint's by more than 0.0001.

    Then the same with 8-bit integers (a quarter of the bytes; a third of the time on
    processors with VNNI) and with float16 (half the bytes; for graphics cards). All
    are judged and timed on one thread, and the fastest that loses at most --cost
    points of accuracy is kept. Its card has its own figures.
    """
    if not output.absolute().parent.is_dir():
        raise DataError(f"{output}: its folder is not there; make it first")
    card = _card(source)
    keys, columns = data_order(card.labels)
    samples = read_dataset(_data(source, data), skip_bad=True, labels=keys)
    with tempfile.TemporaryDirectory() as folder:
        model, parity = Path(folder) / "fp32.onnx", None
        if source.is_dir():
            parity = export_run(source, model, spread(samples, PUBLIC_TEST, COMPARED))
        else:
            copy_with_card(source, model, card)
        chosen = _labelled(samples, split, columns, precision)
        variants: list[Variant] = []
        if chosen is not None:
            variants = _variants(model, precision, samples, chosen)
        kept = _write(model, output, variants, precision, cost)
        found = Found(output, kept, variants, parity)
        click.echo(found_json(found) if as_json else found_text(found))


def spread(samples: Samples, split: str, most: int) -> UInt8Array:
    """Some pictures, evenly spread over a split, or over everything without it.

    Args:
        samples: a data set.
        split: one of its splits.
        most: how many pictures at most.
    """
    part = samples.images[samples.splits == split]
    images = part if len(part) else samples.images
    places = np.linspace(0, len(images) - 1, min(most, len(images)))
    return images[places.astype(np.int64)]


def _card(source: Path) -> ModelCard:
    """The card of a run, or of an ONNX file with float32 weights.

    Raises:
        ModelError: neither.
    """
    if not source.is_dir():
        return float_card(source)
    if not (source / CONFIG).is_file():
        raise ModelError(
            f"{source}: not the folder of a run (it has no {CONFIG}); train with "
            "'mimika train' first"
        )
    return read_card(source)


def _data(source: Path, data: Path | None) -> Path:
    """The data set to judge on.

    Raises:
        ConfigError: none is named and the run's own is not there.
        UsageError: none is named for an ONNX file.
    """
    if data is not None:
        return data
    if not source.is_dir():
        raise click.UsageError("an ONNX file is judged on the data set that --data is")
    own = Path(read_experiment(source / CONFIG).data)
    if not own.exists():
        raise ConfigError(
            f"the run's data set {own} is not here; name pictures to compare on "
            "with --data"
        )
    return own


def _labelled(
    samples: Samples, split: str | None, columns: Positions, precision: str
) -> Chosen | None:
    """The pictures to judge on; None where nobody asked for a judgement.

    Raises:
        DataError: a split or a precision was named, and there are no labelled pictures.
    """
    try:
        return choose(samples, split or PUBLIC_TEST, None, columns)
    except DataError as error:
        if split is not None or precision in SUFFIX:
            raise
        click.echo(f"nothing is judged: {error}", err=True)
        return None


def _variants(
    model: Path, precision: str, samples: Samples, chosen: Chosen
) -> list[Variant]:
    """float32 weights and what was asked for; for the best one all that can be made.

    Raises:
        ModelError: what was asked for cannot be made.
    """
    variants = []
    for name in PRECISIONS:
        if name not in {"fp32", precision} and precision != "best":
            continue
        try:
            variants.append(_variant(model, name, samples, chosen))
        except ModelError as error:
            if name in {"fp32", precision}:
                raise
            click.echo(f"{name} is left out: {error}", err=True)
    return variants


def _variant(
    model: Path, precision: Precision, samples: Samples, chosen: Chosen
) -> Variant:
    """Makes and measures a model in one precision, in a file beside the model."""
    file = model
    if precision != "fp32":
        file = model.with_name(f"{precision}.onnx")
        convert(model, file, precision, spread(samples, TRAINING, SHOWING))
    classifier = OnnxClassifier(file)
    answers = predict_all(classifier, chosen.samples.images)
    judged = evaluate_probabilities(answers, chosen.samples.labels)
    ms = measure_cost(classifier, chosen.samples.images[0]).ms_alone
    return Variant(precision, file, ms, card_figures(judged, chosen.name))


def _write(
    model: Path,
    output: Path,
    variants: Sequence[Variant],
    precision: str,
    cost: float,
) -> Precision:
    """Writes the variant that was asked for, or the best one.

    Raises:
        ParityError: the one that was asked for loses too much.
    """
    if not variants:
        copy_with_card(model, output, OnnxClassifier(model).card)
        return "fp32"
    named = [variant for variant in variants if variant.precision == precision]
    chosen = named[0] if named else fastest(variants, cost)
    refuse_loss(variants, chosen, cost)
    card = OnnxClassifier(chosen.file).card
    figures = card.metrics or chosen.figures  # those of a run say what it was chosen on
    copy_with_card(chosen.file, output, card.model_copy(update={"metrics": figures}))
    return chosen.precision
