"""What came of a run: the best checkpoint's answers, and all that is told about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mimika.core.card import ModelCard
from mimika.core.preprocess import FloatArray
from mimika.core.tasks import Label
from mimika.data.duplicates import exact_groups
from mimika.evaluation.calibration import (
    FOLDS,
    Calibration,
    calibrate,
    fit_temperature,
    scale,
)
from mimika.evaluation.intervals import Interval, percentile_interval
from mimika.evaluation.metrics import Evaluation, evaluate_probabilities
from mimika.evaluation.paired import accuracies, draw_confusions
from mimika.evaluation.reliability import Labels
from mimika.training.config import Experiment
from mimika.training.loaders import Division
from mimika.training.records import EpochRecord, best_record


@dataclass(frozen=True)
class Judged:
    """What the best checkpoint says about the selection set.

    Attributes:
        probabilities: float32 (M, K), calibrated.
        temperature: what they were calibrated with.
        evaluation: their figures.
        mirror_gain: what the mean over each picture and its mirror image adds to the
            accuracy, with an interval that is paired by picture.
        calibration: of the network's own probabilities; None for fewer than five
            pictures that differ.
    """

    probabilities: FloatArray
    temperature: float
    evaluation: Evaluation
    mirror_gain: Interval
    calibration: Calibration | None


@dataclass(frozen=True)
class Outcome:
    """A finished run.

    Attributes:
        experiment: its settings.
        card: of the best checkpoint.
        division: the pictures.
        judged: the figures on the selection set.
        history: the finished epochs, at least one.
        facts: what `run.json` holds: see `provenance`; empty where it is missing.
    """

    experiment: Experiment
    card: ModelCard
    division: Division
    judged: Judged
    history: Sequence[EpochRecord]
    facts: Mapping[str, Any]

    @property
    def best(self) -> EpochRecord:
        """The epoch whose weights are kept."""
        return best_record(self.history, self.experiment)

    @property
    def labels(self) -> tuple[Label, ...]:
        """The classes with their display names and colours."""
        return self.card.resolve_task().labels

    @property
    def names(self) -> tuple[str, ...]:
        """The classes' display names."""
        return tuple(label.name for label in self.labels)

    @property
    def training_counts(self) -> tuple[int, ...]:
        """Training pictures of each class."""
        labels = self.division.training.labels
        return tuple(np.bincount(labels, minlength=len(self.labels)).tolist())


def judge(
    probabilities: FloatArray, mirrored: FloatArray, division: Division
) -> Judged:
    """Calibrates a checkpoint and measures it on the selection set.

    The temperature is fitted on that same set. How good the probabilities are with it
    is therefore said by `calibration`, which is cross-fitted.

    Args:
        probabilities: float32 (M, K), for the selection set.
        mirrored: float32 (M, K), for its mirror images.
        division: the pictures.

    Raises:
        ValueError: arrays that do not fit each other.
    """
    if mirrored.shape != probabilities.shape:
        raise ValueError(
            f"expected as many probabilities for mirror images as for pictures, got "
            f"{mirrored.shape} and {probabilities.shape}"
        )
    labels, name = division.selection.labels, division.selected_on
    temperature = fit_temperature(probabilities, labels)
    plain = scale(probabilities, temperature)
    both = np.asarray((plain + scale(mirrored, temperature)) / 2, np.float32)
    groups = exact_groups(division.selection.images)
    found = None
    if len(np.unique(groups)) >= FOLDS:
        found = calibrate(name, probabilities, labels, groups)
    return Judged(
        plain,
        temperature,
        evaluate_probabilities(plain, labels),
        _gain(plain, both, labels),
        found,
    )


def _gain(plain: FloatArray, other: FloatArray, labels: Labels) -> Interval:
    """Difference of the accuracies, paired by picture."""
    answers = [plain.argmax(axis=1), other.argmax(axis=1)]
    gain = float((answers[1] == labels).mean() - (answers[0] == labels).mean())
    before, after = draw_confusions(answers, labels, plain.shape[1])
    return percentile_interval(gain, accuracies(after) - accuracies(before))
