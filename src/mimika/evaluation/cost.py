"""What an answer costs: the network's size and the time that it takes here."""

import time
from dataclasses import dataclass
from statistics import median

import numpy as np
from threadpoolctl import (  # type: ignore[import-untyped]  # it has no types
    threadpool_limits,
)

from mimika.core.predictor import Predictor
from mimika.core.preprocess import UInt8Array

BATCH = 64
LEAST_RUNS, MOST_RUNS = 3, 100
SECONDS = 0.25  # after which no further run is started


@dataclass(frozen=True)
class Cost:
    """What one picture costs, with its preprocessing.

    Attributes:
        parameters: number of trained values, from the card.
        multiply_adds: for one picture, from the card.
        ms_alone: median milliseconds for a picture by itself, on one thread.
        ms_in_batch: the same in a batch of 64.
    """

    parameters: int
    multiply_adds: int
    ms_alone: float
    ms_in_batch: float


def measure_cost(predictor: Predictor, image: UInt8Array) -> Cost:
    """Times a model on one thread; an ONNX model has to be opened with one.

    Args:
        predictor: the model.
        image: uint8 (H, W) or (H, W, 3), a picture of the usual size.
    """
    card = predictor.card
    with threadpool_limits(1):
        alone = _ms_a_picture(predictor, image[None])
        in_batch = _ms_a_picture(predictor, np.stack([image] * BATCH))
    return Cost(card.parameters, card.multiply_adds, alone, in_batch)


def _ms_a_picture(predictor: Predictor, images: UInt8Array) -> float:
    """Median over runs, after one that warms up."""
    predictor.predict(images)
    taken: list[float] = []
    start = time.perf_counter()
    while len(taken) < LEAST_RUNS or (
        len(taken) < MOST_RUNS and time.perf_counter() - start < SECONDS
    ):
        before = time.perf_counter()
        predictor.predict(images)
        taken.append(time.perf_counter() - before)
    return 1000 * median(taken) / len(images)
