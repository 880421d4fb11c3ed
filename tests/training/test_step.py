"""One step of training."""

import pytest
import torch

from mimika.core.preprocess import PreprocessSpec
from mimika.training.config import Experiment
from mimika.training.losses import Loss
from mimika.training.run import start_run
from mimika.training.step import train_step

SPEC = PreprocessSpec(size=48, channels=1, mean=(0.5,), std=(0.25,))
INPUTS = torch.randn(8, 1, 48, 48, generator=torch.Generator().manual_seed(1))
TARGET = torch.eye(2)[torch.arange(8) % 2]


@pytest.fixture
def start(tmp_path):
    def make(**changes):
        values = {"name": "a", "data": "none", "backbone": "tiny_vgg", "epochs": 1}
        values |= {"learning_rate": 0.1, "accelerator": "cpu", "weight_decay": 0.0}
        values |= {"momentum": 0.0}
        run = start_run(Experiment.model_validate(values | changes), tmp_path, SPEC, 2)
        run.model.train()
        return run

    return make


def gradients(run, weights):
    """The plain gradients at some weights, by torch alone."""
    for parameter, value in zip(run.trained.parameters(), weights, strict=True):
        parameter.data.copy_(value)
        parameter.grad = None
    torch.nn.functional.cross_entropy(run.network(INPUTS), TARGET).backward()
    return [parameter.grad.clone() for parameter in run.trained.parameters()]


def weights_of(run):
    return [parameter.detach().clone() for parameter in run.trained.parameters()]


def norm(tensors):
    return torch.sqrt(sum((t**2).sum() for t in tensors))


def test_a_plain_step_goes_down_the_gradient(start):
    run = start()
    before = weights_of(run)
    value, logits = train_step(run, Loss(), INPUTS, [TARGET], 0.05)
    after = weights_of(run)
    slopes = gradients(run, before)
    for old, slope, new in zip(before, slopes, after, strict=True):
        torch.testing.assert_close(new, old - 0.05 * slope)
    expected = torch.nn.functional.cross_entropy(logits, TARGET)
    torch.testing.assert_close(value, expected)
    assert not logits.requires_grad


def test_a_long_gradient_is_clipped(start):
    run = start(clip_norm=0.01)
    before = weights_of(run)
    train_step(run, Loss(), INPUTS, [TARGET], 1.0)
    steps = [old - new for old, new in zip(before, weights_of(run), strict=True)]
    assert float(norm(steps)) == pytest.approx(0.01, rel=1e-3)


def test_a_sharpness_aware_step_takes_the_gradient_of_the_steepest_point(start):
    run = start(sam=0.1)
    before = weights_of(run)
    train_step(run, Loss(), INPUTS, [TARGET], 0.05)
    after = weights_of(run)
    slopes = gradients(run, before)
    length = norm(slopes)
    climbed = [w + 0.1 * g / length for w, g in zip(before, slopes, strict=True)]
    steepest = gradients(run, climbed)
    for old, slope, new in zip(before, steepest, after, strict=True):
        torch.testing.assert_close(new, old - 0.05 * slope, atol=1e-6, rtol=1e-4)


def test_the_average_follows_the_weights(start):
    run = start(ema=0.5)
    for _ in range(3):
        train_step(run, Loss(), INPUTS, [TARGET], 0.05)
    assert int(run.average.n_averaged) == 3
    average = list(run.average.module.parameters())
    different = [
        not torch.equal(a, w) for a, w in zip(average, weights_of(run), strict=True)
    ]
    assert all(different)
