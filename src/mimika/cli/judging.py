"""From a model and a data set to a judgement: what `mimika evaluate` computes."""

from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from mimika.cli.predictors import data_order, predict_all, predict_views
from mimika.cli.split import find
from mimika.core.card import ModelCard
from mimika.core.errors import DataError
from mimika.core.predictor import Predictor
from mimika.core.preprocess import FloatArray, UInt8Array
from mimika.data.duplicates import exact_groups
from mimika.data.reading import read_dataset
from mimika.data.samples import SPLITS, TRAINING, UNLABELLED, Samples
from mimika.data.split_file import picture_digest, read_split
from mimika.data.splits import clean
from mimika.data.votes import read_votes
from mimika.evaluation.calibration import FOLDS, Calibration, calibrate
from mimika.evaluation.cost import measure_cost
from mimika.evaluation.crowd import against_votes
from mimika.evaluation.judgement import Answers, Judged, Judgement, judge
from mimika.evaluation.mistakes import confident_mistakes
from mimika.evaluation.predictions import Predictions
from mimika.evaluation.reliability import error_by_chance, reliability
from mimika.evaluation.tta import Kind

Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Wanted:
    """What to judge on, and what besides the plain figures.

    Attributes:
        split: name of a split, or of a part of the split file.
        split_file: None for the data set's own splits.
        clean: whether to judge also without near-copies of Training pictures.
        kind: views for test-time augmentation; None for none.
        calibrate: whether to fit a temperature.
        votes: csv of crowd votes; None for none.
        skip_bad: whether to leave out rows that cannot be read.
    """

    split: str
    split_file: Path | None
    clean: bool
    kind: Kind | None
    calibrate: bool
    votes: Path | None
    skip_bad: bool


@dataclass(frozen=True)
class Outcome:
    """What was found, and what it was found on.

    Attributes:
        judgement: all figures.
        images: uint8 (N, 48, 48), the pictures that were judged.
        predictions: the plain answers about them.
    """

    judgement: Judgement
    images: UInt8Array
    predictions: Predictions


@dataclass(frozen=True)
class Chosen:
    """The labelled pictures that a model is judged on.

    Attributes:
        name: in words, which these are.
        places: int64 (N,), their positions in the data set.
        samples: the pictures; labels are numbered as the model's outputs are.
    """

    name: str
    places: NDArray[np.int64]
    samples: Samples


def examine(model: Predictor | Predictions, data: Path, wanted: Wanted) -> Outcome:
    """Judges a model on a data set; progress goes to stderr.

    Args:
        model: the model, or what it said about these pictures, with its card.
        data: the data set.
        wanted: what to judge on, and what besides the plain figures.

    Raises:
        DataError: the data set, the split, the votes or the saved predictions cannot
            be used.
    """
    card = model.card
    if card is None:
        raise DataError(
            "these predictions do not say of which model they are; save them again "
            "with 'mimika evaluate --save', or set them beside others with 'mimika "
            "compare'"
        )
    keys, columns = data_order(card.labels)
    samples = read_dataset(data, skip_bad=wanted.skip_bad, labels=keys)
    for row in samples.skipped:
        click.echo(f"skipped {row.where}: {row.cause}", err=True)
    chosen = choose(samples, wanted.split, wanted.split_file, columns)
    votes = None
    if wanted.votes is not None:
        votes = _votes(wanted.votes, samples, keys)[chosen.places][
            :, np.argsort(columns)
        ]
    cleaned = _clean(samples, chosen) if wanted.clean else None
    answers = _answers(model, chosen, wanted.kind)
    plain, labels = answers.plain, answers.labels
    judgement = Judgement(
        card=card,
        source=samples.source,
        whole=judge(chosen.name, answers),
        clean=None if cleaned is None else _judge_clean(chosen, answers, cleaned),
        bins=reliability(plain, labels),
        ece_by_chance=error_by_chance(plain),
        calibration=_calibration(chosen, answers, cleaned)
        if wanted.calibrate
        else None,
        crowd=None if votes is None else against_votes(plain, labels, votes),
        mistakes=confident_mistakes(plain, labels, chosen.samples.rows),
        cost=None
        if isinstance(model, Predictions)
        else measure_cost(model, chosen.samples.images[0]),
    )
    return Outcome(
        judgement, chosen.samples.images, _predictions(card, chosen, answers)
    )


