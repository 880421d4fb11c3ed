"""What a run trains on and what it selects its best checkpoint on.

FER2013 fits into memory (264 MB as float32), so there are no worker processes: a batch
is an index into a tensor.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.model_selection import train_test_split
from torch import Generator, Tensor

from mimika.core.errors import DataError
from mimika.core.preprocess import PreprocessSpec, UInt8Array, preprocess
from mimika.data.samples import PUBLIC_TEST, TRAINING, UNLABELLED, Samples


@dataclass(frozen=True)
class Division:
    """The data of a run.

    Attributes:
        training: labelled pictures to learn from.
        selection: labelled pictures on which the best checkpoint is chosen.
        rule: in words, where the selection set comes from.
    """

    training: Samples
    selection: Samples
    rule: str


def divide(samples: Samples, holdout: float, seed: int) -> Division:
    """Training for learning, PublicTest for selection.

    Where PublicTest is missing or has no labels (Kaggle's `test.csv`), a stratified
    share of Training is held out instead. PrivateTest is never touched.

    Args:
        samples: everything that was read.
        holdout: share to hold out where there is no labelled PublicTest.
        seed: seeds that choice.

    Raises:
        DataError: no labelled Training pictures, or too few to hold some out.
    """
    training = samples.split(TRAINING).labelled()
    public = (samples.splits == PUBLIC_TEST) & (samples.labels != UNLABELLED)
    if public.any():
        return Division(training, samples.take(public), "best accuracy on PublicTest")
    try:
        learn, select = train_test_split(
            np.arange(len(training)),
            test_size=holdout,
            random_state=seed,
            stratify=training.labels,
        )
    except ValueError as error:
        raise DataError(
            f"{samples.source}: no labelled PublicTest, and {holdout:.0%} of Training "
            f"cannot be held out instead ({error})"
        ) from error
    rule = f"best accuracy on {holdout:.0%} of Training, held out with seed {seed}"
    return Division(training.take(np.sort(learn)), training.take(np.sort(select)), rule)


def measure_spec(images: UInt8Array, size: int, channels: int) -> PreprocessSpec:
    """A specification with the mean and deviation of these pictures.

    Args:
        images: uint8 (N, H, W), grey.
        size: height and width of the network's input in pixels.
        channels: 1 or 3; the grey values are repeated.
    """
    counts = np.bincount(images.ravel(), minlength=256)
    levels = np.arange(256) / 255
    mean = float((counts * levels).sum() / counts.sum())
    variance = float((counts * (levels - mean) ** 2).sum() / counts.sum())
    return PreprocessSpec.model_validate(
        {
            "size": size,
            "channels": channels,
            "mean": (round(mean, 4),) * channels,
            "std": (max(round(variance**0.5, 4), 1e-3),) * channels,
        }
    )


def to_tensors(samples: Samples, spec: PreprocessSpec) -> tuple[Tensor, Tensor]:
    """Inputs float32 (N, C, size, size), channels last in memory, and int64 labels."""
    inputs = torch.from_numpy(preprocess(samples.images, spec))
    return (
        inputs.contiguous(memory_format=torch.channels_last),
        torch.from_numpy(samples.labels),
    )


def shuffled_batches(
    count: int, batch_size: int, generator: Generator
) -> Iterator[Tensor]:
    """Index batches of one epoch, each picture at most once.

    The last, incomplete batch is left out where there is a complete one: batch
    normalisation over a few pictures disturbs the running averages.
    """
    order = torch.randperm(count, generator=generator)
    batches = torch.split(order, batch_size)
    if len(batches) > 1 and len(batches[-1]) < batch_size:
        batches = batches[:-1]
    yield from batches


def batches_an_epoch(count: int, batch_size: int) -> int:
    """How many batches `shuffled_batches` gives."""
    return max(1, count // batch_size)
