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
from mimika.web.analyses.service import Client, ClientTwin, explain, get_client


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ServiceUnavailableError("x"), "as soon as it is back"),
        (ServiceBusyError("x", 7), "as soon as there is room"),
        (ServiceTimeoutError("x"), "too long"),
        (WorkerCrashedError("x"), "failed while"),
        (ServiceError("x"), "could not look"),
        (ModelError("x"), "not there any more"),
        (OSError(2, "No such file"), "Send it again"),
        (UnsupportedImageError("starts with b'x'"), "Choose a JPEG"),
        (BrokenImageError("zlib -3"), "damaged or cut short"),
        (ImageTooLargeError("the file has 16 MB"), "The file has 16 MB."),
    ],
)
def test_a_failure_is_explained_without_technicalities(
    error: MimikaError, words: str
) -> None:
    assert words in explain(error)
    assert "zlib" not in explain(error)


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


def test_the_client_asks_where_the_settings_say(settings: Any) -> None:
    settings.MIMIKA_SERVICE_URL = "http://service.example:9000/"
    settings.MIMIKA_SERVICE_TIMEOUT_S = 12.5
    client = get_client()
    assert isinstance(client, ServiceClient)
    assert client.base_url == "http://service.example:9000"
    assert client.timeout_s == 12.5
