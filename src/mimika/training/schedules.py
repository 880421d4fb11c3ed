"""The learning rate as pure functions of the step and of what was measured.

Linear warm-up after Goyal et al., "Accurate, Large Minibatch SGD" (2017), section 2.2;
a cosine to zero: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm
Restarts" (2017), equation 5 without restarts; one cycle: Smith and Topin,
"Super-Convergence" (2018), with the cosine form and the proportions of torch's
OneCycleLR. Nothing is kept between steps, so a resumed run goes on by itself. Checked
against torch's schedulers.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mimika.training.config import Experiment

CYCLE_START, CYCLE_END = 1 / 25, 1 / 250_000  # shares of the peak
CYCLE_RISE = 0.3  # share of the steps


@dataclass(frozen=True)
class Schedule:
    """How the learning rate changes over a run.

    Attributes:
        kind: `cosine`, `step`, `one-cycle`, `plateau` or `constant`.
        peak: the highest learning rate.
        steps: steps of the whole run.
        an_epoch: steps of an epoch.
        warmup_steps: steps of linear rise at the beginning; not for `one-cycle`.
        step_epochs: epochs between the falls of `step`.
        patience_epochs: epochs without progress after which `plateau` falls.
        factor: what `step` and `plateau` multiply the rate by.
    """

    kind: str
    peak: float
    steps: int
    an_epoch: int
    warmup_steps: int = 0
    step_epochs: int = 10
    patience_epochs: int = 5
    factor: float = 0.1

    def rate(self, step: int, scores: Sequence[Sequence[float]] = ()) -> float:
        """Learning rate of a step.

        Args:
            step: 0 for the first step of the run.
            scores: for each phase of the run, one for each finished epoch, higher is
                better; only `plateau` looks at them.

        Returns:
            A rate in (0, peak]; 0 for no step but the last of `cosine`, if rounded.
        """
        if self.kind == "one-cycle":
            return self.peak * one_cycle(step, self.steps)
        if step < self.warmup_steps:
            return self.peak * (step + 1) / (self.warmup_steps + 1)
        if self.kind == "cosine":
            done = (step - self.warmup_steps) / max(1, self.steps - self.warmup_steps)
            return self.peak * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
        if self.kind == "step":
            return self.peak * self.factor ** (
                step // (self.step_epochs * self.an_epoch)
            )
        if self.kind == "plateau":
            count = sum(falls(phase, self.patience_epochs) for phase in scores)
            return self.peak * self.factor**count
        return self.peak


def one_cycle(step: int, steps: int) -> float:
    """Share of the peak: a cosine up over three tenths of the steps, one down after.

    Args:
        step: 0 for the first step.
        steps: all steps.
    """
    top = CYCLE_RISE * steps - 1
    if step <= top:
        return _between(CYCLE_START, 1.0, step / top)
    return _between(1.0, CYCLE_END, (step - top) / (steps - 1 - top))


def _between(start: float, end: float, share: float) -> float:
    """On a half wave from start (share 0) to end (share 1)."""
    return end + (start - end) / 2 * (1 + math.cos(math.pi * share))


def falls(scores: Sequence[float], patience: int) -> int:
    """How often the score has stood still for longer than a patience.

    Args:
        scores: one an epoch, higher is better.
        patience: epochs without a better one that are waited for; the count begins
            anew after a fall.
    """
    best, waited, count = -math.inf, 0, 0
    for score in scores:
        waited = 0 if score > best else waited + 1
        best = max(best, score)
        if waited > patience:
            waited, count = 0, count + 1
    return count


def make_schedule(experiment: Experiment, an_epoch: int) -> Schedule:
    """The experiment's learning rates.

    Args:
        experiment: names the schedule.
        an_epoch: steps of an epoch.
    """
    return Schedule(
        kind=experiment.schedule,
        peak=experiment.learning_rate,
        steps=experiment.epochs * an_epoch,
        an_epoch=an_epoch,
        warmup_steps=round(experiment.warmup_epochs * an_epoch),
        step_epochs=experiment.step_epochs,
        patience_epochs=experiment.patience_epochs,
        factor=experiment.rate_factor,
    )
