"""Parts that the tests of the service share."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI

from mimika.core.listening import address_of, listen
from mimika.core.results import Analysis, Box, Face
from mimika.service.connections import protocol_with
from mimika.service.process import WorkerSpec
from mimika.service.schemas import LabelInfo, ModelInfo
from mimika.service.settings import ServiceSettings


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def spec(monkeypatch: pytest.MonkeyPatch) -> Callable[..., WorkerSpec]:
    """Makes specs of workers that run `fake_work.py`, a file beside this one."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))

    def make(**options: object) -> WorkerSpec:
        return WorkerSpec("fake_work:build", options, memory_mb=4096)

    return make


@pytest.fixture
def analysis() -> Analysis:
    """An answer with one face."""
    face = Face(
        box=Box(1, 2, 30, 40),
        score=0.9,
        label="large",
        probability=0.75,
        probabilities={"large": 0.75, "small": 0.25},
    )
    return Analysis(
        width=100,
        height=80,
        faces=(face,),
        faces_mode="find",
        detail="fast",
        task="parts",
        model="double",
        model_digest="0" * 64,
    )


@pytest.fixture
def model() -> ModelInfo:
    """A model of two classes."""
    labels = (
        LabelInfo(key="large", name="Large", colour="#d55e00"),
        LabelInfo(key="small", name="Small", colour="#009e73"),
    )
    return ModelInfo(
        name="double",
        task="parts",
        finds_faces=False,
        labels=labels,
        input_size=48,
        input_channels=1,
        digest="0" * 64,
        metrics={},
        intended_use="tests",
        limits="tests",
        licence="MIT",
        created="2026-01-01",
    )


@pytest.fixture
def settings(tmp_path: Path) -> ServiceSettings:
    """Settings with a limit of 100 kB, whatever the environment says."""
    return ServiceSettings(home=tmp_path, max_bytes=100_000, upload_s=1.0)


@pytest.fixture
def served() -> Iterator[Callable[[FastAPI], str]]:
    """Serves an application on a free port, and gives its address."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(_serving(app))


@contextmanager
def _serving(app: FastAPI) -> Iterator[str]:
    config = uvicorn.Config(
        app, log_config=None, access_log=False, http=protocol_with(1.0)
    )
    server = uvicorn.Server(config)
    with listen("127.0.0.1", 0) as listener:
        address = address_of(listener)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield address
        server.should_exit = True
        thread.join()
