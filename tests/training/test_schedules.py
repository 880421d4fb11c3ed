"""The learning rate, against torch's own schedulers."""

import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler

from mimika.training.schedules import Schedule, falls, one_cycle

KINDS = ("cosine", "step", "one-cycle", "plateau", "constant")


def schedule(kind, **changes):
    values = {"peak": 0.4, "steps": 100, "an_epoch": 10} | changes
    return Schedule(kind, **values)


def oracle(make):
    """A scheduler of torch's on an optimiser with the rate 0.4."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
    return optimizer, make(optimizer)


def rates_of(make, steps):
    optimizer, scheduler = oracle(make)
    found = []
    for _ in range(steps):
        found.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    return found


def test_after_the_warm_up_cosine_is_that_of_torch():
    expected = rates_of(lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=90), 90)
    found = schedule("cosine", warmup_steps=10)
    assert [found.rate(step) for step in range(10, 100)] == pytest.approx(expected)


def test_steps_fall_at_the_epochs_of_torchs():
    expected = rates_of(lambda o: lr_scheduler.StepLR(o, step_size=3, gamma=0.5), 10)
    found = schedule("step", step_epochs=3, factor=0.5)
    rates = [found.rate(step) for step in range(100)]
    assert rates == pytest.approx(np.repeat(expected, 10))
    assert (rates[29], rates[30]) == (0.4, 0.2)


@pytest.mark.parametrize("steps", [4, 10, 37, 100, 1000])
def test_one_cycle_is_that_of_torch(steps):
    expected = rates_of(
        lambda o: lr_scheduler.OneCycleLR(
            o, max_lr=0.4, total_steps=steps, anneal_strategy="cos"
        ),
        steps - 1,
    )
    found = schedule("one-cycle", steps=steps, warmup_steps=5)
    assert [found.rate(k) for k in range(steps - 1)] == pytest.approx(expected)
    assert found.rate(steps - 1) == pytest.approx(0.4 / 250_000)


def test_one_cycle_reaches_its_peak_after_three_tenths_of_the_steps():
    shares = [one_cycle(step, 100) for step in range(100)]
    assert shares[0] == pytest.approx(1 / 25)
    assert (int(np.argmax(shares)), max(shares)) == (29, 1.0)


@pytest.mark.parametrize("patience", [1, 2, 5])
def test_plateau_falls_when_that_of_torch_does(patience):
    rng = np.random.default_rng(patience)
    scores = (rng.integers(0, 12, 60) / 12 + np.arange(60) / 400).round(2).tolist()
    optimizer, scheduler = oracle(
        lambda o: lr_scheduler.ReduceLROnPlateau(
            o, mode="max", factor=0.7, patience=patience, threshold=0.0, eps=0.0
        )
    )
    found = schedule("plateau", steps=600, patience_epochs=patience, factor=0.7)
    for epoch, score in enumerate(scores):
        expected = optimizer.param_groups[0]["lr"]
        for step in (10 * epoch, 10 * epoch + 9):
            assert found.rate(step, [scores[:epoch]]) == pytest.approx(expected)
        scheduler.step(score)
    assert expected < 0.4


def test_plateau_depends_on_nothing_but_the_history():
    scores = [0.1, 0.3, 0.2, 0.3, 0.2, 0.1]
    found = schedule("plateau", patience_epochs=1)
    first = found.rate(60, [scores])
    for length in (2, 0, 6, 3):
        found.rate(10 * length, [scores[:length]])
    assert found.rate(60, [scores]) == first == pytest.approx(0.4 * 0.1**2)
    assert scores == [0.1, 0.3, 0.2, 0.3, 0.2, 0.1]


def test_an_equal_score_is_no_progress():
    assert [falls([0.5] * n, 2) for n in range(8)] == [0, 0, 0, 0, 1, 1, 1, 2]
    assert falls([-0.9, -0.8, -0.7], 1) == 0


def test_a_constant_rate_stays():
    assert {schedule("constant").rate(step) for step in range(100)} == {0.4}


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "one-cycle"])
def test_every_other_kind_rises_in_equal_steps_and_never_starts_at_zero(kind):
    found = schedule(kind, peak=1.0, warmup_steps=4)
    rates = [found.rate(step) for step in range(5)]
    assert rates == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
    assert found.rate(5) <= 1.0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("steps", [1, 2, 3, 4, 50])
@pytest.mark.parametrize("warmup_steps", [0, 1, 80])
def test_every_rate_is_positive_and_none_is_above_the_peak(kind, steps, warmup_steps):
    found = schedule(kind, steps=steps, an_epoch=1, warmup_steps=warmup_steps)
    for step in range(steps):
        assert 0 < found.rate(step, [[0.5] * step]) <= 0.4


def test_a_warm_up_longer_than_the_run_does_not_divide_by_zero():
    found = schedule("cosine", peak=1.0, steps=4, warmup_steps=8)
    assert found.rate(3) == pytest.approx(4 / 9)
    assert 0 <= schedule("cosine", steps=8, warmup_steps=8).rate(8) <= 0.4


def test_plateau_does_not_compare_the_metrics_of_two_phases():
    found = schedule("plateau", patience_epochs=1)
    accuracies, minus_losses = [0.1, 0.2], [-1.9, -1.5, -1.2]
    assert found.rate(50, [accuracies, minus_losses]) == 0.4
    assert found.rate(50, [accuracies + minus_losses, []]) < 0.4
