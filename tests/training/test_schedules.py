"""The learning rate, against torch's own schedule."""

import pytest
import torch
from torch.optim.lr_scheduler import CosineAnnealingLR

from mimika.training.schedules import cosine_with_warmup


def test_after_the_warm_up_it_is_the_cosine_of_torch():
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
    oracle = CosineAnnealingLR(optimizer, T_max=90)
    for step in range(90):
        found = cosine_with_warmup(step + 10, 100, 10, 0.4)
        assert found == pytest.approx(oracle.get_last_lr()[0])
        optimizer.step()
        oracle.step()


def test_it_rises_in_equal_steps_and_never_starts_at_zero():
    rates = [cosine_with_warmup(step, 100, 4, 1.0) for step in range(5)]
    assert rates == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])


def test_a_warm_up_longer_than_the_run_does_not_divide_by_zero():
    assert cosine_with_warmup(3, 4, 8, 1.0) == pytest.approx(4 / 9)
    assert 0 <= cosine_with_warmup(8, 8, 8, 1.0) <= 1
