import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import FastAPI, Response
from pydantic import SecretStr

from mimika.core.errors import (
    BrokenImageError,
    ConfigError,
    ImageTooLargeError,
    InputError,
    MimikaError,
    ServiceBusyError,
    ServiceError,
    ServiceKeyError,
    ServiceTimeoutError,
    ServiceUnavailableError,
    UnsupportedImageError,
    WorkerCrashedError,
)
from mimika.core.listening import address_of, listen
from mimika.core.results import Analysis
from mimika.service.api import create_app
from mimika.service.client import PNG_START, ServiceClient
from mimika.service.schemas import ExplainOptions, ModelInfo
from mimika.service.settings import ServiceSettings
from mimika.service.twins import InMemoryPool
from mimika.service.work import Done, Job

MakeClient = Callable[[Callable[[Job], Analysis | Done]], ServiceClient]


@pytest.fixture
def client(
    settings: ServiceSettings, model: ModelInfo, served: Callable[[FastAPI], str]
) -> MakeClient:
    def make(work: Callable[[Job], Analysis | Done]) -> ServiceClient:
        pool = InMemoryPool(work, (model,))
        address = served(create_app(settings, pool))
        return ServiceClient(address + "/", timeout_s=10, retries=2)

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


def test_an_explanation_comes_back_as_it_was_drawn(
    client: MakeClient, analysis: Analysis
) -> None:
    jobs: list[Job] = []
    drawing = PNG_START + b"the rest of a drawing"

    def work(job: Job) -> Done:
        jobs.append(job)
        return Done(drawing, 0)

    (face,) = analysis.faces
    asked = client(work)
    assert asked.explain(b"data", face, side=64, request_id="abc") == drawing
    options = jobs[0].options
    assert isinstance(options, ExplainOptions)
    assert (jobs[0].data, jobs[0].request_id) == (b"data", "abc")
    assert (options.side, options.face.box) == (64, face.box)
    assert (options.face.label, options.face.landmarks) == (face.label, face.landmarks)


def test_a_face_of_another_picture_is_an_error_of_the_input(
    client: MakeClient, analysis: Analysis
) -> None:
    def work(job: Job) -> Analysis:
        raise InputError("the box does not lie inside the picture")

    (face,) = analysis.faces
    with pytest.raises(InputError, match="does not lie inside"):
        client(work).explain(b"data", face)
    with pytest.raises(ConfigError, match="option 'side' is '9'"):
        client(work).explain(b"data", face, side=9)


def test_a_drawing_that_is_no_picture_is_a_clear_error(
    client: MakeClient, analysis: Analysis
) -> None:
    (face,) = analysis.faces
    with pytest.raises(ServiceError, match="not a PNG picture; is another program"):
        client(lambda job: analysis).explain(b"data", face)


def test_models_and_readiness_are_asked_for(
    client: MakeClient, analysis: Analysis, model: ModelInfo
) -> None:
    asked = client(lambda job: analysis)
    assert asked.ready()
    assert asked.models() == [model.model_copy(update={"is_default": True})]


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


class Faltering:
    """Work that fails so many times before it answers, and counts the calls."""

    def __init__(self, errors: list[MimikaError], analysis: Analysis) -> None:
        self.errors, self.analysis, self.calls = errors, analysis, 0

    def __call__(self, job: Job) -> Analysis:
        self.calls += 1
        if self.errors:
            raise self.errors.pop()
        return self.analysis


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made, without waiting for their end."""
    made: list[float] = []
    clock = SimpleNamespace(sleep=made.append)
    monkeypatch.setattr("mimika.service.client.time", clock)
    return made


def test_a_busy_or_starting_service_is_asked_again_after_growing_pauses(
    client: MakeClient, analysis: Analysis, pauses: list[float]
) -> None:
    errors = [ServiceBusyError("full", 3), ServiceUnavailableError("starting")]
    work = Faltering(errors, analysis)
    assert client(work).analyze(b"data") == analysis
    assert work.calls == 3
    first, second = pauses  # the unavailable one came first
    assert 0.1 <= first <= 0.2
    assert 3.2 <= second <= 3.4


def test_after_the_last_retry_the_error_is_raised(
    client: MakeClient, analysis: Analysis, pauses: list[float]
) -> None:
    work = Faltering([ServiceBusyError("full") for _ in range(9)], analysis)
    with pytest.raises(ServiceBusyError):
        client(work).analyze(b"data")
    assert (work.calls, len(pauses)) == (3, 2)


@pytest.mark.parametrize(
    "error",
    [
        WorkerCrashedError("died"),
        ServiceTimeoutError("late"),
        BrokenImageError("cut"),
        ServiceError("failed"),
    ],
)
def test_what_took_too_long_or_failed_is_not_sent_again(
    client: MakeClient, analysis: Analysis, pauses: list[float], error: MimikaError
) -> None:
    work = Faltering([error], analysis)
    with pytest.raises(type(error)):
        client(work).analyze(b"data")
    assert (work.calls, pauses) == (1, [])


def test_the_key_is_sent_and_a_wrong_one_is_named(
    settings: ServiceSettings,
    model: ModelInfo,
    analysis: Analysis,
    served: Callable[[FastAPI], str],
) -> None:
    locked = settings.model_copy(update={"key": SecretStr("the key")})
    pool = InMemoryPool(lambda job: analysis, (model,))
    address = served(create_app(locked, pool))
    assert ServiceClient(address, key="the key").analyze(b"data") == analysis
    for key in (None, "another"):
        with pytest.raises(ServiceKeyError, match="X-API-Key"):
            ServiceClient(address, key=key).analyze(b"data")


@pytest.mark.parametrize("address", ["127.0.0.1:8100", "ftp://x", "http://", ""])
def test_what_is_no_address_is_refused_with_one_that_is(address: str) -> None:
    with pytest.raises(ConfigError, match=r"such as http://127\.0\.0\.1:8100"):
        ServiceClient(address)


def test_a_service_that_is_not_there_is_unavailable_and_not_ready() -> None:
    with listen("127.0.0.1", 0) as listener:
        address = address_of(listener)  # free again after this block
    nobody = ServiceClient(address, retries=0)
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
