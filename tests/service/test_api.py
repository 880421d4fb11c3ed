import re
from collections.abc import Callable
from typing import Any

import pytest
import requests
from fastapi import FastAPI
from pydantic import SecretStr

from mimika.core.errors import (
    BrokenImageError,
    ImageTooLargeError,
    ModelError,
    ServiceBusyError,
    ServiceTimeoutError,
    UnsupportedImageError,
    WorkerCrashedError,
)
from mimika.core.results import Analysis
from mimika.service.api import create_app
from mimika.service.schemas import ExplainOptions, ModelInfo
from mimika.service.settings import ServiceSettings
from mimika.service.twins import InMemoryPool
from mimika.service.work import Done, Job

Work = Callable[[Job], Analysis | Done]
PICTURE = {"file": ("a.png", b"the bytes of a picture", "image/png")}
FACE = '{"box":[1,2,3,4],"label":"large","landmarks":null,"tilt_degrees":-7}'


class Client:
    """Asks a service, over a real connection."""

    def __init__(self, base: str) -> None:
        self.base = base

    def get(self, path: str, **sent: Any) -> requests.Response:
        return requests.get(self.base + path, timeout=10, **sent)

    def post(self, path: str, **sent: Any) -> requests.Response:
        return requests.post(self.base + path, timeout=10, **sent)


MakeClient = Callable[..., Client]


@pytest.fixture
def client(
    settings: ServiceSettings, model: ModelInfo, served: Callable[[FastAPI], str]
) -> MakeClient:
    """Serves an app whose pool does this work, and makes a client of it."""

    def make(work: Work, places: int = 4) -> Client:
        pool = InMemoryPool(work, (model,), places)
        return Client(served(create_app(settings, pool)))

    return make


def raising(error: Exception) -> Work:
    def work(job: Job) -> Analysis:
        raise error

    return work


def test_an_analysis_is_answered_as_the_worker_made_it(
    client: MakeClient, analysis: Analysis
) -> None:
    response = client(lambda job: analysis).post("/v1/analyze", files=PICTURE)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert Analysis.model_validate_json(response.content) == analysis


@pytest.mark.parametrize("where", ["data", "params"])
def test_options_come_from_the_form_or_from_the_query(
    client: MakeClient, analysis: Analysis, where: str
) -> None:
    jobs: list[Job] = []

    def work(job: Job) -> Analysis:
        jobs.append(job)
        return analysis

    chosen = {"faces": "whole", "detail": "fast", "task": "parts", "model": "double"}
    given = {where: chosen}
    client(work).post("/v1/analyze", files=PICTURE, **given)
    assert jobs[0].options.model_dump() == chosen
    assert jobs[0].data == b"the bytes of a picture"


@pytest.mark.parametrize("more", [{}, {"side": "64"}])
def test_an_explanation_is_answered_as_the_worker_drew_it(
    client: MakeClient, more: dict[str, str]
) -> None:
    jobs: list[Job] = []

    def work(job: Job) -> Done:
        jobs.append(job)
        return Done(b"the bytes of a drawing", 0, {"explain": 0.5})

    asked = client(work)
    sent = {"face": FACE, **more}
    response = asked.post("/v1/explain", files=PICTURE, data=sent)
    assert response.status_code == 200
    assert response.headers["content-type"] == "image/png"
    assert response.content == b"the bytes of a drawing"
    options = jobs[0].options
    assert isinstance(options, ExplainOptions)
    assert options.side == int(more.get("side", 192))
    assert (options.face.box, options.face.tilt_degrees) == ((1, 2, 3, 4), -7)
    counters = asked.get("/metrics").text.splitlines()
    assert 'mimika_stage_seconds_sum{stage="explain"} 0.5' in counters
    assert "mimika_faces_total 0.0" in counters


def test_a_whole_face_of_an_answer_may_be_sent_as_it_is(
    client: MakeClient, analysis: Analysis
) -> None:
    (face,) = analysis.faces
    asked = client(lambda job: Done(b"drawn", 0))
    sent = {"face": face.model_dump_json()}
    assert asked.post("/v1/explain", files=PICTURE, data=sent).content == b"drawn"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "option 'face' is missing; send as 'face' the JSON"),
        ({"face": "{"}, "Invalid JSON"),
        ({"face": "[]"}, "option 'face' is '[]'"),
        ({"face": "{}"}, "option 'face.box' is missing"),
        ({"face": FACE.replace("1,2,", "")}, "option 'face.box.2' is missing"),
        ({"face": FACE.replace("1,", '"1",')}, "'face.box.0' is '1': Input should be"),
        ({"face": FACE.replace("-7", "-180")}, "'face.tilt_degrees' is '-180'"),
        ({"face": FACE.replace("null", "[]")}, "option 'face.landmarks' is '[]'"),
        ({"face": FACE, "side": "47"}, "option 'side' is '47'"),
        ({"face": FACE, "side": "513"}, "option 'side' is '513'"),
        ({"face": FACE, "detail": "fine"}, "there is no option 'detail'"),
        ({"face": "1" * 9000}, "not a readable multipart form"),
    ],
)
def test_a_face_that_cannot_be_used_is_told_why(
    client: MakeClient, sent: dict[str, str], words: str
) -> None:
    never = client(raising(AssertionError("no job may reach the pool")))
    response = never.post("/v1/explain", files=PICTURE, data=sent)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert words in response.json()["detail"]


