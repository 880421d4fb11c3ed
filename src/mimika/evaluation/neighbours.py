"""What the most similar training pictures are: a classifier without training.

Cover and Hart, "Nearest Neighbor Pattern Classification" (1967), on what a trained
network sees in a picture (its features before the classifier): Papernot and McDaniel,
"Deep k-Nearest Neighbors" (2018), section III. We weigh the neighbours by their
similarity: Wu et al., "Unsupervised Feature Learning via Non-Parametric Instance
Discrimination" (2018), section 3.4. Checked against scikit-learn in the tests.

Its answers differ from the network's own most where a picture is nearly a copy of one
that was learned from, so that they are a useful member of an ensemble.
"""

import numpy as np
from numpy.typing import NDArray

from mimika.core.errors import DataError
from mimika.core.preprocess import FloatArray

CHUNK = 512  # pictures compared with all known ones at a time: 60 MB for FER2013


def directions(features: FloatArray, centre: FloatArray) -> FloatArray:
    """Features as seen from a centre, each with length 1.

    Args:
        features: float32 (N, F).
        centre: float32 (F,), such as the mean of all known features.

    Returns:
        float32 (N, F); a row that is the centre itself stays 0.
    """
    moved = features - centre
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    return np.asarray(moved / np.maximum(lengths, np.finfo(np.float32).tiny))


def neighbour_votes(
    asked: FloatArray,
    known: FloatArray,
    labels: NDArray[np.int64],
    classes: int,
    *,
    count: int,
    temperature: float,
) -> FloatArray:
    """Probabilities from the labels of the most similar known pictures.

    Args:
        asked: float32 (N, F), rows of length 1 (`directions`).
        known: float32 (M, F), likewise.
        labels: int64 (M,), their classes, 0..K-1.
        classes: K.
        count: how many neighbours vote.
        temperature: a vote weighs exp(cosine / temperature).

    Returns:
        float32 (N, K), rows sum to 1.

    Raises:
        DataError: fewer known pictures than neighbours.
    """
    if not 1 <= count <= len(known):
        raise DataError(
            f"{count} neighbours among {len(known)} known pictures; expected 1 to "
            f"{len(known)}"
        )
    votes = np.eye(classes, dtype=np.float32)[labels]
    found = np.empty((len(asked), classes), np.float32)
    for start in range(0, len(asked), CHUNK):
        part = slice(start, start + CHUNK)
        similar = asked[part] @ known.T  # (C, M)
        nearest = np.argpartition(-similar, count - 1, axis=1)[:, :count]
        cosines = np.take_along_axis(similar, nearest, axis=1)
        weights = np.exp((cosines - cosines.max(axis=1, keepdims=True)) / temperature)
        weights /= weights.sum(axis=1, keepdims=True)
        found[part] = np.einsum("ck,ckl->cl", weights, votes[nearest])
    return found
