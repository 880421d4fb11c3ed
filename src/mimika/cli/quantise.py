"""`mimika quantise`: an ONNX file again, with 8-bit weights."""

import tempfile
from pathlib import Path

import click

from mimika.cli.export import spread
from mimika.cli.judging import choose
from mimika.cli.predictors import data_order, predict_all
from mimika.core.errors import DataError, ParityError
from mimika.data.reading import read_dataset
from mimika.data.samples import PUBLIC_TEST, TRAINING
from mimika.evaluation.metrics import card_figures, evaluate_probabilities
from mimika.export.int8 import quantise
from mimika.export.recard import copy_with_card
from mimika.runtime.classifier import OnnxClassifier

EXAMPLE = (
    "\b\nExample:\n  mimika quantise model.onnx -o model-int8.onnx --data fer2013.csv"
)
PICTURES = 1024


@click.command("quantise", epilog=EXAMPLE)
@click.argument("model", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The ONNX file to write.",
)
@click.option(
    "--data",
    required=True,
    type=click.Path(path_type=Path),
    help="Data set whose Training pictures show the ranges of the activations.",
)
@click.option(
    "--split",
    default=PUBLIC_TEST,
    show_default=True,
    metavar="NAME",
    help="The labelled pictures that both models are judged on.",
)
@click.option(
    "--cost",
    default=0.3,
    show_default=True,
    type=click.FloatRange(min=0),
    metavar="POINTS",
    help="The most accuracy that it may cost.",
)
def command(model: Path, output: Path, data: Path, split: str, cost: float) -> None:
    """Write a model again with 8-bit integers instead of float32 weights.

    A quarter of the bytes, and on processors with VNNI a third of the time. Both models
    are judged on labelled pictures; the file is only written where the accuracy does
    not fall by more than --cost. Its card has its own figures.
    """
    if not output.absolute().parent.is_dir():
        raise DataError(f"{output}: its folder is not there; make it first")
    original = OnnxClassifier(model)
    keys, columns = data_order(original.card.labels)
    samples = read_dataset(data, labels=keys)
    chosen = choose(samples, split, None, columns)
    before = predict_all(original, chosen.samples.images)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "int8.onnx"
        card = quantise(model, made, spread(samples, TRAINING, PICTURES))
        after = predict_all(OnnxClassifier(made), chosen.samples.images)
        old, new = (
            evaluate_probabilities(answers, chosen.samples.labels)
            for answers in (before, after)
        )
        lost = 100 * (old.accuracy.value - new.accuracy.value)
        if lost > cost:
            raise ParityError(
                f"8-bit weights cost {lost:.2f} points of accuracy on "
                f"{len(after):,} pictures of {chosen.name}, and at most {cost:g} were "
                "allowed, so nothing was written; allow more with --cost"
            )
        figures = {"metrics": card_figures(new, chosen.name)}
        copy_with_card(made, output, card.model_copy(update=figures))
    same = int((before.argmax(axis=1) == after.argmax(axis=1)).sum())
    sizes = [file.stat().st_size / 1e6 for file in (model, output)]
    click.echo(
        f"{output}: {sizes[1]:.2f} MB instead of {sizes[0]:.2f}; on {len(after):,} "
        f"pictures of {chosen.name} {same:,} answers are the same, accuracy "
        f"{new.accuracy.value:.4f} instead of {old.accuracy.value:.4f}"
    )
