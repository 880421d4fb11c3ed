import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI, Response

from mimika.core.errors import (
    BrokenImageError,
    ImageTooLargeError,
    MimikaError,
    ServiceBusyError,
    ServiceError,
    ServiceTimeoutError,
    ServiceUnavailableError,
    UnsupportedImageError,
    WorkerCrashedError,
)
from mimika.core.listening import address_of, listen
from mimika.core.results import Analysis
from mimika.service.api import create_app
from mimika.service.client import ServiceClient
from mimika.service.schemas import ModelInfo
from mimika.service.settings import ServiceSettings
from mimika.service.twins import InMemoryPool
from mimika.service.work import Job

MakeClient = Callable[[Callable[[Job], Analysis]], ServiceClient]


@pytest.fixture
def client(
    settings: ServiceSettings, model: ModelInfo, served: Callable[[FastAPI], str]
) -> MakeClient:
    def make(work: Callable[[Job], Analysis]) -> ServiceClient:
        pool = InMemoryPool(work, (model,))
        return ServiceClient(served(create_app(settings, pool)) + "/", timeout_s=10)

    return make


def test_an_analysis_comes_back_as_it_was_made(
    client: MakeClient, analysis: Analysis
) -> None:
    jobs: list[Job] = []

    def work(job: Job) -> Analysis:
        jobs.append(job)
        return analysis

    asked = client(work)
    answer = asked.analyze(b"data", faces="whole", detail="fast", request_id="abc")
    assert answer == analysis
    assert (jobs[0].data, jobs[0].request_id) == (b"data", "abc")
    assert (jobs[0].options.faces, jobs[0].options.detail) == ("whole", "fast")


def test_models_and_readiness_are_asked_for(
    client: MakeClient, analysis: Analysis, model: ModelInfo
) -> None:
    asked = client(lambda job: analysis)
    assert asked.ready()
    assert asked.models() == [model]


@pytest.mark.parametrize(
    "error",
    [
        UnsupportedImageError("not a picture"),
        ImageTooLargeError("too large"),
        BrokenImageError("cut short"),
        ServiceTimeoutError("too late"),
        WorkerCrashedError("died"),
        ServiceUnavailableError("stopping"),
    ],
)
def test_the_services_error_is_raised_again(
    client: MakeClient, error: MimikaError
) -> None:
    def work(job: Job) -> Analysis:
        raise error

    with pytest.raises(type(error), match=f"^{error}$"):
        client(work).analyze(b"data")


def test_a_busy_service_tells_when_to_try_again(client: MakeClient) -> None:
    def work(job: Job) -> Analysis:
        raise ServiceBusyError("full", retry_after_s=5)

    with pytest.raises(ServiceBusyError) as busy:
        client(work).analyze(b"data")
    assert busy.value.retry_after_s == 5


def test_a_service_that_is_not_there_is_unavailable_and_not_ready() -> None:
    with listen("127.0.0.1", 0) as listener:
        address = address_of(listener)  # free again after this block
    nobody = ServiceClient(address)
    assert not nobody.ready()
    with pytest.raises(ServiceUnavailableError, match="mimika serve"):
        nobody.analyze(b"data")


def test_a_service_that_stays_silent_is_a_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        slow = ServiceClient(address_of(silent), timeout_s=0.2)
        with pytest.raises(ServiceTimeoutError, match=r"within 0\.2 s"):
            slow.models()


@pytest.mark.parametrize(
    "answer",
    [
        Response("<html>", 200),
        Response("{}", 200, media_type="application/json"),
        Response("<html>", 502),
        Response("[]", 400, media_type="application/problem+json"),
    ],
)
def test_another_program_at_that_address_is_a_clear_error(
    served: Callable[[FastAPI], str], answer: Response
) -> None:
    stranger = FastAPI()
    stranger.add_api_route("/v1/models", lambda: answer, response_class=Response)
    with pytest.raises(ServiceError, match=r"is another program.*listening there\?"):
        ServiceClient(served(stranger)).models()


def test_no_proxy_gets_to_see_the_pictures(
    client: MakeClient, analysis: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert client(lambda job: analysis).analyze(b"data") == analysis


def test_the_client_loads_nothing_of_the_server(tmp_path: Path) -> None:
    code = (
        "import sys, mimika.service.client as _;"
        "print([m for m in ('fastapi', 'starlette', 'uvicorn', 'onnxruntime',"
        "'pydantic_settings', 'mimika.runtime') if m in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"
