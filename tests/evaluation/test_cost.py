from types import SimpleNamespace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from mimika.evaluation import cost
from mimika.evaluation.cost import measure_cost


class Timed:
    """A model and a clock: each call takes 2 ms and each picture another one."""

    card = SimpleNamespace(parameters=7, multiply_adds=9)

    def __init__(self):
        self.now = 0.0
        self.calls = []
        self.limits = []  # those in force

    def perf_counter(self):
        return self.now

    def predict(self, images):
        self.calls.append((images.shape, tuple(self.limits)))
        self.now += 0.002 + 0.001 * len(images)


@pytest.fixture
def model(monkeypatch):
    model = Timed()

    class Limits(threadpool_limits):
        def __init__(self, limits):
            super().__init__(limits)
            model.limits.append(limits)

        def __exit__(self, *error):
            model.limits.pop()
            super().__exit__(*error)

    monkeypatch.setattr(cost, "threadpool_limits", Limits)
    monkeypatch.setattr(cost, "time", model)
    return model


def test_time_is_a_pictures_alone_and_in_a_batch_on_one_thread(model):
    found = measure_cost(model, np.zeros((48, 48), np.uint8))
    assert (found.parameters, found.multiply_adds) == (7, 9)
    assert found.ms_alone == pytest.approx(3)
    assert found.ms_in_batch == pytest.approx(1 + 2 / 64)
    assert {shape for shape, _ in model.calls} == {(1, 48, 48), (64, 48, 48)}
    assert {limits for _, limits in model.calls} == {(1,)}
    assert not model.limits


def test_a_slow_model_is_run_a_few_times_only(model, monkeypatch):
    monkeypatch.setattr(cost, "SECONDS", 0)
    measure_cost(model, np.zeros((8, 8, 3), np.uint8))
    assert len(model.calls) == 2 * (1 + cost.LEAST_RUNS)


def test_a_fast_model_is_run_no_longer_than_needed(model):
    measure_cost(model, np.zeros((8, 8), np.uint8))
    alone = sum(shape[0] == 1 for shape, _ in model.calls)
    assert cost.LEAST_RUNS < alone <= 1 + cost.MOST_RUNS
