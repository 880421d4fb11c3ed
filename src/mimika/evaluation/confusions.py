"""Which two classes are taken for each other, how often, and what speaks for why.

What is said follows from figures alone: how the mistakes divide between the two
directions, how often the classes stand in the training set, how sure the wrong answers
are, and whether the true class comes second.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mimika.core.preprocess import FloatArray
from mimika.evaluation.intervals import Interval, wilson_interval
from mimika.evaluation.reliability import Labels, check_predictions
from mimika.reporting.tables import percent

MOST = 5
# times the other class's training pictures from which on the loss can be held to lean
# to a class: the report on data calls classes slightly uneven from the same ratio on
MORE_OFTEN = 1.5
SECOND = 0.5  # share of mistakes from which on the true class is mostly seen as well
FEW = 20  # mistakes, both ways; fewer are too few to read anything from
SURE = 0.7  # mean probability of mistakes from which on they are no close calls


@dataclass(frozen=True)
class Direction:
    """Pictures of one class that are taken for another.

    Attributes:
        true: number of their class.
        answer: number of the class that they are taken for.
        mistakes: how many.
        images: pictures of the true class.
        share: mistakes over images.
    """

    true: int
    answer: int
    mistakes: int
    images: int
    share: Interval


@dataclass(frozen=True)
class Confusion:
    """Two classes that are taken for each other.

    Attributes:
        more: the direction with the larger share.
        less: the other one.
        confidence: mean probability of the wrong answers, both ways.
        second: share of these mistakes in which the true class is the second answer.
    """

    more: Direction
    less: Direction
    confidence: float
    second: float

    @property
    def mistakes(self) -> int:
        """Both ways."""
        return self.more.mistakes + self.less.mistakes

    @property
    def one_sided(self) -> bool:
        """Whether the shares differ by more than chance: their intervals are apart."""
        return self.more.share.low > self.less.share.high


def confusions(
    probabilities: FloatArray, labels: Labels, most: int = MOST
) -> tuple[Confusion, ...]:
    """The pairs of classes with the most mistakes, both ways together.

    Args:
        probabilities: float32 (N, K), rows sum to 1.
        labels: int64 (N,), 0..K-1.
        most: how many pairs at most.

    Returns:
        From the most mistakes to the fewest; pairs without any are left out, and so are
        those with a class that never occurs, of which no share can be told.

    Raises:
        ValueError: arrays that do not fit each other.
    """
    check_predictions(probabilities, labels)
    classes = probabilities.shape[1]
    images = np.bincount(labels, minlength=classes)
    counts = np.zeros((classes, classes), np.int64)
    np.add.at(counts, (labels, probabilities.argmax(axis=1)), 1)
    both = np.triu(counts + counts.T, k=1) * np.outer(images > 0, images > 0)
    ranked = np.argsort(-both, axis=None, kind="stable")[:most]
    pairs = [divmod(int(place), classes) for place in ranked if both.flat[place]]
    return tuple(_confusion(pair, counts, probabilities, labels) for pair in pairs)


def _confusion(
    pair: tuple[int, int],
    counts: NDArray[np.int64],
    probabilities: FloatArray,
    labels: Labels,
) -> Confusion:
    first, other = pair
    more, less = sorted(
        (_direction(first, other, counts), _direction(other, first, counts)),
        key=lambda way: -way.share.value,
    )
    order = np.argsort(-probabilities, axis=1, kind="stable")
    answers, seconds = order[:, 0], order[:, 1]
    wrong = (labels == first) & (answers == other)
    wrong |= (labels == other) & (answers == first)
    sure = float(probabilities[wrong].max(axis=1).mean())
    seen = float((seconds[wrong] == labels[wrong]).mean())
    return Confusion(more, less, sure, seen)


def _direction(true: int, answer: int, counts: NDArray[np.int64]) -> Direction:
    mistakes, images = int(counts[true, answer]), int(counts[true].sum())
    share = wilson_interval(mistakes, images)
    return Direction(true, answer, mistakes, images, share)


def describe(confusion: Confusion, names: Sequence[str], mistakes: int) -> str:
    """How often two classes are taken for each other, in words.

    Args:
        confusion: the two classes.
        names: the classes' display names.
        mistakes: all that were made, of any class.
    """
    more, less = confusion.more, confusion.less
    return (
        f"{names[more.true]} is taken for {names[more.answer]} in "
        f"{percent(more.share.value)} of its {more.images:,} pictures, "
        f"{names[less.true]} for {names[less.answer]} in {percent(less.share.value)} "
        f"of its {less.images:,}. Together these are {confusion.mistakes:,} of "
        f"{mistakes:,} mistakes ({percent(confusion.mistakes / mistakes)})."
    )


def explain(
    confusion: Confusion,
    names: Sequence[str],
    training: Sequence[int],
    *,
    balanced: bool,
) -> tuple[str, ...]:
    """What the figures say about why, a sentence or two on each.

    Args:
        confusion: the two classes.
        names: the classes' display names.
        training: training pictures of each class, at least one.
        balanced: whether the loss weighed rare classes more.
    """
    if confusion.mistakes < FEW:
        return ("These are too few mistakes to read from them why.",)
    sides = _about_sides(confusion, names, training, balanced=balanced)
    return (sides, _about_certainty(confusion))


def is_overweighed(confusion: Confusion, training: Sequence[int]) -> bool:
    """Whether mistakes lean to a class that is much rarer, as class weights make them.

    Args:
        confusion: the two classes.
        training: training pictures of each class, at least one.
    """
    more = confusion.more
    rarer = training[more.true] / training[more.answer] >= MORE_OFTEN
    return confusion.one_sided and rarer


def _about_sides(
    confusion: Confusion,
    names: Sequence[str],
    training: Sequence[int],
    *,
    balanced: bool,
) -> str:
    more = confusion.more
    if not confusion.one_sided:
        return (
            "By share, both ways are about equally frequent (their 95 % intervals "
            "overlap): the two are hard to tell apart or labelled unevenly, and to "
            "favour one of them would only move the mistakes to the other side."
        )
    favoured, ratio = names[more.answer], training[more.answer] / training[more.true]
    said = f"The mistakes are one-sided: the network leans to {favoured}"
    counts = f"({training[more.answer]:,} against {training[more.true]:,})"
    if balanced and is_overweighed(confusion, training):
        return (
            f"{said}, which is rarer in training {counts}: the class weights of the "
            "loss favour it."
        )
    if ratio >= MORE_OFTEN and balanced:
        return (
            f"{said}, which has {ratio:.1f} times the training pictures {counts}, "
            "although the loss weighs the classes: look at the pictures of both."
        )
    if ratio >= MORE_OFTEN:
        return (
            f"{said}, which has {ratio:.1f} times the training pictures {counts}: a "
            "loss in which each picture counts the same favours it."
        )
    return (
        f"{said}, although it is not much more frequent in training {counts}: their "
        "number does not explain it, so look at the pictures and their labels."
    )


def _about_certainty(confusion: Confusion) -> str:
    sure, seen = percent(confusion.confidence, 0), percent(confusion.second, 0)
    if confusion.confidence >= SURE:
        return (
            f"These wrong answers are sure (mean probability {sure}): wrong labels or "
            "pictures of a kind that training lacks are likelier than close calls."
        )
    if confusion.second >= SECOND:
        return (
            f"Most are close calls: the wrong answers have a mean probability of "
            f"{sure}, and in {seen} of them the true class comes second."
        )
    return (
        f"The network is unsure (mean probability {sure}), but the true class comes "
        f"second in only {seen} of them: in most it sees a third class instead."
    )
