"""A data set that a network can learn in seconds: bright halves of a picture."""

import numpy as np
import pytest
import torch

from mimika.core.tasks import Label, Task
from mimika.data.samples import PUBLIC_TEST, TRAINING, Samples
from mimika.training.config import Experiment
from mimika.training.loaders import divide
from mimika.training.outcome import Outcome, judge
from mimika.training.records import EpochRecord

TASK = Task(
    "halves",
    (Label("left", "Left", "#0072b2"), Label("right", "Right", "#d55e00")),
    finds_faces=False,
)


@pytest.fixture(scope="session")
def task():
    return TASK


@pytest.fixture(scope="session")
def samples():
    rng = np.random.default_rng(0)
    labels = np.arange(160) % 2
    images = rng.integers(0, 120, (160, 48, 48)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[:, :24] += np.uint8(100 * (label == 0))
        image[:, 24:] += np.uint8(100 * (label == 1))
    splits = np.where(np.arange(160) < 128, TRAINING, PUBLIC_TEST)
    return Samples(images, labels, splits, np.arange(160), "drawn halves")


@pytest.fixture(scope="session")
def outcome(samples, make_card):
    """A run of ten epochs that is right on 24 of 32 pictures; 12 are mirrored badly."""
    division = divide(samples, 0.1)
    labels = division.selection.labels
    wrong = np.isin(np.arange(32) % 8, (0, 5))
    answers = np.where(wrong, 1 - labels, labels)
    plain = np.asarray(0.6 * np.eye(2)[answers] + 0.2, np.float32)
    mirrored = np.where(np.arange(32)[:, None] < 12, plain[:, ::-1], plain)
    history = [
        EpochRecord(n, 0.1 / n, 1.5 / n, 0.5 + n / 50, 1.4 / n, a, a, 90.0, 700.0)
        for n, a in enumerate((0.5, 0.6, 0.6, 0.7, 0.7, 0.7, 0.7, 0.75, 0.7, 0.7), 1)
    ]
    card = make_card(
        name="halves-first",
        task="halves",
        labels=("left", "right"),
        architecture="compact_resnet",
        parameters=12_345,
        training_data="128 Training pictures of halves.csv",
        selection="best accuracy on PublicTest",
        recipe="mimika train my_halves.toml",
        seed=5,
        limits="drawn <halves>",
        digest="0f",
    )
    experiment = Experiment(
        name="first",
        data="somewhere/halves.csv",
        backbone="compact_resnet",
        epochs=10,
        learning_rate=0.1,
        seed=5,
    )
    judged = judge(plain, np.asarray(mirrored, np.float32), division)
    return Outcome(experiment, card, division, judged, history, {})


@pytest.fixture(autouse=True, scope="session")
def _one_thread():
    """Several test processes on few cores would otherwise wait for each other."""
    torch.set_num_threads(1)
