from collections.abc import Callable
from typing import Any

import pytest

from mimika.core.errors import (
    BrokenImageError,
    ImageTooLargeError,
    MimikaError,
    ModelError,
    ServiceBusyError,
    ServiceError,
    ServiceTimeoutError,
    ServiceUnavailableError,
    UnsupportedImageError,
    WorkerCrashedError,
)
from mimika.core.results import Analysis
from mimika.service.client import ServiceClient
from mimika.web.analyses.service import (
    Client,
    ClientTwin,
    concerns_picture,
    explain,
    get_client,
)


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (ServiceUnavailableError("x"), 503, "not running"),
        (ServiceBusyError("x", 7), 503, "try again in 7 s"),
        (ServiceTimeoutError("x"), 504, "too long"),
        (WorkerCrashedError("x"), 502, "failed while"),
        (ServiceError("x"), 502, "could not look"),
        (ModelError("x"), 502, "could not look"),
        (OSError(28, "No space left on device"), 500, "could not be stored"),
    ],
)
def test_a_failure_of_the_service_is_explained_with_a_way_out(
    error: MimikaError, status: int, words: str
) -> None:
    failure = explain(error)
    assert failure.status == status
    assert words in failure.message
    assert "Nothing was saved" in failure.message
    assert "try again" in failure.message
    assert not concerns_picture(error)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (UnsupportedImageError("starts with b'x'"), "Choose a JPEG"),
        (BrokenImageError("zlib -3"), "damaged or cut short"),
        (ImageTooLargeError("the file has 16 MB"), "The file has 16 MB."),
    ],
)
def test_a_fault_of_the_picture_is_explained_without_technicalities(
    error: MimikaError, words: str
) -> None:
    assert words in explain(error).message
    assert explain(error).status == 200
    assert concerns_picture(error)


def test_the_twin_explains_and_lists_models_as_it_was_told(
    twin: ClientTwin, make_answer: Callable[..., Analysis]
) -> None:
    client: Client = twin
    (face,) = make_answer("sad").faces
    twin.drawing = b"drawn"
    assert client.explain(b"picture", face, side=64) == b"drawn"
    assert twin.explained == [(b"picture", face, 64)]
    assert client.models() == ()
    twin.drawing = ServiceBusyError("full", 7)
    with pytest.raises(ServiceBusyError):
        client.explain(b"picture", face)


def test_only_a_busy_service_names_a_time() -> None:
    assert explain(ServiceBusyError("x", 7)).retry_after_s == 7
    assert explain(ServiceTimeoutError("x")).retry_after_s is None


def test_the_client_asks_where_the_settings_say(settings: Any) -> None:
    settings.MIMIKA_SERVICE_URL = "http://service.example:9000/"
    settings.MIMIKA_SERVICE_TIMEOUT_S = 12.5
    client = get_client()
    assert isinstance(client, ServiceClient)
    assert client.base_url == "http://service.example:9000"
    assert client.timeout_s == 12.5
