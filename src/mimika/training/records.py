"""What a run writes down: one row an epoch, the curves, the report and the card."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from torch import nn

from mimika.core.card import Metric, ModelCard
from mimika.core.files import write_text
from mimika.core.tasks import Task
from mimika.evaluation.metrics import Evaluation, Interval
from mimika.models.catalogue import count_multiply_adds, count_parameters
from mimika.models.checkpoint import weights_digest
from mimika.reporting.plots import Panel, save_confusion, save_curves
from mimika.training.config import Experiment
from mimika.training.loaders import Material

INTENDED_USE = (
    "Research, teaching and demonstration on pictures of people who agreed to it. The "
    "answer is the label that people would give to a facial expression, not what "
    "somebody feels."
)
LIMITS = (
    "Not for hiring, school, policing, credit, health, deception or any decision about "
    "a person; inferring emotions at work or in education is banned in the European "
    "Union (Regulation 2024/1689, Article 5(1)(f)). Where it was trained on FER2013, "
    "its labels are noisy (ten fresh raters agree with them on about 63 % of the "
    "pictures) and 8 % of PublicTest are pixel copies of Training pictures. Fairness "
    "across groups was not measured."
)


@dataclass(frozen=True)
class EpochRecord:
    """One epoch's figures.

    Attributes:
        epoch: counted from 1.
        learning_rate: rate of the epoch's last step.
        train_loss: mean loss over the epoch's augmented batches.
        loss: mean negative log-likelihood on the selection set, in nats.
        accuracy: accuracy on the selection set.
        macro_f1: macro-F1 on the selection set.
        seconds: duration, with validation.
        images_per_s: training pictures a second, without validation.
    """

    epoch: int
    learning_rate: float
    train_loss: float
    loss: float
    accuracy: float
    macro_f1: float
    seconds: float
    images_per_s: float


def best_record(history: Sequence[EpochRecord]) -> EpochRecord:
    """The first epoch with the highest accuracy on the selection set."""
    return max(history, key=lambda record: record.accuracy)


def write_metrics(path: Path, history: Sequence[EpochRecord]) -> None:
    """Writes `metrics.csv` anew, so that a resumed run has each epoch once."""
    text = io.StringIO()
    names = [column.name for column in fields(EpochRecord)]
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(record) for record in history)
    write_text(path, text.getvalue())


def write_curves(path: Path, history: Sequence[EpochRecord]) -> None:
    """Draws `curves.png`: losses, accuracy and macro-F1, learning rate."""
    best = best_record(history).epoch
    panels = [
        Panel(
            "Loss (nats)",
            {
                "training, augmented and smoothed": [r.train_loss for r in history],
                "selection": [r.loss for r in history],
            },
        ),
        Panel(
            "On the selection set",
            {
                "accuracy": [r.accuracy for r in history],
                "macro-F1": [r.macro_f1 for r in history],
            },
        ),
        Panel("Learning rate", {"learning rate": [r.learning_rate for r in history]}),
    ]
    marks = {best: f"best: epoch {best}"}
    save_curves(path, [r.epoch for r in history], panels, marks)


def make_card(
    experiment: Experiment,
    network: nn.Module,
    task: Task,
    data: Material,
    evaluation: Evaluation,
    recipe: str,
) -> ModelCard:
    """The card of a run's best checkpoint, without calibration.

    Args:
        experiment: the run's settings.
        network: with the best checkpoint's weights.
        task: the classes.
        data: what it was trained and selected on.
        evaluation: its figures on the selection set.
        recipe: the command that trained it.
    """
    division = data.division
    source = Path(experiment.data).resolve().name

    def metric(figure: Interval) -> Metric:
        return Metric(
            value=figure.value,
            low=figure.low,
            high=figure.high,
            split=division.selected_on,
            images=evaluation.images,
        )

    return ModelCard(
        name=f"{task.name}-{experiment.name}",
        task=task.name,
        labels=task.keys,
        preprocess=data.spec,
        architecture=experiment.backbone,
        parameters=count_parameters(network),
        multiply_adds=count_multiply_adds(network, data.spec),
        training_data=f"{len(division.training):,} Training pictures of {source}",
        selection=f"best accuracy on {division.selected_on}",
        recipe=recipe,
        seed=experiment.seed,
        metrics={
            "accuracy": metric(evaluation.accuracy),
            "macro_f1": metric(evaluation.macro_f1),
        },
        intended_use=INTENDED_USE,
        limits=LIMITS,
        licence="MIT",
        digest=weights_digest(network.state_dict()),
        created=datetime.now(UTC).date().isoformat(),
        mimika_version=version("mimika"),
    )


def write_report(
    folder: Path,
    card: ModelCard,
    evaluation: Evaluation,
    history: Sequence[EpochRecord],
) -> None:
    """Writes `confusion.png`, `card.json` and `report.md` of the best checkpoint."""
    names = card.resolve_task().names
    save_confusion(folder / "confusion.png", evaluation.confusion, names)
    write_text(folder / "card.json", card.model_dump_json(indent=2) + "\n")
    write_text(folder / "report.md", _report(card, evaluation, names, history))


def _report(
    card: ModelCard,
    evaluation: Evaluation,
    names: Sequence[str],
    history: Sequence[EpochRecord],
) -> str:
    accuracy, macro_f1 = evaluation.accuracy, evaluation.macro_f1
    minutes = sum(record.seconds for record in history) / 60
    rows = "\n".join(
        f"| {name} | {c.precision:.3f} | {c.recall:.3f} | {c.f1:.3f} | {c.images} |"
        for name, c in zip(names, evaluation.classes, strict=True)
    )
    return f"""# {card.name}

- Network: {card.architecture}, {card.parameters:,} parameters, \
{card.multiply_adds / 1e6:.1f} M multiply-adds at {card.preprocess.size} px
- Trained on: {card.training_data}; seed {card.seed}; {minutes:.1f} minutes
- Chosen by: {card.selection}; epoch {best_record(history).epoch} of {len(history)}
- Command: `{card.recipe}`; all settings are in [config.toml](config.toml)

On {evaluation.images:,} pictures ({card.metrics["accuracy"].split}), on which the \
checkpoint was chosen, so that the figures are slightly optimistic:

| figure | value | 95 % interval |
|---|---|---|
| accuracy | {accuracy.value:.4f} | {accuracy.low:.4f} to {accuracy.high:.4f} |
| macro-F1 | {macro_f1.value:.4f} | {macro_f1.low:.4f} to {macro_f1.high:.4f} |
| negative log-likelihood | {evaluation.nll:.4f} nats | |

| class | precision | recall | F1 | pictures |
|---|---|---|---|---|
{rows}

![Training curves](curves.png)

![Confusion matrix](confusion.png)
"""
