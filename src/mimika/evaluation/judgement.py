"""Everything that is said about a model on one set of pictures."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mimika.core.card import ModelCard
from mimika.core.preprocess import FloatArray
from mimika.evaluation.calibration import Calibration
from mimika.evaluation.cost import Cost
from mimika.evaluation.crowd import Crowd
from mimika.evaluation.intervals import Interval, percentile_interval
from mimika.evaluation.metrics import (
    Evaluation,
    balanced_accuracy,
    evaluate_probabilities,
    macro_f1,
)
from mimika.evaluation.mistakes import Mistake
from mimika.evaluation.paired import accuracies, draw_confusions
from mimika.evaluation.reliability import Bin, Labels
from mimika.evaluation.tta import Kind

TRAINING = "Training"  # as data sets name it
LEARNED = (
    "These are Training pictures: of a model that learned from them, the figures say "
    "what it remembers and not what it knows."
)
CHOSEN = (
    "The model was chosen on these pictures ({selection}), so that the figures are "
    "slightly optimistic."
)
NAMED_ALIKE = (
    "The model was chosen on {images:,} pictures that are called {split} too "
    "({selection}). If these are some of them, the figures are slightly optimistic."
)
CALIBRATED = (
    "The card's temperature was fitted on these pictures, so that log loss and ECE are "
    "slightly optimistic; after --calibrate they are not."
)


@dataclass(frozen=True)
class Answers:
    """What a model said about pictures with labels.

    Attributes:
        labels: int64 (N,), true classes 0..K-1.
        plain: float32 (N, K), probabilities for the pictures as they are.
        views: float32 (N, K), mean probabilities over several views; None for none.
        kind: which views these are; None for none.
    """

    labels: Labels
    plain: FloatArray
    views: FloatArray | None = None
    kind: Kind | None = None

    def take(self, places: NDArray[np.int64]) -> "Answers":
        """Those at some positions."""
        views = None if self.views is None else self.views[places]
        return Answers(self.labels[places], self.plain[places], views, self.kind)


@dataclass(frozen=True)
class Views:
    """Figures with test-time augmentation, and what it gains over plain answers.

    Attributes:
        kind: which views were looked at.
        evaluation: the figures.
        accuracy_gain: difference of the accuracies, paired by picture.
        balanced_accuracy_gain: the same of the balanced accuracies.
        macro_f1_gain: the same of macro-F1.
    """

    kind: Kind
    evaluation: Evaluation
    accuracy_gain: Interval
    balanced_accuracy_gain: Interval
    macro_f1_gain: Interval


@dataclass(frozen=True)
class Judged:
    """The figures on one set of pictures.

    Attributes:
        name: of the set.
        plain: figures of the pictures as they are.
        views: figures with test-time augmentation; None where none was asked for.
    """

    name: str
    plain: Evaluation
    views: Views | None


@dataclass(frozen=True)
class Judgement:
    """Everything that is reported.

    Attributes:
        card: the model's.
        source: what the pictures were read from.
        whole: the figures on the whole split.
        clean: those on its pictures without a near-copy in Training; None where these
            were not looked for.
        bins: confidence and accuracy of the plain answers.
        ece_by_chance: expected calibration error of perfect probabilities.
        calibration: before and after temperature scaling; None where not asked for.
        crowd: agreement with crowd votes; None where there are none.
        mistakes: the most certain of each class.
        cost: parameters, multiply-adds and time; None where only saved answers were
            judged.
    """

    card: ModelCard
    source: str
    whole: Judged
    clean: Judged | None
    bins: tuple[Bin, ...]
    ece_by_chance: float
    calibration: Calibration | None
    crowd: Crowd | None
    mistakes: tuple[Mistake, ...]
    cost: Cost | None

    @property
    def notes(self) -> tuple[str, ...]:
        """What makes the figures look better than they are, a sentence or two each."""
        card, name = self.card, self.whole.name
        sizes = {m.images for m in card.metrics.values() if m.split == name}
        # another data set may have a split of the same name
        if sizes and self.whole.plain.images not in sizes:
            return (
                NAMED_ALIKE.format(
                    images=max(sizes), split=name, selection=card.selection
                ),
            )
        chosen = bool(sizes)
        # older cards do not say it; training fits on what it selects on
        calibrated = card.calibrated_on == name or (chosen and not card.calibrated_on)
        notes = {
            LEARNED: name == TRAINING,
            CHOSEN.format(selection=card.selection): chosen,
            CALIBRATED: calibrated and card.temperature != 1,
        }
        return tuple(note for note, holds in notes.items() if holds)


def judge(name: str, answers: Answers) -> Judged:
    """Measures answers, with the paired gain of several views where there are any.

    Args:
        name: of the set of pictures.
        answers: about each of them.

    Raises:
        ValueError: no pictures, or arrays that do not fit each other.
    """
    plain = evaluate_probabilities(answers.plain, answers.labels)
    if answers.views is None or answers.kind is None:
        return Judged(name, plain, None)
    views = evaluate_probabilities(answers.views, answers.labels)
    predicted = [answers.plain.argmax(axis=1), answers.views.argmax(axis=1)]
    before, after = draw_confusions(predicted, answers.labels, answers.plain.shape[1])

    def gain(old: Interval, new: Interval, drawn: NDArray[np.float64]) -> Interval:
        return percentile_interval(new.value - old.value, drawn)

    return Judged(
        name,
        plain,
        Views(
            answers.kind,
            views,
            gain(
                plain.accuracy, views.accuracy, accuracies(after) - accuracies(before)
            ),
            gain(
                plain.balanced_accuracy,
                views.balanced_accuracy,
                balanced_accuracy(after) - balanced_accuracy(before),
            ),
            gain(plain.macro_f1, views.macro_f1, macro_f1(after) - macro_f1(before)),
        ),
    )
