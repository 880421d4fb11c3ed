"""Loss and accuracy of an epoch, against scikit-learn."""

import math

import numpy as np
import pytest
import torch
from lightning_fabric import Fabric
from sklearn.metrics import accuracy_score, log_loss
from torch.nn.functional import cross_entropy, one_hot

from mimika.core.errors import TrainingError
from mimika.training.losses import smoothed
from mimika.training.meter import Meter


@pytest.fixture
def fabric():
    return Fabric(accelerator="cpu", devices=1)


def batches(sizes, classes=3):
    """Logits and labels."""
    generator = torch.Generator().manual_seed(0)
    for size in sizes:
        logits = torch.randn(size, classes, generator=generator)
        yield logits, torch.randint(0, classes, (size,), generator=generator)


def measured(meter, sizes):
    kept = list(batches(sizes))
    for logits, labels in kept:
        loss = cross_entropy(logits, labels)
        meter.add(loss, logits, one_hot(labels, 3).float())
    logits, labels = (torch.cat(parts) for parts in zip(*kept, strict=True))
    return logits.double().softmax(dim=1).numpy(), labels.numpy()


def test_batches_of_different_sizes_count_by_their_pictures(fabric):
    meter = Meter(1, fabric)
    probabilities, labels = measured(meter, (16, 16, 3))
    assert meter.images == 35
    expected = accuracy_score(labels, probabilities.argmax(axis=1))
    assert meter.accuracy == pytest.approx(expected)
    assert meter.loss == pytest.approx(log_loss(labels, probabilities), rel=1e-6)


def test_the_figures_are_there_after_every_batch_on_a_processor(fabric):
    meter = Meter(1, fabric)
    seen = []
    for logits, labels in batches((4, 4)):
        meter.add(torch.tensor(0.5), logits, one_hot(labels, 3).float())
        seen.append(meter.images)
    assert seen == [4, 8]
    assert meter.loss == 0.5


def test_the_largest_share_of_a_mixed_target_is_the_true_class(fabric):
    meter = Meter(1, fabric)
    target = torch.tensor([[0.6, 0.4], [0.3, 0.7], [0.9, 0.1], [0.2, 0.8]])
    logits = torch.tensor([[2.0, 1.0], [2.0, 1.0], [0.0, 1.0], [0.0, 9.0]])
    meter.add(torch.tensor(1.0), logits, target)
    assert meter.accuracy == 0.5
    smooth = smoothed(torch.tensor([0, 0, 1, 1]), 2, 0.5)
    meter.add(torch.tensor(1.0), logits, smooth)
    assert meter.accuracy == pytest.approx(6 / 8)


def test_nothing_yet_is_zero_and_no_division_by_it(fabric):
    meter = Meter(1, fabric)
    assert (meter.loss, meter.accuracy, meter.images) == (0.0, 0.0, 0)
    meter.finish()
    assert (meter.loss, meter.accuracy, meter.images) == (0.0, 0.0, 0)


def test_at_the_end_one_process_has_what_it_had(fabric):
    meter = Meter(1, fabric)
    measured(meter, (8, 5))
    before = (meter.loss, meter.accuracy, meter.images)
    meter.finish()
    assert (meter.loss, meter.accuracy, meter.images) == before


def test_at_the_end_several_processes_are_added_up():
    class OneOfTwo(Fabric):
        def all_reduce(self, data, reduce_op="mean"):
            assert reduce_op == "sum"
            return data + torch.tensor([2.0, 1.0, 4.0], dtype=torch.float64)

    meter = Meter(1, OneOfTwo(accelerator="cpu", devices=1))
    logits = torch.tensor([[1.0, 0.0], [1.0, 0.0]])
    meter.add(torch.tensor(2.0), logits, torch.eye(2))
    assert (meter.loss, meter.accuracy, meter.images) == (2.0, 0.5, 2)
    meter.finish()
    assert (meter.loss, meter.accuracy, meter.images) == (1.0, 2 / 6, 6)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_loss_that_is_not_a_number_is_named_with_its_place(fabric, value):
    meter = Meter(2, fabric)
    measured(meter, (4,) * 5)
    with pytest.raises(TrainingError, match=rf"{value} in epoch 2, batch 6; .*lower"):
        meter.add(torch.tensor(value), torch.zeros(4, 3), torch.eye(3)[[0, 1, 2, 0]])


def test_sums_do_not_lose_small_losses_in_long_epochs(fabric):
    meter, target = Meter(1, fabric), torch.eye(2)
    for value in [1e6] + [1e-3] * 200:
        meter.add(torch.tensor(value), target, target)
    expected = np.mean([1e6] + [float(np.float32(1e-3))] * 200)
    assert meter.loss == pytest.approx(expected, rel=1e-12)
