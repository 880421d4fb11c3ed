"""What a finished run leaves: its predictions, its card and its report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from torch import nn

from mimika.core.card import ModelCard
from mimika.core.files import write_text
from mimika.core.preprocess import FloatArray
from mimika.core.tasks import Task
from mimika.data.split_file import picture_digest
from mimika.evaluation.metrics import card_figures
from mimika.evaluation.predictions import Predictions, save_predictions
from mimika.models.backbones import folded
from mimika.models.catalogue import count_multiply_adds, count_parameters
from mimika.models.checkpoint import weights_digest
from mimika.training.config import Experiment
from mimika.training.loaders import Division, Material
from mimika.training.outcome import Judged, Outcome
from mimika.training.provenance import read_run
from mimika.training.records import EpochRecord
from mimika.training.report import write_report

PREDICTIONS = "predictions.npz"
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
    "pictures) and 27 % of PublicTest are near-copies of Training pictures. Fairness "
    "across groups was not measured."
)


@dataclass(frozen=True)
class Origin:
    """Where a model comes from.

    Attributes:
        command: what trained it.
        licence: of its weights, as an SPDX expression.
        teachers: what it learned from besides labels, in words: `Targets.teachers`.
    """

    command: str
    licence: str
    teachers: str = ""


def finish(
    folder: Path,
    experiment: Experiment,
    card: ModelCard,
    division: Division,
    judged: Judged,
    history: Sequence[EpochRecord],
) -> None:
    """Writes `predictions.npz`, the report with its plots, and at last `card.json`.

    A run with a card is a finished one.

    Args:
        folder: the run's folder.
        experiment: the run's settings.
        card: of the best checkpoint.
        division: the pictures.
        judged: its figures on the selection set.
        history: the finished epochs.

    Raises:
        OSError: the folder cannot be written.
    """
    predictions = predictions_of(card, division, judged.probabilities)
    save_predictions(folder / PREDICTIONS, predictions)
    facts = read_run(folder)
    outcome = Outcome(experiment, card, division, judged, history, facts)
    write_report(folder, outcome)
    write_text(folder / "card.json", card.model_dump_json(indent=2) + "\n")


def predictions_of(
    card: ModelCard, division: Division, probabilities: FloatArray
) -> Predictions:
    """What a model said about a run's selection set, as it is kept in a file.

    Args:
        card: of the model.
        division: the run's pictures.
        probabilities: float32 (M, K), for the selection set.
    """
    selection = division.selection
    return Predictions(
        probabilities,
        selection.labels,
        selection.rows,
        card.labels,
        division.selected_on,
        picture_digest(selection.images),
        card.name,
        card.digest,
        card,
    )


def make_card(
    experiment: Experiment,
    network: nn.Module,
    task: Task,
    data: Material,
    judged: Judged,
    origin: Origin,
) -> ModelCard:
    """The card of a run's best checkpoint.

    Args:
        experiment: the run's settings.
        network: with the best checkpoint's weights.
        task: the classes.
        data: what it was trained and selected on.
        judged: its calibrated figures on the selection set.
        origin: where it comes from.
    """
    division, deployed = data.division, folded(network)
    return ModelCard(
        name=f"{task.name}-{experiment.name}",
        task=task.name,
        labels=task.keys,
        preprocess=data.spec,
        architecture=experiment.backbone,
        parameters=count_parameters(deployed),
        multiply_adds=count_multiply_adds(deployed, data.spec),
        training_data=describe_data(experiment, division, origin.teachers),
        selection=describe_selection(experiment, division),
        recipe=origin.command,
        seed=experiment.seed,
        metrics=card_figures(judged.evaluation, division.selected_on),
        temperature=judged.temperature,
        calibrated_on=division.selected_on,
        intended_use=INTENDED_USE,
        limits=LIMITS,
        licence=origin.licence,
        digest=weights_digest(network.state_dict()),
        created=datetime.now(UTC).date().isoformat(),
        mimika_version=version("mimika"),
    )


def describe_data(experiment: Experiment, division: Division, teachers: str) -> str:
    """What a run learned from, in words: pictures, votes, teachers and weights."""
    source = Path(experiment.data).resolve().name
    parts = [f"{len(division.training):,} Training pictures of {source}"]
    if experiment.votes:
        parts.append(f"crowd votes ({Path(experiment.votes).name})")
    if teachers:
        parts.append(f"teachers' predictions ({teachers})")
    if experiment.weights:
        weights = experiment.weights
        name = weights if weights.startswith("hub") else Path(weights).name
        parts.append(f"pretrained weights ({name})")
    return "; ".join(parts)


def describe_selection(experiment: Experiment, division: Division) -> str:
    """The rule by which the checkpoint was chosen, in words."""
    metric = experiment.metric_of(experiment.epochs)
    rule = "lowest loss" if metric == "loss" else f"best {metric}"
    switch = experiment.switch_epoch
    late = f" from epoch {switch} on" if switch else ""
    return f"{rule} on {division.selected_on}{late}"
