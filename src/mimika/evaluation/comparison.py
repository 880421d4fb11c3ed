"""Models beside each other on the same pictures, with paired differences.

Of an entry of several seeds the figures are means over the seeds: the deviation says
how they vary from training to training, the interval how the mean would vary with other
pictures (the seeds as they are). Differences are taken against one entry, the baseline:
their interval is that of a paired bootstrap over pictures of the means over seeds. The
p-value of McNemar's test needs one answer a picture, so it exists only between single
models. See `paired` for the sources.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mimika.core.card import ModelCard
from mimika.core.errors import DataError
from mimika.evaluation.contestants import Entry
from mimika.evaluation.intervals import Interval, percentile_interval
from mimika.evaluation.metrics import evaluate_probabilities, macro_f1
from mimika.evaluation.paired import accuracies, draw_confusions, mcnemar_p
from mimika.evaluation.predictions import Predictions

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Difference:
    """An entry against the baseline; positive where the entry is better.

    Attributes:
        accuracy: difference of the accuracies with its paired 95 % interval.
        macro_f1: the same for macro-F1.
        only_baseline_right: pictures on which only the baseline is right; None where
            one of the two has several seeds.
        only_this_right: pictures on which only the entry is right; None likewise.
        mcnemar_p: exact two-sided p-value of McNemar's test; None likewise.
    """

    accuracy: Interval
    macro_f1: Interval
    only_baseline_right: int | None = None
    only_this_right: int | None = None
    mcnemar_p: float | None = None


@dataclass(frozen=True)
class Line:
    """The figures of one entry.

    Attributes:
        entry: what they are about.
        accuracy: the mean over its seeds, 0..1, with its 95 % interval.
        macro_f1: the same for macro-F1.
        accuracy_deviation: sample standard deviation over the seeds; None for one.
        macro_f1_deviation: the same for macro-F1.
        difference: against the baseline; None for the baseline itself.
    """

    entry: Entry
    accuracy: Interval
    macro_f1: Interval
    accuracy_deviation: float | None
    macro_f1_deviation: float | None
    difference: Difference | None

    @property
    def card(self) -> ModelCard | None:
        """The card of its first member; None for a file of predictions."""
        return self.entry.members[0].card


@dataclass(frozen=True)
class Comparison:
    """All entries on the same pictures.

    Attributes:
        split: in words, which pictures these are.
        digest: of those pictures, as the predictions have it.
        classes: keys of the classes.
        images: number of pictures with a label.
        baseline: name of the entry that the others are compared with.
        lines: the entries in the order given.
    """

    split: str
    digest: str
    classes: tuple[str, ...]
    images: int
    baseline: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Drawn:
    """One figure of an entry.

    Attributes:
        interval: the mean over the seeds, with its interval.
        seeds: float64 (S,), the figure of each seed.
        drawn: float64 (DRAWS,), the mean over the seeds on each bootstrap draw.
    """

    interval: Interval
    seeds: Floats
    drawn: Floats

    @property
    def deviation(self) -> float | None:
        """Sample standard deviation over the seeds; None for one."""
        return float(self.seeds.std(ddof=1)) if len(self.seeds) > 1 else None

    def minus(self, other: "Drawn") -> Interval:
        """The difference of two entries on the same draws."""
        gap = float(self.seeds.mean() - other.seeds.mean())
        return percentile_interval(gap, self.drawn - other.drawn)


@dataclass(frozen=True)
class Measured:
    """An entry with all that its line is made of."""

    entry: Entry
    accuracy: Drawn
    macro_f1: Drawn


def compare(entries: Sequence[Entry], baseline: str | None = None) -> Comparison:
    """Measures entries and their differences.

    Args:
        entries: at least one; all about the same pictures (`check_same_pictures`).
        baseline: name of an entry, or path of one of its members; None for the first.

    Raises:
        DataError: no entry is called so.
    """
    measured = _measure(entries)
    base = measured[find_baseline(entries, baseline)]
    about = _predictions(base.entry)[0]
    return Comparison(
        split=about.split,
        digest=about.digest,
        classes=about.classes,
        images=len(about.labels),
        baseline=base.entry.name,
        lines=tuple(_line(one, base) for one in measured),
    )


def find_baseline(entries: Sequence[Entry], wanted: str | None) -> int:
    """The position of the entry that is called so, or has a member at that path.

    Raises:
        DataError: there is none; the message lists the names.
    """
    if wanted is None:
        return 0
    for place, entry in enumerate(entries):
        paths = [str(member.path) for member in entry.members]
        if wanted in (entry.name, *paths):
            return place
    names = ", ".join(entry.name for entry in entries)
    raise DataError(f"no baseline {wanted!r}; choose one of {names}")


def _measure(entries: Sequence[Entry]) -> list[Measured]:
    everything = [one for entry in entries for one in _predictions(entry)]
    drawn = draw_confusions(
        [one.probabilities.argmax(axis=1) for one in everything],
        everything[0].labels,
        len(everything[0].classes),
    )
    measured, start = [], 0
    for entry in entries:
        stop = start + len(entry.members)
        measured.append(_measure_one(entry, drawn[start:stop]))
        start = stop
    return measured


def _measure_one(entry: Entry, drawn: NDArray[np.int64]) -> Measured:
    """An entry's figures; its draws are int64 (S, DRAWS, K, K)."""
    seeds = [
        evaluate_probabilities(one.probabilities, one.labels)
        for one in _predictions(entry)
    ]
    return Measured(
        entry,
        _over_seeds(
            [one.accuracy for one in seeds],
            np.mean([accuracies(matrices) for matrices in drawn], axis=0),
        ),
        _over_seeds(
            [one.macro_f1 for one in seeds],
            np.mean([macro_f1(matrices) for matrices in drawn], axis=0),
        ),
    )


def _over_seeds(figures: Sequence[Interval], drawn: Floats) -> Drawn:
    seeds = np.array([figure.value for figure in figures])
    if len(figures) == 1:
        return Drawn(figures[0], seeds, drawn)
    return Drawn(percentile_interval(float(seeds.mean()), drawn), seeds, drawn)


def _predictions(entry: Entry) -> list[Predictions]:
    return [member.predictions for member in entry.members]


def _line(one: Measured, base: Measured) -> Line:
    return Line(
        entry=one.entry,
        accuracy=one.accuracy.interval,
        macro_f1=one.macro_f1.interval,
        accuracy_deviation=one.accuracy.deviation,
        macro_f1_deviation=one.macro_f1.deviation,
        difference=None if one is base else _difference(one, base),
    )


def _difference(one: Measured, base: Measured) -> Difference:
    accuracy, f1 = one.accuracy.minus(base.accuracy), one.macro_f1.minus(base.macro_f1)
    if len(one.entry.members) > 1 or len(base.entry.members) > 1:
        return Difference(accuracy, f1)
    hits, base_hits = (_hits(measured.entry) for measured in (one, base))
    only_base = int((base_hits & ~hits).sum())
    only_one = int((hits & ~base_hits).sum())
    return Difference(accuracy, f1, only_base, only_one, mcnemar_p(only_base, only_one))


def _hits(entry: Entry) -> NDArray[np.bool_]:
    """Where the only member of an entry is right, bool (N,)."""
    predictions = entry.members[0].predictions
    right = predictions.probabilities.argmax(axis=1) == predictions.labels
    return np.asarray(right, np.bool_)
