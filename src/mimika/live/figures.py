"""Frames per second and milliseconds by stage: of the last second, of a whole run."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

WINDOW_S = 1.0
HOLD_S = 0.5  # numbers that change faster cannot be read
MOST = 300  # frames of a file may come by the thousand in a second
BIN_MS = 0.1
BINS = 20_000  # up to 2 s; what takes longer counts as that


@dataclass(frozen=True)
class Steady:
    """Figures to be read by people.

    Attributes:
        frames_per_s: shown in a second; None before there are two.
        stage_ms: mean milliseconds by stage.
    """

    frames_per_s: float | None
    stage_ms: Mapping[str, float]


class RecentFigures:
    """What the frames of the last second took."""

    def __init__(
        self,
        window_s: float = WINDOW_S,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Begins with nothing measured."""
        self._window_s, self._clock = window_s, clock
        self._frames: deque[tuple[float, Mapping[str, float]]] = deque(maxlen=MOST)
        self._steady = Steady(None, {})
        self._until_s = 0.0

    def add(self, stage_ms: Mapping[str, float]) -> None:
        """Counts a frame that was shown just now."""
        now_s = self._clock()
        self._frames.append((now_s, stage_ms))
        while now_s - self._frames[0][0] > self._window_s:
            self._frames.popleft()

    def frames_per_s(self) -> float | None:
        """How many frames were shown in a second; None before there are two."""
        if len(self._frames) < 2:
            return None
        span_s = self._frames[-1][0] - self._frames[0][0]
        return (len(self._frames) - 1) / span_s if span_s > 0 else None

    def stage_ms(self) -> dict[str, float]:
        """The mean of each stage over the frames that had it, in the newest's order."""
        if not self._frames:
            return {}
        return {name: self._mean(name) for name in self._frames[-1][1]}

    def steady(self) -> Steady:
        """The same, held for half a second so that it can be read."""
        now_s = self._clock()
        if self._steady.frames_per_s is None or now_s >= self._until_s:
            self._steady = Steady(self.frames_per_s(), self.stage_ms())
            self._until_s = now_s + HOLD_S
        return self._steady

    def _mean(self, name: str) -> float:
        values = [stages[name] for _, stages in self._frames if name in stages]
        return sum(values) / len(values)


@dataclass(frozen=True)
class Summary:
    """A whole run.

    Attributes:
        frames: how many were looked at.
        dropped: how many were not.
        seconds: how long it took.
        p50_ms: half of the frames were on the screen at most so long after they came.
        p95_ms: likewise 95 in 100.
    """

    frames: int
    dropped: int
    seconds: float
    p50_ms: float
    p95_ms: float

    def __str__(self) -> str:
        """One line for people."""
        rate = self.frames / self.seconds if self.seconds > 0 else 0.0
        return (
            f"{self.frames} frames in {self.seconds:.1f} s ({rate:.1f}/s), "
            f"{self.dropped} dropped; from frame to screen {self.p50_ms:.1f} ms in the "
            f"middle, {self.p95_ms:.1f} ms for 95 in 100"
        )


class WholeRun:
    """Counts times into bins, so that hours take no more memory than seconds."""

    def __init__(self) -> None:
        """Begins with nothing measured."""
        self._bins = np.zeros(BINS, np.int64)  # [time in tenths of a millisecond]

    @property
    def frames(self) -> int:
        """How many were counted."""
        return int(self._bins.sum())

    def add(self, frame_to_screen_ms: float) -> None:
        """Counts a frame."""
        self._bins[min(BINS - 1, max(0, int(frame_to_screen_ms / BIN_MS)))] += 1

    def quantile_ms(self, share: float) -> float:
        """The time that this share of the frames did not exceed; 0 without frames."""
        counted = np.cumsum(self._bins)
        if counted[-1] == 0:
            return 0.0
        reached = int(np.searchsorted(counted, share * counted[-1]))
        return (reached + 1) * BIN_MS

    def summary(self, dropped: int, seconds: float) -> Summary:
        """The run so far."""
        p50_ms, p95_ms = self.quantile_ms(0.5), self.quantile_ms(0.95)
        return Summary(self.frames, dropped, seconds, p50_ms, p95_ms)