def choose(
    samples: Samples, split: str, split_file: Path | None, columns: NDArray[np.int64]
) -> Chosen:
    """The labelled pictures of a split.

    Args:
        samples: the whole data set.
        split: one of its own splits in any letter case, or a part of the split file.
        split_file: the split file; None for the data set's own splits.
        columns: int64 (K,), the model's output for each class of the data set.

    Raises:
        DataError: no such split, or no labels in it.
    """
    if split_file is None:
        split = {name.lower(): name for name in SPLITS}.get(split.lower(), split)
        samples.split(split)  # names the splits that there are
        name, places = split, np.flatnonzero(samples.splits == split)
    else:
        saved = read_split(split_file)
        saved.part(samples, split)  # refuses other pictures than those that were split
        name = saved.describe(split)
        places = np.array(saved.parts[split], np.int64)
    labelled = places[samples.labels[places] != UNLABELLED]
    if len(labelled) == 0:
        raise DataError(
            f"{samples.source}: the {len(places)} pictures of {name} have no labels, "
            "so nothing can be judged on them"
        )
    part = samples.take(labelled)
    numbered = Samples(
        part.images, columns[part.labels], part.splits, part.rows, part.source
    )
    return Chosen(name, labelled, numbered)


def _clean(samples: Samples, chosen: Chosen) -> NDArray[np.int64]:
    """Positions among the chosen pictures of those without a near-copy in Training.

    Raises:
        DataError: these are Training pictures, or there are none to look for copies in.
    """
    if chosen.name == TRAINING or not (samples.splits == TRAINING).any():
        raise DataError(
            f"{samples.source}: --clean leaves out what has a near-copy in Training, "
            + (
                "and these are Training's pictures; name another --split"
                if chosen.name == TRAINING
                else "but there are no Training pictures in it; name the data set with "
                "all its splits"
            )
        )
    kept = clean(find(samples), samples.splits, chosen.name)
    return np.flatnonzero(np.isin(chosen.places, kept))


def _votes(path: Path, samples: Samples, keys: tuple[str, ...]) -> Positions:
    """int64 (N, K), votes for each class of the data set; 0 where there are none."""
    votes = read_votes(path, samples, keys)
    counts = np.zeros((len(samples), len(keys)), np.int64)
    counts[votes.positions] = votes.counts
    return counts


def _answers(
    model: Predictor | Predictions, chosen: Chosen, kind: Kind | None
) -> Answers:
    images, labels = chosen.samples.images, chosen.samples.labels
    if isinstance(model, Predictions):
        return Answers(labels, _saved(model, chosen))
    plain = predict_all(model, images)
    if kind is None:
        return Answers(labels, plain)
    views = predict_views(model, images, kind)
    return Answers(labels, plain, views, kind)


def _saved(saved: Predictions, chosen: Chosen) -> FloatArray:
    """float32 (N, K), what was said about the chosen pictures.

    Raises:
        DataError: they are about other pictures.
    """
    digest, rows = picture_digest(chosen.samples.images), chosen.samples.rows
    known = saved.take(np.flatnonzero(saved.labels != UNLABELLED))
    if digest != saved.digest or not np.array_equal(known.rows, rows):
        raise DataError(
            f"the saved predictions are about {len(saved.rows)} pictures of "
            f"{saved.split}, and not about the {len(rows)} of {chosen.name} in "
            f"{chosen.samples.source}; name the data set and the --split that they "
            "were made for"
        )
    return known.probabilities


def _judge_clean(chosen: Chosen, answers: Answers, places: Positions) -> Judged:
    if len(places) == 0:
        raise DataError(
            f"{chosen.samples.source}: each picture of {chosen.name} has a near-copy "
            "in Training, so no clean subset is left; judge without --clean"
        )
    return judge(_clean_name(chosen), answers.take(places))


def _clean_name(chosen: Chosen) -> str:
    return f"clean {chosen.name}"


def _calibration(
    chosen: Chosen, answers: Answers, cleaned: Positions | None
) -> Calibration:
    """On the clean pictures where they are known: copies look better calibrated."""
    name, images = chosen.name, chosen.samples.images
    if cleaned is not None:
        name, images, answers = (
            _clean_name(chosen),
            images[cleaned],
            answers.take(cleaned),
        )
    groups = exact_groups(images)
    if len(np.unique(groups)) < FOLDS:
        raise DataError(
            f"{chosen.samples.source}: {len(groups)} pictures of {name} are too few to "
            f"calibrate on; expected at least {FOLDS} that differ"
        )
    return calibrate(name, answers.plain, answers.labels, groups)


def _predictions(card: ModelCard, chosen: Chosen, answers: Answers) -> Predictions:
    samples = chosen.samples
    return Predictions(
        answers.plain,
        samples.labels,
        samples.rows,
        card.labels,
        chosen.name,
        picture_digest(samples.images),
        card.name,
        card.digest,
        card,
    )
