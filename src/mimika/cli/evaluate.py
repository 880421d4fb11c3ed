"""`mimika evaluate`: accuracy, macro-F1 and confusion matrix of an ONNX model."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from mimika.core.errors import DataError
from mimika.core.predictor import Predictor
from mimika.data.reading import read_dataset
from mimika.data.samples import PUBLIC_TEST, SPLITS, Samples
from mimika.evaluation.confusion import confusion_table
from mimika.evaluation.metrics import Evaluation, Interval, evaluate_probabilities
from mimika.runtime.pipeline import DEFAULT_MODEL
from mimika.runtime.session import OnnxClassifier

EXAMPLE = "\b\nExample:\n  mimika evaluate fer2013.csv --split PublicTest"


@click.command("evaluate", epilog=EXAMPLE)
@click.argument("data", type=click.Path(path_type=Path))
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    help="ONNX file that 'mimika export' wrote.  [default: the shipped model]",
)
@click.option(
    "--split",
    type=click.Choice(SPLITS, case_sensitive=False),
    metavar="NAME",
    default=PUBLIC_TEST,
    show_default=True,
    help="Pictures to judge on: Training, PublicTest or PrivateTest.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--skip-bad", is_flag=True, help="Leave out rows that cannot be read.")
def command(
    data: Path, model: Path | None, split: str, as_json: bool, skip_bad: bool
) -> None:
    """Judge a model on the labelled pictures of a data set.

    DATA is FER2013 in any form: a csv file, class folders, parquet. The answer is
    accuracy, macro-F1, the figures of each class and the confusion matrix.
    """
    classifier = OnnxClassifier(model or DEFAULT_MODEL)
    samples = read_dataset(data, skip_bad=skip_bad, labels=classifier.card.labels)
    for row in samples.skipped:
        click.echo(f"skipped {row.where}: {row.cause}", err=True)
    samples = labelled_split(samples, split)
    evaluation = evaluate_probabilities(
        classifier.predict(samples.images), samples.labels
    )
    if as_json:
        click.echo(json.dumps(to_json(evaluation, classifier, split)))
    else:
        click.echo("\n".join(describe(evaluation, classifier, split)))


def labelled_split(samples: Samples, split: str) -> Samples:
    """The split's labelled pictures.

    Raises:
        DataError: there are none.
    """
    chosen = samples.split(split)
    try:
        return chosen.labelled()
    except DataError as error:
        raise DataError(
            f"{samples.source}: the {len(chosen)} pictures of {split} have no labels, "
            "so nothing can be judged on them"
        ) from error


def describe(evaluation: Evaluation, classifier: Predictor, split: str) -> list[str]:
    """The figures as lines for people."""
    card = classifier.card
    names = card.resolve_task().names
    left = max(len("class"), *(len(name) for name in names))
    lines = [
        f"{card.name} on {evaluation.images:,} pictures of {split}",
        f"accuracy  {_with_interval(evaluation.accuracy)}",
        f"macro-F1  {_with_interval(evaluation.macro_f1)}",
        f"NLL       {evaluation.nll:.4f} nats",
        "",
        f"{'class':{left}}  precision  recall      F1  pictures",
    ]
    lines += [
        f"{name:{left}}  {c.precision:9.3f}  {c.recall:6.3f}  {c.f1:6.3f}  {c.images:8}"
        for name, c in zip(names, evaluation.classes, strict=True)
    ]
    return [*lines, "", *confusion_table(evaluation.confusion, names)]


def _with_interval(figure: Interval) -> str:
    return f"{figure.value:.4f}  (95 % interval {figure.low:.4f} to {figure.high:.4f})"


def to_json(
    evaluation: Evaluation, classifier: Predictor, split: str
) -> dict[str, object]:
    """The figures as one JSON object for programs."""
    card = classifier.card
    accuracy, macro_f1 = evaluation.accuracy, evaluation.macro_f1
    return {
        "model": card.name,
        "model_digest": card.digest,
        "split": split,
        "images": evaluation.images,
        "accuracy": accuracy.value,
        "accuracy_95": [accuracy.low, accuracy.high],
        "macro_f1": macro_f1.value,
        "macro_f1_95": [macro_f1.low, macro_f1.high],
        "nll": evaluation.nll,
        "classes": {
            key: asdict(figures)
            for key, figures in zip(card.labels, evaluation.classes, strict=True)
        },
        "confusion": evaluation.confusion.tolist(),
    }
