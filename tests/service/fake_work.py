"""Work of every kind that a worker process may meet; the job's data says which.

Worker processes import this module by its name: the fixture `spec` puts its folder on
their path.
"""

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mimika.core.errors import BrokenImageError, ModelError
from mimika.core.results import Analysis
from mimika.service.schemas import LabelInfo, ModelInfo
from mimika.service.work import Done, Job, done_with

MODEL = ModelInfo(
    name="double",
    task="parts",
    finds_faces=False,
    labels=(
        LabelInfo(key="large", name="Large", colour="#d55e00"),
        LabelInfo(key="small", name="Small", colour="#009e73"),
    ),
    input_size=48,
    input_channels=1,
    digest="0" * 64,
    metrics={},
    intended_use="tests",
    limits="tests",
    licence="MIT",
    created="2026-01-01",
)


def answer() -> Analysis:
    """An analysis whose width is the id of the process that did it."""
    return Analysis(
        width=os.getpid(),
        height=1,
        faces=(),
        faces_mode="find",
        detail="fine",
        task="parts",
        model="double",
        model_digest="0" * 64,
    )


def sleep() -> None:
    time.sleep(30)


def nap() -> None:
    time.sleep(0.3)


def die() -> None:
    os._exit(3)


def die_once(mark: str) -> None:
    """Dies unless somebody has died here before."""
    path = Path(mark)
    if not path.exists():
        path.touch()
        os._exit(5)


HELD: list[bytearray] = []


def hold() -> None:
    HELD.append(bytearray(200_000_000))


def refuse() -> None:
    raise BrokenImageError("the picture is cut short")


def stumble() -> None:
    raise ZeroDivisionError("a secret of the inside")


def chat() -> None:
    os.write(1, b"a library prints without being asked")


def swallow() -> None:
    bytearray(8_000_000_000)


BEHAVIOURS: dict[bytes, Callable[[], None]] = {
    b"sleep": sleep,
    b"nap": nap,
    b"die": die,
    b"hold": hold,
    b"refuse": refuse,
    b"stumble": stumble,
    b"chat": chat,
    b"swallow": swallow,
}


class FakeWork:
    models = (MODEL,)
    kept_mb = 0

    def __init__(self, is_cold: bool = False) -> None:
        self._is_cold = is_cold

    def warm_up(self) -> None:
        if self._is_cold:
            raise ModelError("the model does not run")

    def __call__(self, job: Job) -> Done:
        if job.data.startswith(b"die once "):
            die_once(job.data.removeprefix(b"die once ").decode())
        BEHAVIOURS.get(job.data, lambda: None)()
        return done_with(answer(), {"decode": 0.25})


def build(options: Mapping[str, Any]) -> FakeWork:
    if "fail" in options:
        raise ModelError("the model is not a model")
    if "die" in options:
        os._exit(4)
    return FakeWork(is_cold="cold" in options)
