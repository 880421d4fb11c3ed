"""Timing shared by the benchmarks, and the yardstick that they all print."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np


@dataclass(frozen=True)
class Timing:
    """Milliseconds of one call.

    Attributes:
        p50: median.
        p95: 95th percentile.
    """

    p50: float
    p95: float

    def per(self, pictures: int) -> "Timing":
        """The same for one of several pictures that a call takes."""
        return Timing(self.p50 / pictures, self.p95 / pictures)


def timed(call: Callable[[], object], rounds: int, warm_up: int = 5) -> Timing:
    """Times a call, after some calls that do not count."""
    for _ in range(warm_up):
        call()
    spent = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        spent.append(1000 * (time.perf_counter() - start))
    return Timing(*np.percentile(spent, [50, 95]).tolist())


def timed_in_turn(
    calls: Mapping[str, Callable[[], object]], rounds: int, warm_up: int = 5
) -> dict[str, Timing]:
    """Times each call once a round, so that a machine's busy minute falls on all."""
    spent: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(warm_up + rounds):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            spent[name].append(1000 * (time.perf_counter() - start))
    return {
        name: Timing(*np.percentile(each[warm_up:], [50, 95]).tolist())
        for name, each in spent.items()
    }


def yardstick(rounds: int) -> Timing:
    """A 9 x 9 filter over 640 x 480 float32 values in OpenCV, on one thread.

    24.9 million multiply-adds that no change of mimika touches: its ratio to what is
    measured travels from machine to machine better than milliseconds do.
    """
    cv2.setNumThreads(1)
    picture = np.random.default_rng(0).random((480, 640), np.float32)
    kernel = np.random.default_rng(1).random((9, 9), np.float32)
    return timed(lambda: cv2.filter2D(picture, -1, kernel), rounds)


def row(name: str, timing: Timing, unit: Timing) -> str:
    """A line of the table: name, p50, p95, and the median in yardsticks."""
    ratio = timing.p50 / unit.p50
    return f"{name:36} {timing.p50:8.2f} {timing.p95:8.2f} {ratio:8.2f}"


HEADING = f"{'':36} {'p50 ms':>8} {'p95 ms':>8} {'ratio':>8}"
