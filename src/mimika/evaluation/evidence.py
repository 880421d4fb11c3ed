"""What rules on a run look at, and what they give: evidence in, proposals out."""

from dataclasses import dataclass

from mimika.evaluation.confusions import Confusion
from mimika.evaluation.intervals import Interval


@dataclass(frozen=True)
class Course:
    """How training went.

    Attributes:
        epochs: how many were finished.
        best: the epoch whose weights are kept, counted from 1.
        training: accuracy on the training batches of that epoch, augmented as they
            were; None where it says nothing, because pictures were mixed.
        selection: accuracy on the selection set after that epoch.
        late: mean accuracy on the selection set over the last tenth of the epochs, two
            at least.
        before: the same over as many epochs before these; None where there are none.
        rate_left: learning rate of the last step, as a share of its peak; 0 where the
            schedule came to its end at zero.
    """

    epochs: int
    best: int
    training: float | None
    selection: float
    late: float
    before: float | None
    rate_left: float

    @property
    def gap(self) -> float | None:
        """How far the selection set is behind the training batches, in accuracy."""
        return None if self.training is None else self.training - self.selection

    @property
    def rise(self) -> float | None:
        """What the last epochs gained over those before them."""
        return None if self.before is None else self.late - self.before

    @property
    def fall(self) -> float:
        """What the last epochs lost against the best one."""
        return self.selection - self.late


@dataclass(frozen=True)
class Recipe:
    """What the run made use of, so that nothing is proposed that it had.

    Attributes:
        only_head: only the classifier was trained.
        augmented: training pictures were changed.
        mirrored: half of them were mirrored.
        mixed: they were mixed in pairs (mixup, cutmix).
        averaged: weights were averaged (ema).
        dropout: features were dropped.
        smoothed: labels were smoothed.
        balanced: the loss had class weights.
        votes: crowd votes were part of the targets.
        macro: the checkpoint was chosen by macro-F1.
    """

    only_head: bool = False
    augmented: bool = True
    mirrored: bool = True
    mixed: bool = False
    averaged: bool = False
    dropout: bool = False
    smoothed: bool = False
    balanced: bool = False
    votes: bool = False
    macro: bool = False


@dataclass(frozen=True)
class ClassEvidence:
    """One class.

    Attributes:
        number: its place among the outputs.
        recall: share of its pictures that are found.
        images: its pictures in the selection set; at least one.
    """

    number: int
    recall: Interval
    images: int


@dataclass(frozen=True)
class Sureness:
    """Calibration.

    Attributes:
        temperature: fitted; above 1 the probabilities were too high.
        before: expected calibration error of the network's own probabilities.
        after: the same with temperatures fitted on other pictures.
        by_chance: what perfect probabilities would show on as many pictures.
    """

    temperature: float
    before: float
    after: float
    by_chance: float


@dataclass(frozen=True)
class Evidence:
    """All that rules look at; accuracies and shares are 0..1.

    Attributes:
        course: of training.
        recipe: what was used already.
        accuracy: on the selection set.
        balanced_accuracy: mean recall.
        macro_f1: mean F1.
        classes: those that occur in the selection set.
        names: display names of all classes, in the order of the outputs.
        training: training pictures of all classes, at least one each.
        confusion: the pair with the most mistakes; None where there are none.
        mistakes: wrong answers in all.
        images: pictures of the selection set.
        mirror_gain: what the mean over each picture and its mirror image adds to the
            accuracy, with its paired interval.
        sureness: calibration; None where there are too few pictures to judge it.
    """

    course: Course
    recipe: Recipe
    accuracy: Interval
    balanced_accuracy: float
    macro_f1: float
    classes: tuple[ClassEvidence, ...]
    names: tuple[str, ...]
    training: tuple[int, ...]
    confusion: Confusion | None
    mistakes: int
    images: int
    mirror_gain: Interval
    sureness: Sureness | None


@dataclass(frozen=True)
class Proposal:
    """Something to try.

    Attributes:
        what: a sentence in the imperative.
        why: the figures that speak for it, and which settings it is about.
    """

    what: str
    why: str
