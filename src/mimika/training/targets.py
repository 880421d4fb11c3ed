"""What each training picture is to be answered with: label, votes, teachers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mimika.core.errors import DataError
from mimika.core.preprocess import FloatArray
from mimika.data.samples import Samples
from mimika.data.votes import Votes, read_votes
from mimika.evaluation.predictions import Predictions, load_predictions
from mimika.evaluation.stacking import held_out, vote_features
from mimika.training.config import Experiment
from mimika.training.losses import smoothed, softened

FOLDS = 5


@dataclass(frozen=True)
class Targets:
    """Targets of the training pictures, as shares of the classes.

    Attributes:
        own: float32 (N, K), from labels and votes, smoothed.
        taught: float32 (N, K), the teachers' mean, softened; None without teachers.
        counts: int64 (K,), pictures of each class.
        teachers: their files and what they were learned from, in words.
    """

    own: Tensor
    taught: Tensor | None
    counts: Tensor
    teachers: str = ""

    def of(self, batch: Tensor, device: torch.device) -> list[Tensor]:
        """Those of a batch: own, and taught if there are teachers.

        Args:
            batch: int64 (B,), positions among the training pictures.
            device: where they are wanted.
        """
        kinds = [self.own] if self.taught is None else [self.own, self.taught]
        return [targets[batch].to(device) for targets in kinds]


def make_targets(
    training: Samples, keys: Sequence[str], experiment: Experiment
) -> Targets:
    """The targets that an experiment asks for.

    Args:
        training: the training pictures, all with labels.
        keys: of the classes.
        experiment: names votes and teachers.

    Raises:
        DataError: votes or teachers do not fit these pictures.
    """
    labels = torch.from_numpy(training.labels)
    own = smoothed(labels, len(keys), experiment.label_smoothing)
    if experiment.votes:
        own = with_votes(own, training, keys, experiment)
    counts = torch.bincount(labels, minlength=len(keys))
    if not experiment.teachers:
        return Targets(own, None, counts)
    files = [Path(file) for file in experiment.teachers]
    teachers = [(load_predictions(file), file) for file in files]
    found = [taught_by(teacher, file, training, keys) for teacher, file in teachers]
    mean = torch.from_numpy(np.mean(found, axis=0, dtype=np.float64)).float()
    taught = softened(mean, experiment.teachers_temperature)
    words = "; ".join(described(teacher, file) for teacher, file in teachers)
    return Targets(own, taught, counts, words)


def described(teacher: Predictions, file: Path) -> str:
    """A teacher's file and what it was learned from, for the model's card."""
    sources = teacher.learned_from.replace("; ", ", ")
    return f"{file.name}, from {sources}" if sources else file.name


def with_votes(
    own: Tensor, training: Samples, keys: Sequence[str], experiment: Experiment
) -> Tensor:
    """Targets in which the votes have their share; where nobody voted, as they were.

    Args:
        own: float32 (N, K).
        training: the training pictures.
        keys: of the classes.
        experiment: names the votes and their share.

    Raises:
        DataError: not a file of votes, or of other pictures.
    """
    votes = read_votes(Path(experiment.votes), training, keys)
    cast = votes.counts.sum(axis=1) > 0
    places = votes.positions[cast]
    if experiment.votes_as == "labels":
        shares = foretold(votes, training.labels, len(keys))[cast]
    else:
        shares = votes.counts[cast] / votes.counts[cast].sum(axis=1, keepdims=True)
    mixed = own.clone()
    mixed[places] = torch.lerp(
        own[places], torch.from_numpy(shares).float(), experiment.votes_share
    )
    return mixed


def foretold(votes: Votes, labels: NDArray[np.int64], classes: int) -> FloatArray:
    """Labels that go with votes, as `evaluation.stacking` learns it in five folds.

    Args:
        votes: those for the training pictures.
        labels: int64 (N,), of the training pictures.
        classes: number of classes, K.

    Returns:
        float32 (V, K), rows sum to 1; no picture's own label decides its row.
    """
    features = vote_features(votes.counts, votes.others, votes.no_face)
    folds = [np.arange(first, len(features), FOLDS) for first in range(FOLDS)]
    return held_out(features, labels[votes.positions], folds, classes)


def taught_by(
    teacher: Predictions, file: Path, training: Samples, keys: Sequence[str]
) -> FloatArray:
    """A teacher's probabilities for the training pictures, matched by row and class.

    Args:
        teacher: its predictions; for more pictures than these, or in another order.
        file: where they come from, for the message.
        training: the training pictures.
        keys: of the classes.

    Returns:
        float32 (N, K).

    Raises:
        DataError: it has other classes, or says nothing about some pictures.
    """
    if sorted(teacher.classes) != sorted(keys):
        raise DataError(
            f"{file}: a teacher for the classes {', '.join(teacher.classes)}; expected "
            f"{', '.join(keys)}"
        )
    places = {row: place for place, row in enumerate(teacher.rows.tolist())}
    if len(places) != len(teacher.rows) or len(set(training.rows)) != len(training):
        raise DataError(
            f"{file}: a row number stands for several pictures, there or in "
            f"{training.source}, so they cannot be matched; name one file as data set"
        )
    found = [places.get(row, -1) for row in training.rows.tolist()]
    missing = found.count(-1)
    if missing:
        row = training.rows.tolist()[found.index(-1)]
        raise DataError(
            f"{file}: says nothing about {missing} of the {len(found)} training "
            f"pictures, the first in row {row}; predict them all with 'mimika predict "
            "--data'"
        )
    columns = [teacher.classes.index(key) for key in keys]
    return teacher.probabilities[found][:, columns]
