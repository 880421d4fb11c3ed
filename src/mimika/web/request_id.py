"""One id for each request, from the browser's proxy through to the service's log."""

import logging
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)

HEADER = "X-Request-ID"
ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")  # anything else could forge log lines

_request_id: ContextVar[str] = ContextVar("request_id", default="-")


def current_request_id() -> str:
    """The id of this thread's latest request, or `-` before the first."""
    return _request_id.get()


@contextmanager
def serving(request_id: str) -> Iterator[None]:
    """Names a request's id in every log line of the body, which works on it later."""
    token = _request_id.set(request_id or "-")
    try:
        yield
    finally:
        _request_id.reset(token)


class RequestIdMiddleware:
    """Takes the id from the header or makes one, logs the request, answers with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Remembers the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serves the request; the query is not logged, since it may be private."""
        given = request.headers.get(HEADER, "")
        request_id = given if ACCEPTED.fullmatch(given) else uuid.uuid4().hex
        # Never reset: Django logs refusals and errors after the last middleware. Each
        # request has a thread to itself and begins by setting its own.
        _request_id.set(request_id)
        started = time.perf_counter()
        response = self.get_response(request)
        took_ms = 1000 * (time.perf_counter() - started)
        what = (request.method, shown_path(request), response.status_code, took_ms)
        logger.info("%s %r %d in %.0f ms", *what)
        response.headers[HEADER] = request_id
        return response


def shown_path(request: HttpRequest) -> str:
    """The path for the log, without a token that would let its reader in."""
    match = request.resolver_match
    token = match.kwargs.get("token") if match else None
    return request.path.replace(str(token), "***") if token else request.path
