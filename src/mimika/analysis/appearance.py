"""Brightness, contrast and sharpness of the pictures, and those that are blank."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mimika.analysis.pictures import Pictures
from mimika.analysis.sharpness import sharpness_of

BLANK_CONTRAST = 2.0  # grey levels: below that nothing can be seen in a picture
CHUNK = 4096
POINTS = (5, 25, 50, 75, 95)  # percentiles that are reported
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """The 5th, 25th, 50th, 75th and 95th percentile of a measure."""

    p5: float
    p25: float
    p50: float
    p75: float
    p95: float


@dataclass(frozen=True)
class Measure:
    """One measure over the pictures that are not blank.

    Attributes:
        name: what is measured.
        unit: its unit.
        everything: over all pictures.
        classes: by class; None where it has no picture.
        values: float64 (N,), of every picture.
    """

    name: str
    unit: str
    everything: Spread | None
    classes: tuple[Spread | None, ...]
    values: Floats


@dataclass(frozen=True)
class Appearance:
    """How the pictures look.

    Attributes:
        measures: brightness, contrast, sharpness.
        blank: int64 (B,), positions of blank pictures.
    """

    measures: tuple[Measure, ...]
    blank: NDArray[np.int64]


def measure_appearance(pictures: Pictures) -> Appearance:
    """Measures all pictures."""
    brightness, contrast = _mean_and_deviation(pictures)
    seen = contrast >= BLANK_CONTRAST
    if pictures.files is not None:
        sharpness = pictures.files.sharpness
    else:
        sharpness = np.array([sharpness_of(image) for image in pictures.images])
    unit = "grey levels"
    named = (
        ("brightness", "mean grey level, 0..255", brightness),
        ("contrast", f"standard deviation in {unit}", contrast),
        ("sharpness", f"deviation of the Laplacian in {unit}", sharpness),
    )
    return Appearance(
        tuple(_measure(pictures, name, unit, v, seen) for name, unit, v in named),
        np.flatnonzero(~seen),
    )


def _mean_and_deviation(pictures: Pictures) -> tuple[Floats, Floats]:
    means, deviations = [], []
    for start in range(0, len(pictures), CHUNK):
        chunk = pictures.images[start : start + CHUNK].astype(np.float32)
        means.append(chunk.mean(axis=(1, 2)))
        deviations.append(chunk.std(axis=(1, 2)))
    return (
        np.concatenate(means).astype(np.float64),
        np.concatenate(deviations).astype(np.float64),
    )


def _measure(
    pictures: Pictures, name: str, unit: str, values: Floats, seen: NDArray[np.bool_]
) -> Measure:
    order = np.argsort(pictures.labels[seen], kind="stable")
    labels, sorted_values = pictures.labels[seen][order], values[seen][order]
    edges = np.searchsorted(labels, np.arange(len(pictures.classes) + 1))
    classes = tuple(
        _spread(sorted_values[low:high]) for low, high in pairwise(edges.tolist())
    )
    return Measure(name, unit, _spread(values[seen]), classes, values)


def _spread(values: Floats) -> Spread | None:
    if not len(values):
        return None
    return Spread(*np.percentile(values, POINTS).tolist())
