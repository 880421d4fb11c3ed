"""A data set that a network can learn in seconds: bright halves of a picture."""

import numpy as np
import pytest
import torch

from mimika.core.tasks import Label, Task
from mimika.data.samples import PUBLIC_TEST, TRAINING, Samples

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


@pytest.fixture(autouse=True, scope="session")
def _one_thread():
    """Several test processes on few cores would otherwise wait for each other."""
    torch.set_num_threads(1)
