"""What a run writes down after each epoch: a row of figures and the curves."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from mimika.core.files import write_text
from mimika.reporting.plots import Panel, save_curves
from mimika.training.config import Experiment


@dataclass(frozen=True)
class EpochRecord:
    """One epoch's figures.

    Attributes:
        epoch: counted from 1.
        learning_rate: rate of the epoch's last step.
        train_loss: mean loss over the epoch's augmented batches.
        train_accuracy: accuracy on these batches, while the weights changed; of mixed
            pictures the larger share counts.
        loss: mean negative log-likelihood on the selection set, in nats.
        accuracy: accuracy on the selection set.
        macro_f1: macro-F1 on the selection set.
        seconds: duration, with validation.
        images_per_s: training pictures a second, without validation.
    """

    epoch: int
    learning_rate: float
    train_loss: float
    train_accuracy: float
    loss: float
    accuracy: float
    macro_f1: float
    seconds: float
    images_per_s: float


def score(record: EpochRecord, experiment: Experiment) -> float:
    """How good an epoch is by the metric of its phase; higher is better."""
    metric = experiment.metric_of(record.epoch)
    if metric == "loss":
        return -record.loss
    return record.accuracy if metric == "accuracy" else record.macro_f1


def scores_by_phase(
    history: Sequence[EpochRecord], experiment: Experiment
) -> list[list[float]]:
    """The scores before and after the switch: the metric may be another then."""
    phases: list[list[float]] = [[], []]
    for record in history:
        second = experiment.is_second_phase(record.epoch)
        phases[second].append(score(record, experiment))
    return phases


def best_record(history: Sequence[EpochRecord], experiment: Experiment) -> EpochRecord:
    """The first epoch with the highest score.

    Once the second phase has begun, only its epochs count: its metric may be another.
    """
    second = [r for r in history if experiment.is_second_phase(r.epoch)]
    return max(second or history, key=lambda record: score(record, experiment))


def is_over(history: Sequence[EpochRecord], experiment: Experiment) -> bool:
    """Whether the run has waited in vain for a better epoch.

    It is never over before a second phase that is still to come.
    """
    if experiment.stop_epochs == 0 or not history:
        return False
    last = history[-1].epoch
    if last < experiment.switch_epoch:
        return False
    return last - best_record(history, experiment).epoch >= experiment.stop_epochs


def write_metrics(path: Path, history: Sequence[EpochRecord]) -> None:
    """Writes `metrics.csv` anew, so that a resumed run has each epoch once."""
    text = io.StringIO()
    names = [column.name for column in fields(EpochRecord)]
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(record) for record in history)
    write_text(path, text.getvalue())


def read_metrics(path: Path) -> tuple[EpochRecord, ...]:
    """Reads what `write_metrics` wrote."""
    with path.open(newline="", encoding="utf-8") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file))
    kinds = {column.name: column.type for column in fields(EpochRecord)}
    return tuple(
        EpochRecord(**{name: _number(kinds[name], row[name]) for name in kinds})
        for row in rows
    )


def _number(kind: object, text: str) -> Any:
    return int(text) if kind is int else float(text)


def write_curves(
    path: Path, history: Sequence[EpochRecord], experiment: Experiment
) -> None:
    """Draws `curves.png`: see `curve_panels`."""
    panels, marks = curve_panels(history, experiment)
    save_curves(path, [r.epoch for r in history], panels, marks)


def curve_panels(
    history: Sequence[EpochRecord], experiment: Experiment
) -> tuple[list[Panel], dict[int, str]]:
    """What the curves show: losses, accuracies, macro-F1 and the learning rate.

    The best epoch is marked, and the switch to a second phase once it has come.

    Returns:
        The panels, and the text of each mark by its epoch.
    """
    best = best_record(history, experiment).epoch
    panels = [
        Panel(
            "Loss (nats)",
            {
                "training, as optimised": [r.train_loss for r in history],
                "selection": [r.loss for r in history],
            },
        ),
        Panel(
            "Accuracy",
            {
                "training batches": [r.train_accuracy for r in history],
                "selection": [r.accuracy for r in history],
            },
        ),
        Panel("Macro-F1", {"selection": [r.macro_f1 for r in history]}),
        Panel("Learning rate", {"learning rate": [r.learning_rate for r in history]}),
    ]
    marks = {best: f"best: epoch {best}"}
    if experiment.is_second_phase(history[-1].epoch):
        switch = experiment.switch_epoch
        both = f", {marks[best]}" * (switch == best)
        marks[switch] = f"switch: epoch {switch}{both}"
    return panels, marks
