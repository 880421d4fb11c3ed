"""What a run trains on and what it selects its best checkpoint on.

FER2013 fits into memory (66 MB at 48 pixels, 1.4 GB at 224), so there are no worker
processes: a batch is an index into a tensor of bytes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Generator, Tensor

from mimika.core.errors import DataError
from mimika.core.preprocess import PreprocessSpec, UInt8Array, fitted
from mimika.data.duplicates import exact_groups
from mimika.data.samples import (
    PRIVATE_TEST,
    PUBLIC_TEST,
    TRAINING,
    UNLABELLED,
    Samples,
)
from mimika.data.split_file import read_split
from mimika.data.splits import holdout
from mimika.training.config import Experiment

HOLDOUT_SEED = 0


@dataclass(frozen=True)
class Division:
    """The data of a run.

    Attributes:
        training: labelled pictures to learn from.
        selection: labelled pictures on which the best checkpoint is chosen.
        selected_on: in words, which pictures the selection set is.
    """

    training: Samples
    selection: Samples
    selected_on: str


@dataclass(frozen=True)
class Material:
    """The data of a run as its network sees it.

    Attributes:
        division: the pictures.
        spec: how they become inputs, measured on the training pictures.
        training: uint8 (N, 1, size, size), enlarged, not yet normalised.
        selection: the same of the selection set.
    """

    division: Division
    spec: PreprocessSpec
    training: Tensor
    selection: Tensor


def prepare(samples: Samples, experiment: Experiment) -> Material:
    """Divides a data set and enlarges its pictures once.

    Raises:
        DataError: no labelled Training pictures, or too few to hold some out.
    """
    division = prepare_division(samples, experiment)
    spec = measure_spec(
        division.training.images,
        experiment.input_size,
        experiment.channels,
        experiment.interpolation,
    )
    training = enlarged(division.training.images, spec)
    return Material(division, spec, training, enlarged(division.selection.images, spec))


def prepare_division(samples: Samples, experiment: Experiment) -> Division:
    """Divides a data set as an experiment asks for.

    Raises:
        DataError: no labelled Training pictures, or too few to hold some out.
    """
    if experiment.split_file:
        split_file = Path(experiment.split_file)
        return divide_by_file(samples, split_file, experiment.select_part)
    return divide(samples, experiment.holdout)


def enlarged(images: UInt8Array, spec: PreprocessSpec) -> Tensor:
    """Grey pictures at the size of a specification, its first channel alone.

    Args:
        images: uint8 (N, H, W).
        spec: gives size and interpolation.

    Returns:
        uint8 (N, 1, size, size).
    """
    one = spec.model_copy(update={"channels": 1})
    return torch.from_numpy(fitted(images, one)).permute(0, 3, 1, 2)


def check_classes(division: Division, names: Sequence[str]) -> None:
    """Refuses classes that nothing could be learned about.

    Args:
        division: the data of a run.
        names: of the classes.

    Raises:
        DataError: a class has no training picture.
    """
    counts = np.bincount(division.training.labels, minlength=len(names))
    empty = [name for name, count in zip(names, counts, strict=True) if count == 0]
    if empty:
        raise DataError(
            f"{division.training.source}: no training picture of {', '.join(empty)}; "
            "bring some, or train on a data set of the other classes"
        )


def divide(samples: Samples, share: float) -> Division:
    """Training for learning, PublicTest for selection.

    Where PublicTest is missing or has no labels (Kaggle's `test.csv`), a stratified
    share of Training is held out instead: the same one whatever the run's seed, so that
    runs can be compared, and with pixel copies on one side. PrivateTest is never
    touched.

    Args:
        samples: everything that was read.
        share: what to hold out where there is no labelled PublicTest, 0..1.

    Raises:
        DataError: no labelled Training pictures, or too few to hold some out.
    """
    training = samples.split(TRAINING).labelled()
    public = (samples.splits == PUBLIC_TEST) & (samples.labels != UNLABELLED)
    if public.any():
        return Division(training, samples.take(public), PUBLIC_TEST)
    words = f"{100 * share:g} % of Training"
    groups = exact_groups(training.images)
    try:
        held = holdout(training.labels, groups, share, HOLDOUT_SEED)
    except DataError as error:
        raise DataError(
            f"{samples.source}: no labelled PublicTest, and {words} cannot be held "
            f"out instead ({error}); take a data set with more pictures or set "
            "another holdout"
        ) from error
    return Division(
        training.take(np.flatnonzero(~held)),
        training.take(np.flatnonzero(held)),
        f"{words}, held out",
    )


def divide_by_file(samples: Samples, path: Path, select_part: str) -> Division:
    """One part of a split file for selection, all others for learning.

    Pictures of PrivateTest and pictures without a label are left out of both.

    Args:
        samples: everything that was read.
        path: the split file.
        select_part: the part to select on.

    Raises:
        DataError: no such file or part, other pictures than those that were split, or
            nothing to learn from or to select on.
    """
    split = read_split(path)
    selection = split.part(samples, select_part)
    others = [p for name, p in split.parts.items() if name != select_part]
    places = np.sort(np.array([place for part in others for place in part], np.int64))
    learn, select = (
        part.take(part.splits != PRIVATE_TEST).labelled()
        for part in (samples.take(places), selection)
    )
    return Division(learn, select, split.describe(select_part))


def measure_spec(
    images: UInt8Array, size: int, channels: int, interpolation: str = "bilinear"
) -> PreprocessSpec:
    """A specification with the mean and deviation of these pictures.

    Args:
        images: uint8 (N, H, W), grey.
        size: height and width of the network's input in pixels.
        channels: 1 or 3; the grey values are repeated.
        interpolation: how pictures are enlarged to it.
    """
    counts = np.bincount(images.ravel(), minlength=256)
    levels = np.arange(256) / 255
    mean = float((counts * levels).sum() / counts.sum())
    variance = float((counts * (levels - mean) ** 2).sum() / counts.sum())
    return PreprocessSpec.model_validate(
        {
            "size": size,
            "channels": channels,
            "interpolation": interpolation,
            "mean": (round(mean, 4),) * channels,
            "std": (max(round(variance**0.5, 4), 1e-3),) * channels,
        }
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
