"""What labels follow from several sources: models' held-out answers and crowd votes.

Stacked generalisation (Wolpert, "Stacked Generalization" (1992)): a multinomial
logistic regression learns how the sources go with the labels, always from other
pictures than those that it then answers. Its answers speak of the data set's labels
also where a source has other habits: FER+ raters call much Neutral that FER2013 calls
Fear. As soft targets they are better than any of the sources.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from mimika.core.errors import DataError
from mimika.core.preprocess import FloatArray
from mimika.evaluation.ensemble import pooled
from mimika.evaluation.predictions import UNLABELLED, Predictions

Labels = NDArray[np.int64]
SMALLEST = 1e-4  # smaller probabilities say no more than this one
STEPS = (0.0, 0.3, 0.5)  # shares of the votes: some, more than a slip, most
MOST_ITERATIONS = 2000


def vote_features(counts: Labels, others: Labels, no_face: Labels | None) -> FloatArray:
    """Crowd votes in the form in which a logistic regression can use them.

    Args:
        counts: int64 (N, K), votes for each class.
        others: int64 (N,), votes for anything else.
        no_face: int64 (N,), votes that it is no face; None where nobody could say so.

    Returns:
        float32 (N, V) in 0..1: share of each answer, its square root, and whether it is
        above each of `STEPS`. All zero where nobody voted.
    """
    rest = [others] if no_face is None else [others, no_face]
    answers = np.column_stack([counts, *rest]).astype(np.float32)
    shares = answers / np.maximum(answers.sum(axis=1, keepdims=True), 1)
    steps = [shares > step for step in STEPS]
    return np.concatenate([shares, np.sqrt(shares), *steps], axis=1, dtype=np.float32)


def held_out(
    features: FloatArray, labels: Labels, folds: Sequence[Labels], classes: int
) -> FloatArray:
    """Probabilities of the labels, for each fold learned from all others.

    Args:
        features: float32 (N, D), of about the size of 1.
        labels: int64 (N,), 0..K-1.
        folds: positions of the pictures of each; together all N, each once.
        classes: K.

    Returns:
        float32 (N, K), rows sum to 1; 0 for a class that the other folds do not have.

    Raises:
        DataError: the pictures outside a fold are all of one class.
    """
    found = np.zeros((len(labels), classes), np.float32)
    for fold in folds:
        others = np.setdiff1d(np.arange(len(labels)), fold)
        if len(np.unique(labels[others])) < 2:
            raise DataError(
                f"{len(others)} pictures outside a fold and no two labels among them: "
                "too few to learn what the sources say about labels"
            )
        model = LogisticRegression(max_iter=MOST_ITERATIONS)
        model.fit(features[others], labels[others])
        found[np.ix_(fold, model.classes_)] = model.predict_proba(features[fold])
    return found


def stacked(
    members: Sequence[Predictions], name: str, votes: FloatArray | None = None
) -> Predictions:
    """Probabilities of the labels, from all sources.

    Args:
        members: answers of a cross-validation about its held-out folds: for each fold
            those of the same models in the same order.
        name: of the result.
        votes: float32 (N, V), what `vote_features` makes, rows rising.

    Returns:
        For all rows, rising.

    Raises:
        DataError: not the folds of a cross-validation, or rows without a label.
    """
    folds = _folds(members)
    about = pooled(members, name)
    if (about.labels == UNLABELLED).any():
        row = about.rows[about.labels == UNLABELLED][0]
        raise DataError(f"row {row} has no label; stacking learns from labels")
    places = [np.searchsorted(about.rows, fold[0].rows) for fold in folds]
    models = [np.zeros_like(about.probabilities) for _ in folds[0]]
    for at, fold in zip(places, folds, strict=True):
        for model, member in zip(models, fold, strict=True):
            model[at] = np.log(np.maximum(member.probabilities, SMALLEST))
    sources = models if votes is None else [*models, votes]
    features = np.concatenate(sources, axis=1)
    found = held_out(features, about.labels, places, len(about.classes))
    return replace(about, probabilities=found)


def _folds(members: Sequence[Predictions]) -> list[list[Predictions]]:
    """The members of each fold, in their order."""
    folds: dict[bytes, list[Predictions]] = {}
    for member in members:
        folds.setdefault(member.rows.tobytes(), []).append(member)
    found = list(folds.values())
    if len(found) < 2:
        raise DataError(
            "all predictions are about the same pictures; expected the held-out folds "
            "of a cross-validation, at least two"
        )
    rows = np.concatenate([fold[0].rows for fold in found])
    values, times = np.unique(rows, return_counts=True)
    if times.max() > 1:
        raise DataError(
            f"row {values[times.argmax()]} is in {times.max()} folds; expected each in "
            "one"
        )
    return found
