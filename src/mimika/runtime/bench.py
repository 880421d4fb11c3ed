"""How fast the whole way from a picture to its emotions is, stage by stage."""

import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np

from mimika.core.cores import usable_cores
from mimika.core.results import Detail
from mimika.runtime.pipeline import Analyzer
from mimika.runtime.stages import STAGES, Stopwatch

WARM_UP = 5  # rounds that do not count
PERCENTILES = (50, 95, 99)
TOTAL = "total"
CPU_INFO = Path("/proc/cpuinfo")
PACKAGES = ("mimika", "onnxruntime", "numpy", "opencv-python-headless", "pillow")


@dataclass(frozen=True)
class Spread:
    """Milliseconds of one stage.

    Attributes:
        p50: median.
        p95: 95th percentile.
        p99: 99th percentile.
    """

    p50: float
    p95: float
    p99: float


def time_stages(
    analyzer: Analyzer, pictures: Sequence[bytes], detail: Detail, rounds: int
) -> dict[str, Spread]:
    """Milliseconds of each stage of an analysis, and of all of it.

    Args:
        analyzer: does the work.
        pictures: files, analysed in turn.
        detail: how carefully faces are looked for.
        rounds: how many analyses are timed.
    """
    spent: dict[str, list[float]] = {stage: [] for stage in (*STAGES, TOTAL)}
    for number in range(-WARM_UP, rounds):
        watch = Stopwatch()
        began = time.perf_counter()
        data = pictures[number % len(pictures)]
        analyzer.analyze(data, detail=detail, watch=watch)
        whole = time.perf_counter() - began
        if number >= 0:
            for stage in STAGES:
                spent[stage].append(watch.seconds.get(stage, 0.0))
            spent[TOTAL].append(whole)
    return {stage: _spread(values) for stage, values in spent.items()}


def time_batches(
    analyzer: Analyzer, batches: Sequence[int], rounds: int
) -> dict[int, float]:
    """Faces a second of the classifier, by how many it is given at a time.

    Args:
        analyzer: does the work.
        batches: how many crops at a time.
        rounds: how many runs are timed; the median counts.
    """
    side = analyzer.card.preprocess.size
    crops = np.random.default_rng(0).integers(0, 256, (max(batches), side, side))
    pixels = crops.astype(np.uint8)
    return {
        count: count / _median(partial(analyzer.classify, pixels[:count]), rounds)
        for count in batches
    }


def machine() -> Mapping[str, str | int]:
    """The processor, how many of its cores may be used, and versions."""
    versions = {name: version(name) for name in PACKAGES}
    return {
        "cpu": cpu_name(),
        "cores": usable_cores(),
        "python": platform.python_version(),
        **versions,
    }


def cpu_name() -> str:
    """What the processor calls itself."""
    if CPU_INFO.exists():
        for line in CPU_INFO.read_text().splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def _median(call: Callable[[], object], rounds: int) -> float:
    """Median of the seconds of a call."""
    seconds = []
    for number in range(-WARM_UP, rounds):
        began = time.perf_counter()
        call()
        if number >= 0:
            seconds.append(time.perf_counter() - began)
    return float(np.median(seconds))


def _spread(seconds: Sequence[float]) -> Spread:
    return Spread(*(1000 * np.percentile(seconds, PERCENTILES)).tolist())
