"""Several models' answers as one: the mean probability.

Averaging probabilities is the arithmetic pool of Genest and Zidek, "Combining
Probability Distributions" (1986), section 2. Files about other rows are put side by
side, so that the models of a cross-validation become one teacher: each picture is
answered by the models that did not learn from it.
"""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from mimika.core.card import ModelCard
from mimika.core.errors import DataError
from mimika.evaluation.predictions import UNLABELLED, Predictions

Labels = NDArray[np.int64]


def pooled(members: Sequence[Predictions], name: str) -> Predictions:
    """The mean of all members' probabilities, row by row.

    Args:
        members: at least one; about the same pictures, or about parts of a data set of
            which each has equally many members.
        name: of the result.

    Returns:
        Sorted by row where the members are about different pictures; of equal ones the
        order stays, and with it their digest, so that the result can be compared.

    Raises:
        DataError: no members, other classes, a row with another label in another file,
            or rows of which some have more members than others.
    """
    if not members:
        raise DataError("no predictions to average; name some files")
    _check_classes(members)
    about = _about(members)
    places = {row: place for place, row in enumerate(about.rows.tolist())}
    total = np.zeros((len(about.rows), len(members[0].classes)))
    counts = np.zeros(len(about.rows), np.int64)
    labels = np.full(len(about.rows), UNLABELLED, np.int64)
    for member in members:
        at = np.array([places[row] for row in member.rows.tolist()], np.int64)
        _check_labels(member, labels[at], counts[at] > 0)
        labels[at] = member.labels
        counts[at] += 1
        total[at] += member.probabilities
    _check_counts(about.rows, counts)
    weights = sha256("\n".join(sorted(m.weights for m in members)).encode()).hexdigest()
    cards = [member.card for member in members if member.card is not None]
    known = [part for member in members for part in member.learned_from.split("; ")]
    parts = [part for part in dict.fromkeys(known) if part]
    is_whole = len(cards) == len(members) == counts.max()
    return replace(
        about,
        probabilities=(total / counts[:, None]).astype(np.float32),
        labels=labels,
        model=name,
        weights=weights,
        card=card_of(cards, name, weights) if is_whole else None,
        settings="",
        sources="; ".join(parts),
    )


def card_of(cards: Sequence[ModelCard], name: str, digest: str) -> ModelCard:
    """The card of an ensemble: costs add up, and what differs is listed.

    Args:
        cards: of its members, at least one.
        name: of the ensemble.
        digest: of its weights.
    """
    first = cards[0]

    def listed(key: str) -> str:
        return "; ".join(dict.fromkeys(str(getattr(card, key)) for card in cards))

    return first.model_copy(
        update={
            "name": name,
            "architecture": f"mean of {len(cards)}: {listed('architecture')}",
            "parameters": sum(card.parameters for card in cards),
            "multiply_adds": sum(card.multiply_adds for card in cards),
            "training_data": listed("training_data"),
            "selection": listed("selection"),
            "recipe": listed("recipe"),
            "licence": listed("licence"),
            "metrics": {},
            "temperature": 1.0,
            "calibrated_on": listed("calibrated_on"),
            "digest": digest,
        }
    )


def _about(members: Sequence[Predictions]) -> Predictions:
    """Rows, split and digest of the result; its other values are not meant."""
    first = members[0]
    if all(
        np.array_equal(first.rows, other.rows) and first.digest == other.digest
        for other in members
    ):
        return first
    rows = np.unique(np.concatenate([member.rows for member in members]))
    digests = "\n".join(sorted(member.digest for member in members))
    return replace(
        first,
        probabilities=np.zeros((len(rows), len(first.classes)), np.float32),
        labels=np.zeros(len(rows), np.int64),
        rows=rows,
        split="; ".join(dict.fromkeys(member.split for member in members)),
        digest=sha256(digests.encode()).hexdigest(),
    )


def _check_classes(members: Sequence[Predictions]) -> None:
    for member in members:
        if member.classes != members[0].classes:
            raise DataError(
                f"{members[0].model} answers {', '.join(members[0].classes)} and "
                f"{member.model} {', '.join(member.classes)}; expected the same "
                "classes in the same order"
            )


def _check_labels(member: Predictions, known: Labels, seen: NDArray[np.bool_]) -> None:
    """Refuses rows that stood for other pictures in the files before."""
    wrong = seen & (known != member.labels)
    if wrong.any():
        raise DataError(
            f"row {member.rows[wrong][0]} has another label in the predictions of "
            f"{member.model} on {member.split} than in those before them, so they are "
            "about other pictures; average predictions for one data set"
        )


def _check_counts(rows: Labels, counts: Labels) -> None:
    if counts.min() != counts.max():
        raise DataError(
            f"row {rows[counts.argmin()]} is in {counts.min()} of the files and row "
            f"{rows[counts.argmax()]} in {counts.max()}; expected each row in equally "
            "many"
        )