@pytest.mark.parametrize(
    ("error", "status", "slug"),
    [
        (UnsupportedImageError("x"), 415, "unsupported-image"),
        (ImageTooLargeError("x"), 413, "image-too-large"),
        (BrokenImageError("x"), 422, "broken-image"),
        (ModelError("x"), 422, "unknown-model"),
        (ServiceTimeoutError("x"), 504, "deadline"),
        (WorkerCrashedError("x"), 503, "worker-crashed"),
    ],
)
def test_each_error_is_a_problem_with_its_own_type(
    client: MakeClient, error: Exception, status: int, slug: str
) -> None:
    response = client(raising(error)).post("/v1/analyze", files=PICTURE)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == f"urn:mimika:problem:{slug}"
    assert problem["status"] == status
    assert problem["detail"] == "x"
    assert problem["title"]
    assert problem["request_id"] == response.headers["x-request-id"]


def test_an_unforeseen_error_keeps_its_words_for_the_log(
    client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = client(raising(ZeroDivisionError("a secret"))).post(
        "/v1/analyze", files=PICTURE, headers={"X-Request-ID": "abc"}
    )
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-request-id"] == "abc"
    assert "secret" not in response.text
    assert "ZeroDivisionError: a secret" in caplog.text


def test_a_full_service_says_when_to_try_again(client: MakeClient) -> None:
    full = client(raising(ServiceBusyError("all taken", retry_after_s=7)))
    response = full.post("/v1/analyze", files=PICTURE)
    assert response.status_code == 503
    assert response.headers["retry-after"] == "7"


def test_a_full_service_refuses_before_it_reads_the_picture(
    client: MakeClient, analysis: Analysis
) -> None:
    response = client(lambda job: analysis, places=0).post("/v1/analyze", data=b"-")
    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"data": b"x"}, 415, "send multipart/form-data"),
        ({"json": {"file": "x"}}, 415, "application/json"),
        ({"files": {"picture": b"x"}}, 422, "the form has 'picture'"),
        ({"files": {"file": (None, "text")}}, 422, "as a file in the field 'file'"),
        ({"files": PICTURE, "data": {"faces": "all"}}, 422, "'find' or 'whole'"),
        ({"files": PICTURE, "data": {"detail": ""}}, 422, "option 'detail' is ''"),
        (
            {"files": PICTURE, "data": {"colour": "red"}},
            422,
            "there is no option 'colour'",
        ),
        ({"files": [("file", b"a"), ("file", b"b")]}, 422, "Too many files"),
        ({"files": {"file": b"x" * 100_001}}, 413, "more than 0.1 MB"),
        ({"files": {"file": b"x" * 200_000}}, 413, "more than 0.1 MB"),
        (
            {"data": b"x", "headers": {"Content-Type": "multipart/form-data"}},
            422,
            "Missing boundary",
        ),
        (
            {
                "data": b"no form at all",
                "headers": {"Content-Type": "multipart/form-data; boundary=b"},
            },
            422,
            "not a readable multipart form",
        ),
        (
            {
                "data": b'--b\r\nContent-Disposition: form-data; name="file"; '
                b'filename="a"\r\n\r\ncut short',
                "headers": {"Content-Type": "multipart/form-data; boundary=b"},
            },
            422,
            "the form is cut short",
        ),
    ],
)
def test_a_request_that_cannot_be_used_is_told_why(
    client: MakeClient, sent: dict[str, Any], status: int, words: str
) -> None:
    never = client(raising(AssertionError("no job may reach the pool")))
    response = never.post("/v1/analyze", **sent)
    assert (response.status_code, response.headers["content-type"]) == (
        status,
        "application/problem+json",
    )
    assert words in response.json()["detail"]


def test_unknown_paths_and_methods_are_problems_too(client: MakeClient) -> None:
    unused = client(raising(AssertionError()))
    missing, method = unused.get("/nowhere"), unused.get("/v1/analyze")
    assert (missing.status_code, method.status_code) == (404, 405)
    assert method.headers["allow"] == "POST"
    for response in (missing, method):
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["type"] == "about:blank"
        assert response.json()["request_id"]


def test_a_service_without_a_ready_worker_says_so(
    settings: ServiceSettings, analysis: Analysis, served: Callable[[FastAPI], str]
) -> None:
    class Starting(InMemoryPool):
        async def start(self) -> None:
            """Does not become ready."""

    starting = Client(served(create_app(settings, Starting(lambda job: analysis))))
    for path in ("/readyz", "/v1/models"):
        response = starting.get(path)
        assert response.status_code == 503
        assert response.headers["retry-after"] == "1"
        assert response.headers["content-type"] == "application/problem+json"
    assert starting.get("/livez").json() == {"status": "ok"}


