"""From a finished run to the figures that proposals are derived from."""

from collections.abc import Sequence

from mimika.evaluation.confusions import confusions
from mimika.evaluation.evidence import (
    ClassEvidence,
    Course,
    Evidence,
    Recipe,
    Sureness,
)
from mimika.evaluation.intervals import wilson_interval
from mimika.models.catalogue import entry_of
from mimika.training.config import Experiment
from mimika.training.config_checks import RANGE_KEYS, RANGES
from mimika.training.outcome import Judged, Outcome
from mimika.training.records import EpochRecord

LATE = 10  # the last tenth of the epochs is late
ENDING = frozenset(("cosine", "one-cycle"))  # schedules that end at zero
LEAST_LATE = 2  # a single epoch's accuracy varies by chance


def gather(outcome: Outcome) -> Evidence:
    """All figures that rules look at."""
    judged, labels = outcome.judged, outcome.division.selection.labels
    figures = judged.evaluation
    found = confusions(judged.probabilities, labels, most=1)
    return Evidence(
        course=course_of(outcome.history, outcome.best, outcome.experiment),
        recipe=recipe_of(outcome.experiment, outcome.best),
        accuracy=figures.accuracy,
        balanced_accuracy=figures.balanced_accuracy.value,
        macro_f1=figures.macro_f1.value,
        classes=_classes(outcome),
        names=outcome.names,
        training=outcome.training_counts,
        confusion=found[0] if found else None,
        mistakes=mistakes_of(judged),
        images=figures.images,
        mirror_gain=judged.mirror_gain,
        sureness=_sureness(judged),
    )


def course_of(
    history: Sequence[EpochRecord], best: EpochRecord, experiment: Experiment
) -> Course:
    """How training went.

    Args:
        history: the finished epochs, at least one.
        best: the one whose weights are kept.
        experiment: says whether pictures were mixed, and the peak of the rate.
    """
    late = max(LEAST_LATE, len(history) // LATE)
    accuracies = [record.accuracy for record in history]
    before = accuracies[-2 * late : -late]
    peak, is_ending = experiment.learning_rate, experiment.schedule in ENDING
    is_through = is_ending and len(history) == experiment.epochs
    is_through &= experiment.warmup_epochs < experiment.epochs
    is_mixed = experiment.mixup > 0 or experiment.cutmix > 0
    return Course(
        epochs=len(history),
        best=best.epoch,
        training=None if is_mixed else best.train_accuracy,
        selection=best.accuracy,
        late=_mean(accuracies[-late:]),
        before=_mean(before) if len(before) == late else None,
        rate_left=0.0 if is_through else history[-1].learning_rate / peak,
    )


def recipe_of(experiment: Experiment, best: EpochRecord) -> Recipe:
    """What a run made use of, in the phase of its best epoch."""
    only_head = experiment.strategy == "features"
    if experiment.augmentation != RANGES:
        augmented = mirrored = experiment.augmentation != "none"
    else:
        ranges = any(getattr(experiment, key) for key in RANGE_KEYS)
        mirrored = experiment.flip
        augmented = mirrored if only_head else ranges
    dropout = experiment.dropout
    if dropout is None:
        dropout = entry_of(experiment.backbone).dropout
    return Recipe(
        only_head=only_head,
        augmented=augmented,
        mirrored=mirrored,
        mixed=experiment.mixup > 0 or experiment.cutmix > 0,
        averaged=experiment.ema > 0,
        dropout=bool(dropout or experiment.drop_path),
        smoothed=experiment.label_smoothing > 0,
        balanced="balanced" in experiment.loss_of(best.epoch),
        votes=bool(experiment.votes),
        macro=experiment.metric_of(best.epoch) == "macro-f1",
    )


def mistakes_of(judged: Judged) -> int:
    """Wrong answers."""
    confusion = judged.evaluation.confusion
    return int(confusion.sum() - confusion.trace())


def _classes(outcome: Outcome) -> tuple[ClassEvidence, ...]:
    confusion = outcome.judged.evaluation.confusion
    images = confusion.sum(axis=1)
    return tuple(
        ClassEvidence(
            number,
            wilson_interval(int(confusion[number, number]), int(images[number])),
            int(images[number]),
        )
        for number in range(len(confusion))
        if images[number]
    )


def _sureness(judged: Judged) -> Sureness | None:
    found = judged.calibration
    if found is None:
        return None
    return Sureness(
        found.temperature, found.ece_before, found.ece_after, found.ece_by_chance
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
