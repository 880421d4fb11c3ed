"""`mimika evaluate`: accuracy, macro-F1 and confusion matrix of an ONNX model."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from mimika.cli.split import find
from mimika.core.errors import DataError
from mimika.core.predictor import Predictor
from mimika.data.reading import read_dataset
from mimika.data.samples import PUBLIC_TEST, SPLITS, Samples
from mimika.data.split_file import read_split
from mimika.data.splits import clean
from mimika.evaluation.confusion import confusion_table
from mimika.evaluation.metrics import Evaluation, Interval, evaluate_probabilities
from mimika.runtime.pipeline import DEFAULT_MODEL
from mimika.runtime.session import OnnxClassifier

EXAMPLE = "\b\nExample:\n  mimika evaluate fer2013.csv --split PublicTest --clean"


@click.command("evaluate", epilog=EXAMPLE)
@click.argument("data", type=click.Path(path_type=Path))
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    help="ONNX file that 'mimika export' wrote.  [default: the shipped model]",
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
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--skip-bad", is_flag=True, help="Leave out rows that cannot be read.")
def command(
    data: Path,
    model: Path | None,
    split: str,
    split_file: Path | None,
    and_clean: bool,
    as_json: bool,
    skip_bad: bool,
) -> None:
    """Judge a model on the labelled pictures of a data set.

    DATA is FER2013 in any form: a csv file, class folders, parquet. The answer is
    accuracy, macro-F1, the figures of each class and the confusion matrix.
    """
    classifier = OnnxClassifier(model or DEFAULT_MODEL)
    samples = read_dataset(data, skip_bad=skip_bad, labels=classifier.card.labels)
    for row in samples.skipped:
        click.echo(f"skipped {row.where}: {row.cause}", err=True)
    if and_clean and split_file is not None:
        raise click.UsageError("--clean and --split-file do not go together")
    split = {name.lower(): name for name in SPLITS}.get(split.lower(), split)
    if split_file is None:
        part = samples.split(split)
    else:
        part = read_split(split_file).part(samples, split)
    evaluation = judge(classifier, part, split)
    cleaned = None
    if and_clean:
        places = clean(find(samples), samples.splits, split)
        cleaned = judge(classifier, samples.take(places), f"clean {split}")
    if as_json:
        answer = to_json(evaluation, classifier, split)
        if cleaned is not None:
            answer["clean"] = to_json(cleaned, classifier, f"clean {split}")
        click.echo(json.dumps(answer))
        return
    click.echo("\n".join(describe(evaluation, classifier, split)))
    if cleaned is not None:
        click.echo("\nWithout the pictures that have a near-copy in Training:")
        click.echo("\n".join(describe_in_short(cleaned)))


def judge(classifier: Predictor, part: Samples, name: str) -> Evaluation:
    """Measures a model on the labelled pictures of a part.

    Raises:
        DataError: there are none.
    """
    try:
        labelled = part.labelled()
    except DataError as error:
        raise DataError(
            f"{part.source}: the {len(part)} pictures of {name} have no labels, so "
            "nothing can be judged on them"
        ) from error
    return evaluate_probabilities(classifier.predict(labelled.images), labelled.labels)


def describe(evaluation: Evaluation, classifier: Predictor, split: str) -> list[str]:
    """The figures as lines for people."""
    card = classifier.card
    names = card.resolve_task().names
    left = max(len("class"), *(len(name) for name in names))
    lines = [
        f"{card.name} on {split}",
        *describe_in_short(evaluation),
        "",
        f"{'class':{left}}  precision  recall      F1  pictures",
    ]
    lines += [
        f"{name:{left}}  {c.precision:9.3f}  {c.recall:6.3f}  {c.f1:6.3f}  {c.images:8}"
        for name, c in zip(names, evaluation.classes, strict=True)
    ]
    return [*lines, "", *confusion_table(evaluation.confusion, names)]


def describe_in_short(evaluation: Evaluation) -> list[str]:
    """The figures of the whole set alone."""
    return [
        f"pictures  {evaluation.images:,}",
        f"accuracy  {_with_interval(evaluation.accuracy)}",
        f"macro-F1  {_with_interval(evaluation.macro_f1)}",
        f"NLL       {evaluation.nll:.4f} nats",
    ]


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
