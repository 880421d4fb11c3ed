"""One steady answer from many shaky ones: what a face shows, over time.

Two running means of the calibrated logits of one face: a long one, which is the answer,
and a short one, which knows what is new. While they agree, the long one smooths away
what changes from frame to frame. Once they have differed for some time, the face shows
something else, and the long one begins anew from the short one: so what is shown is
late by a few frames and not by the length of the mean. The shown class changes only
when another one leads by a margin (hysteresis).

The means are exponential in time, not in frames: frames may come irregularly. How far
the answers of two means differ is Hellinger's distance. The settings were chosen on
sequences of PublicTest (`python benchmarks/smoothing.py`).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mimika.core.preprocess import FloatArray

LEAST = 1e-3  # probability: a class that one frame rules out may still come back


@dataclass(frozen=True)
class SmootherSettings:
    """Times in seconds, so that they mean the same at any number of frames a second.

    Attributes:
        long_s: time constant of the mean that is shown.
        short_s: of the one that knows what is new.
        differ: Hellinger's distance (0..1) of the two from which on they differ.
        evidence_s: how long they have to, in at least two frames.
        margin: of probability, by which another class has to lead.
        sure_from: probability of the shown class from which on the answer is sure.
        sure_after_s: how long a mean has to go on before its answer is sure.
    """

    long_s: float = 1.0
    short_s: float = 0.05
    differ: float = 0.2
    evidence_s: float = 0.03
    margin: float = 0.05
    sure_from: float = 0.5
    sure_after_s: float = 0.1


@dataclass(frozen=True)
class Smoothed:
    """The answer at one time.

    Attributes:
        probabilities: float64 (K,), sums to 1.
        label: position of the class that is shown.
        sure: whether it is probable, ahead of the others, not quite new, and not about
            to change.
    """

    probabilities: NDArray[np.float64]
    label: int
    sure: bool


class Smoother:
    """The answers about one face."""

    def __init__(self, settings: SmootherSettings | None = None) -> None:
        """Begins without any."""
        self._settings = settings or SmootherSettings()
        self._short = self._long = np.zeros(0)  # until the first answer
        self._time_s = 0.0
        self._lasted_s = 0.0  # how long the long mean has gone on
        self._differ_since_s: float | None = None
        self._label = 0

    def update(self, probabilities: FloatArray, time_s: float) -> Smoothed:
        """Takes the answer about a frame.

        Args:
            probabilities: float32 (K,), calibrated, sums to 1.
            time_s: of the frame; not before that of the former one.
        """
        logits = np.log(np.maximum(probabilities.astype(np.float64), LEAST))
        if self._long.size:
            self._take(logits, time_s - self._time_s)
            self._compare(time_s)
        else:
            self._short = self._long = logits
            self._label = int(logits.argmax())
        self._time_s = time_s
        return self._answer(_softmax(self._long))

    def _take(self, logits: NDArray[np.float64], seconds: float) -> None:
        """Moves both means; the long one is a plain mean until it has gone on long."""
        settings = self._settings
        self._lasted_s += seconds
        fresh = 1 - math.exp(-seconds / settings.short_s)
        equal = seconds / (self._lasted_s + seconds) if seconds else 0.0
        share = max(1 - math.exp(-seconds / settings.long_s), equal)
        self._short = self._short + fresh * (logits - self._short)
        self._long = self._long + share * (logits - self._long)

    def _compare(self, time_s: float) -> None:
        """Begins anew where the two means have differed for long enough."""
        if _distance(self._short, self._long) <= self._settings.differ:
            self._differ_since_s = None
            return
        if self._differ_since_s is None:
            self._differ_since_s = time_s
        elif time_s - self._differ_since_s >= self._settings.evidence_s:
            self._long = self._short
            self._lasted_s = self._settings.short_s
            self._differ_since_s = None

    def _answer(self, probabilities: NDArray[np.float64]) -> Smoothed:
        settings = self._settings
        best = int(probabilities.argmax())
        if probabilities[best] - probabilities[self._label] > settings.margin:
            self._label = best
        sure = (
            best == self._label
            and probabilities[best] >= settings.sure_from
            and self._differ_since_s is None
            and self._lasted_s >= settings.sure_after_s
        )
        return Smoothed(probabilities, self._label, bool(sure))


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.exp(logits - logits.max())
    return np.asarray(powers / powers.sum())


def _distance(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Hellinger's, of two answers that are given by their logits: 0..1."""
    shared = float(np.sqrt(_softmax(one) * _softmax(other)).sum())
    return math.sqrt(max(1 - shared, 0.0))
