"""Around every request: its id, its line in the log, its counters, and its body's rest.

Plain ASGI, because Starlette's own middleware class would read streams for us.
"""

import asyncio
import logging
import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mimika.core.errors import ServiceUnavailableError
from mimika.service.answers import QUIET, problem_response
from mimika.service.logs import request_id
from mimika.service.metrics import Metrics
from mimika.service.problems import to_problem

logger = logging.getLogger("mimika.service.requests")

ID_HEADER = "X-Request-ID"
SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
REST_S, REST_BYTES = 2.0, 20_000_000
LONGEST_LOGGED_PATH = 200


class RequestContext:
    """Names, times, logs and counts a request, and answers unforeseen errors."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Wraps an app."""
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection of ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = choose_id(Headers(scope=scope).get(ID_HEADER))
        token = request_id.set(name)
        began = time.perf_counter()
        status = 0

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[ID_HEADER] = name
            await send(message)

        try:
            await self._app(scope, receive, send_named)
        except (Exception, asyncio.CancelledError) as error:
            if status:
                raise
            response = problem_response(to_problem(_foreseen(error), name))
            await response(scope, receive, send_named)
        finally:
            self._record(scope, status, time.perf_counter() - began)
            request_id.reset(token)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        method, sent = scope["method"], scope["path"][:LONGEST_LOGGED_PATH]
        path = getattr(scope.get("route"), "path", None)
        if path is None:
            self._metrics.count_request("any", "unmatched", status, seconds)
        else:
            self._metrics.count_request(method, path, status, seconds)
        level = logging.DEBUG if path in QUIET else logging.INFO
        logger.log(level, "%s %r %d %.0f ms", method, sent, status, seconds * 1000)


class UnreadBody:
    """Reads and forgets the rest of a body that is answered before its end.

    A connection that is closed while its client still sends is reset, and the client
    never sees the answer. What goes on for too long is cut off all the same.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wraps an app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection of ASGI."""
        if scope["type"] != "http" or not _has_body(scope):
            await self._app(scope, receive, send)
            return
        body = _Body(receive, Headers(scope=scope).get("expect") is not None)

        async def send_after_body(message: Message) -> None:
            if message["type"] == "http.response.start" and not body.ended:
                await body.forget()
                if not body.ended:
                    MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        await self._app(scope, body.receive, send_after_body)


class _Body:
    """A request's body, and whether all of it has been received."""

    def __init__(self, receive: Receive, awaited: bool) -> None:
        self._receive = receive
        self._awaited = awaited  # the client sends nothing before we read
        self.ended = False

    async def receive(self) -> Message:
        self._awaited = False
        message = await self._receive()
        self.ended = not message.get("more_body", False)
        return message

    async def forget(self) -> None:
        if self._awaited:
            return
        left = REST_BYTES
        try:
            async with asyncio.timeout(REST_S):
                while not self.ended and left > 0:
                    left -= len((await self.receive()).get("body", b""))
        except TimeoutError:
            return


def choose_id(given: str | None) -> str:
    """The id that a client gave, if it is short and plain; otherwise a new one."""
    if given is not None and SANE_ID.fullmatch(given):
        return given
    return uuid.uuid4().hex


def _has_body(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


def _foreseen(error: BaseException) -> Exception:
    """What a client may be told of an error that nothing else has caught."""
    if isinstance(error, asyncio.CancelledError):
        return ServiceUnavailableError("the service is stopping; try again later")
    logger.error("unforeseen error", exc_info=error)
    return error if isinstance(error, Exception) else RuntimeError()
