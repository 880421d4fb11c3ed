"""From a card and an evaluation to what the page shows: names, percents and rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mimika.core.card import Metric
from mimika.service.schemas import ModelInfo
from mimika.web.about.evaluation import Evaluation, Measured
from mimika.web.analyses import catalogue

NAMES = {
    "accuracy": "Right answers (accuracy)",
    "balanced_accuracy": "Mean recall of the classes",
    "macro_f1": "Mean F1 of the classes (macro-F1)",
    "top2": "Right class among the first two",
}


@dataclass(frozen=True)
class Figure:
    """A measured figure.

    Attributes:
        name: what was measured.
        value: the figure.
        interval: both ends of its 95 % interval.
        split: what it was measured on.
        images: how many pictures that are.
    """

    name: str
    value: str
    interval: str
    split: str
    images: int


@dataclass(frozen=True)
class ClassRow:
    """The figures of one class.

    Attributes:
        name: what people read.
        precision: how often its name is right.
        recall: how many of its pictures are found.
        f1: harmonic mean of both.
        images: how many pictures it has.
    """

    name: str
    precision: str
    recall: str
    f1: str
    images: int


@dataclass(frozen=True)
class Cell:
    """One cell of the confusion matrix.

    Attributes:
        count: how many pictures of the row's class got the column's answer.
        share: the same as a share of the row.
        is_right: whether the answer is the true class.
    """

    count: int
    share: str
    is_right: bool


@dataclass(frozen=True)
class MatrixRow:
    """One true class in the confusion matrix.

    Attributes:
        name: what people read.
        cells: one for each answer.
        images: how many pictures it has.
    """

    name: str
    cells: tuple[Cell, ...]
    images: int


@dataclass(frozen=True)
class OtherRow:
    """Another model that people may choose.

    Attributes:
        title: what it looks for, as the form says it.
        classes: their names.
        accuracy: of the card; None where nothing was measured.
        model: its card.
    """

    title: str
    classes: str
    accuracy: Figure | None
    model: ModelInfo


def figures(model: ModelInfo, evaluation: Evaluation | None) -> list[Figure]:
    """The figures of the card, then those that only the evaluation has."""
    found = [_figure(name, metric) for name, metric in model.metrics.items()]
    if evaluation is not None:
        found += _figures_of(evaluation)
        found += () if evaluation.clean is None else _figures_of(evaluation.clean)
    return list(dict.fromkeys(found))


def class_rows(model: ModelInfo, evaluation: Evaluation) -> list[ClassRow]:
    """The figures of each class, in the order of the evaluation."""
    names = _names(model)
    return [
        ClassRow(
            name=names.get(key, key),
            precision=percent(found.precision),
            recall=percent(found.recall),
            f1=percent(found.f1),
            images=found.images,
        )
        for key, found in evaluation.classes.items()
    ]


def matrix_rows(model: ModelInfo, evaluation: Evaluation) -> list[MatrixRow]:
    """The confusion matrix; its columns have the order of its rows."""
    names = _names(model)
    rows = zip(evaluation.classes, evaluation.confusion, strict=True)
    return [
        MatrixRow(names.get(key, key), tuple(_cells(place, counts)), sum(counts))
        for place, (key, counts) in enumerate(rows)
    ]


def other_rows(model: ModelInfo, found: Sequence[ModelInfo]) -> list[OtherRow]:
    """The models that people may choose beside one.

    Args:
        model: the one that the page is about.
        found: all that the service has.
    """
    others = [other for other in found if other.digest != model.digest]
    titles = {one.name: one.shown for one in catalogue.offered()} if others else {}
    return [
        OtherRow(
            title=titles[other.name],
            classes=", ".join(label.name for label in other.labels),
            accuracy=_accuracy_of(other),
            model=other,
        )
        for other in others
        if other.name in titles
    ]


def percent(share: float) -> str:
    """A measured share for people, with one decimal.

    Args:
        share: 0..1.
    """
    return f"{100 * share:.1f} %"


def _accuracy_of(model: ModelInfo) -> Figure | None:
    metric = model.metrics.get("accuracy")
    return None if metric is None else _figure("accuracy", metric)


def _names(model: ModelInfo) -> dict[str, str]:
    return {label.key: label.name for label in model.labels}


def _cells(right: int, counts: tuple[int, ...]) -> Iterator[Cell]:
    images = max(sum(counts), 1)
    for place, count in enumerate(counts):
        yield Cell(count, f"{100 * count / images:.0f} %", place == right)


def _figures_of(measured: Measured) -> Iterator[Figure]:
    for name in NAMES:
        low, high = getattr(measured, f"{name}_95")
        value = getattr(measured, name)
        split, images = measured.split, measured.images
        metric = Metric(value=value, low=low, high=high, split=split, images=images)
        yield _figure(name, metric)


def _figure(name: str, metric: Metric) -> Figure:
    return Figure(
        name=NAMES.get(name, name.replace("_", " ").capitalize()),
        value=percent(metric.value),
        interval=f"{percent(metric.low)} to {percent(metric.high)}",
        split=metric.split,
        images=metric.images,
    )
