"""The strategy that is taken, learned from all pictures, as ONNX with a card."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
from torch import nn

from mimika.core.card import Metric, ModelCard
from mimika.core.images import read_picture
from mimika.core.preprocess import UInt8Array
from mimika.evaluation.calibration import fit_temperature
from mimika.evaluation.intervals import Interval
from mimika.evaluation.metrics import evaluate_probabilities
from mimika.export.onnx import write_onnx
from mimika.export.parity import Parity, check_parity
from mimika.learning.certainty import interval_of_others
from mimika.learning.photographs import Material
from mimika.learning.scores import RULE, Labels, Score
from mimika.learning.strategies import Strategy
from mimika.models.checkpoint import weights_digest
from mimika.models.classifier import TorchClassifier
from mimika.models.pretrained import HUB, Loaded, licence_with
from mimika.runtime.classifier import OnnxClassifier, softmax

logger = logging.getLogger(__name__)

COMPARED = 32  # pictures on which the exported file is compared
TOLERANCE = 5e-4  # of a probability: large networks add up more rounding
CROSS_VALIDATED = "cross-validation"
INTENDED_USE = (
    "Pictures of the same kind as those it was learned from: taken in the same way, of "
    "one of its classes."
)
LIMITS = (
    "It always answers one of its classes, whatever a picture shows. Its figures hold "
    "for pictures like those it was learned from; another camera, light or background "
    "can change them. Check it on pictures of your own before anything depends on it."
)
SIZE_LIMITS = (
    " The size of things is what it judges by: pictures have to come from the same "
    "distance and camera, and must not be scaled before."
)


@dataclass(frozen=True)
class Recipe:
    """How it was made.

    Attributes:
        command: the command line.
        seed: of the search.
        name: of the model.
        folds: of each repeat.
        repeats: how many.
    """

    command: str
    seed: int
    name: str
    folds: int
    repeats: int


def expected_elsewhere(score: Score, count: int) -> Interval:
    """Accuracy, and where that on as many other pictures lies with 95 %."""
    return interval_of_others(score.mean * count, count, count)


def make_card(
    strategy: Strategy,
    network: nn.Module,
    material: Material,
    score: Score,
    recipe: Recipe,
) -> ModelCard:
    """The card of the finished network.

    Args:
        strategy: how it was learned.
        network: with its weights.
        material: what it was learned from.
        score: of the strategy; its logits give figures and temperature.
        recipe: how it was made.
    """
    pool = material.pool
    multiply_adds, parameters = strategy.costs
    keep_scale = strategy.spec.fit == "keep-scale"
    return ModelCard(
        name=recipe.name,
        task=material.task.name,
        labels=material.task.keys,
        preprocess=strategy.spec,
        architecture=strategy.architecture,
        parameters=parameters,
        multiply_adds=multiply_adds,
        training_data=describe_data(material, strategy.loaded),
        selection=RULE,
        recipe=recipe.command,
        seed=recipe.seed,
        metrics=metrics_of(score, pool.labels, recipe),
        temperature=temperature_of(score, pool.labels),
        calibrated_on=CROSS_VALIDATED,
        intended_use=INTENDED_USE,
        limits=LIMITS + (SIZE_LIMITS if keep_scale else ""),
        licence=licence_with(strategy.loaded),
        digest=weights_digest(network.state_dict()),
        created=datetime.now(UTC).date().isoformat(),
        mimika_version=version("mimika"),
    )


def metrics_of(score: Score, labels: Labels, recipe: Recipe) -> dict[str, Metric]:
    """Accuracy and macro-F1 of the cross-validation, as the card has them."""
    count = len(labels)
    accuracy = expected_elsewhere(score, count)
    figures = [
        evaluate_probabilities(softmax(logits), labels).macro_f1
        for logits in score.logits
    ]
    macro = Interval(
        *(
            sum(getattr(figure, end) for figure in figures) / len(figures)
            for end in ("value", "low", "high")
        )
    )
    split = (
        f"{CROSS_VALIDATED}, {recipe.folds} folds, {recipe.repeats} times; interval of "
        "as many other pictures"
    )
    return {
        name: Metric(
            value=figure.value,
            low=figure.low,
            high=figure.high,
            split=split,
            images=count,
        )
        for name, figure in (("accuracy", accuracy), ("macro_f1", macro))
    }


def temperature_of(score: Score, labels: Labels) -> float:
    """The temperature that fits the held-out answers of all repeats."""
    probabilities = np.concatenate([softmax(logits) for logits in score.logits])
    return fit_temperature(probabilities, np.tile(labels, len(score.logits)))


def describe_data(material: Material, loaded: Loaded | None) -> str:
    """What was learned from, in words."""
    parts = [f"{len(material.pool):,} photographs of {material.task.name}"]
    if loaded is not None:
        origin = loaded.origin
        name = origin if origin.startswith(HUB) else Path(origin).name
        parts.append(f"pretrained weights ({name})")
    return "; ".join(parts)


def export(
    network: nn.Module, card: ModelCard, paths: Sequence[Path], output: Path
) -> Parity:
    """Writes the network as ONNX, if the file answers as the network does.

    Args:
        network: in evaluation mode.
        card: its card.
        paths: pictures to compare the two on; some of them are taken.
        output: the file; its folder exists.

    Raises:
        ParityError: the file answers differently.
    """
    write_onnx(network, card, output)
    chosen = np.linspace(0, len(paths) - 1, min(COMPARED, len(paths))).round()
    pictures: list[UInt8Array] = [
        read_picture(paths[int(place)]).pixels for place in chosen
    ]
    return check_parity(
        TorchClassifier(network, card), OnnxClassifier(output), pictures, TOLERANCE
    )
