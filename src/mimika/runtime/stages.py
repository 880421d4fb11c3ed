"""How long each stage of an analysis takes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

Stage = Literal["decode", "detect", "track", "crop", "classify", "explain"]
# of an analysis
STAGES: tuple[Stage, ...] = ("decode", "detect", "crop", "classify")


class Stopwatch:
    """Adds up the seconds of each stage; one for each job.

    Attributes:
        seconds: by stage; what was not reached is missing.
    """

    def __init__(self) -> None:
        """Begins with nothing measured."""
        self.seconds: dict[str, float] = {}

    @contextmanager
    def of(self, stage: Stage) -> Iterator[None]:
        """Counts the time of the `with` block to a stage."""
        began = time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - began
            self.seconds[stage] = self.seconds.get(stage, 0.0) + spent