def test_a_stopping_service_takes_no_more_pictures(
    settings: ServiceSettings, analysis: Analysis, served: Callable[[FastAPI], str]
) -> None:
    pool = InMemoryPool(lambda job: analysis)
    asked = Client(served(create_app(settings, pool)))
    assert asked.get("/readyz").json() == {"status": "ok"}
    pool.drain()
    stopping = asked.get("/readyz")
    assert stopping.status_code == 503
    assert "stopping" in stopping.json()["detail"]
    assert asked.post("/v1/analyze", files=PICTURE).status_code == 503
    assert asked.get("/livez").json() == {"status": "ok"}


def test_models_are_listed_with_classes_and_colours(
    client: MakeClient, model: ModelInfo, analysis: Analysis
) -> None:
    listed = client(lambda job: analysis).get("/v1/models").json()["models"]
    default = model.model_copy(update={"is_default": True})
    assert [ModelInfo.model_validate(each) for each in listed] == [default]
    first = {"key": "large", "name": "Large", "colour": "#d55e00"}
    assert listed[0]["labels"][0] == first


@pytest.mark.parametrize("path", ["/v1/analyze", "/v1/explain", "/v1/models"])
@pytest.mark.parametrize("sent", [None, "wrong", "th\xe9 key", "the key2"])
def test_a_service_with_a_key_answers_nobody_without_it(
    settings: ServiceSettings,
    analysis: Analysis,
    model: ModelInfo,
    served: Callable[[FastAPI], str],
    path: str,
    sent: str | None,
) -> None:
    locked = settings.model_copy(update={"key": SecretStr("the key")})
    pool = InMemoryPool(lambda job: analysis, (model,))
    asked = Client(served(create_app(locked, pool)))
    headers = {} if sent is None else {"X-API-Key": sent.encode("latin-1")}
    ask = asked.get if path == "/v1/models" else asked.post
    response = ask(path, headers=headers)
    assert response.status_code == 401
    assert "X-API-Key" in response.headers["www-authenticate"]
    assert response.json()["type"] == "urn:mimika:problem:wrong-key"
    assert asked.get("/readyz").status_code == 200
    let_in = {"X-API-Key": "the key"}
    answer = asked.post("/v1/analyze", files=PICTURE, headers=let_in)
    assert answer.status_code == 200
    assert asked.get("/v1/models", headers=let_in).status_code == 200


def test_metrics_count_by_path_template_and_status(
    client: MakeClient, analysis: Analysis
) -> None:
    asked = client(lambda job: analysis)
    asked.post("/v1/analyze", files=PICTURE)
    asked.post("/v1/analyze", data=b"-")
    asked.get("/made/up/1")
    asked.get("/made/up/2")
    text = asked.get("/metrics").text
    for line in (
        'mimika_requests_total{method="POST",path="/v1/analyze",status="200"} 1.0',
        'mimika_requests_total{method="POST",path="/v1/analyze",status="415"} 1.0',
        'mimika_requests_total{method="any",path="unmatched",status="404"} 2.0',
        'mimika_request_seconds_count{path="/v1/analyze"} 2.0',
        "mimika_faces_total 1.0",
        "mimika_queued 0.0",
        "mimika_workers_ready 1.0",
    ):
        assert line in text.splitlines()
    assert "made/up" not in text


def test_two_applications_do_not_share_their_counters(
    client: MakeClient, analysis: Analysis
) -> None:
    client(lambda job: analysis).post("/v1/analyze", files=PICTURE)
    other = client(lambda job: analysis).get("/metrics").text
    assert "mimika_faces_total 0.0" in other.splitlines()


def test_openapi_lists_the_form_and_every_error(
    client: MakeClient, analysis: Analysis
) -> None:
    asked = client(lambda job: analysis)
    document = asked.get("/openapi.json").json()
    post = document["paths"]["/v1/analyze"]["post"]
    expected = {"200", "400", "401", "408", "413", "415", "422", "500", "503", "504"}
    assert set(post["responses"]) == expected
    for status in expected - {"200"}:
        assert "application/problem+json" in post["responses"][status]["content"]
    form = post["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert form["required"] == ["file"]
    assert set(form["properties"]) == {"file", "faces", "detail", "task", "model"}
    assert "503" in document["paths"]["/readyz"]["get"]["responses"]
    used = set(re.findall(r"#/components/schemas/(\w+)", str(document)))
    assert used <= set(document["components"]["schemas"])
    assert asked.get("/docs").status_code == 404


def test_the_log_has_the_request_and_nothing_of_the_picture(
    client: MakeClient, analysis: Analysis, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    asked = client(lambda job: analysis)
    asked.post("/v1/analyze", files=PICTURE)
    asked.get("/livez")  # the line is written after the answer, before the next one
    assert "POST '/v1/analyze' 200" in caplog.text
    assert "bytes of a picture" not in caplog.text
