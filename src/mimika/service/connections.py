"""Connections whose clients have to send their header in time and keep it short.

uvicorn bounds how long a connection may be idle between requests, but a client that
sends its header byte by byte, or without end, would hold a connection for ever.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEADER_BYTES = 65_536
REFUSAL = (
    b"HTTP/1.1 %s\r\nContent-Type: application/problem+json\r\n"
    b"Content-Length: %d\r\nConnection: close\r\n\r\n%s"
)
TOO_SLOW = (
    b"408 Request Timeout",
    b'{"title":"Request Timeout","status":408,'
    b'"detail":"the header of the request did not arrive in time; send it again"}',
)
TOO_LONG = (
    b"431 Request Header Fields Too Large",
    b'{"title":"Request Header Fields Too Large","status":431,'
    b'"detail":"the header of the request is too long; send fewer or shorter fields"}',
)


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, with limits for the header of a request.

    Attributes:
        header_s: longest time from the connection, or from the first byte after an
            answer, to the end of the header.
    """

    header_s = 10.0

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """See uvicorn."""
        super().__init__(*arguments, **named)
        self._waiting: asyncio.TimerHandle | None = None
        self._header_bytes = 0

    def connection_made(self, transport: Any) -> None:
        """Begins to wait for the first header."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Counts what belongs to an unfinished header."""
        if self._waiting is None and self._is_between_requests():
            self._wait()
        super().data_received(data)
        if self._waiting is not None:
            self._header_bytes += len(data)
            if self._header_bytes > MOST_HEADER_BYTES:
                self._refuse(TOO_LONG)

    def on_headers_complete(self) -> None:
        """The header is there: no more waiting."""
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _is_between_requests(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait(self) -> None:
        self._header_bytes = 0
        self._waiting = self.loop.call_later(self.header_s, self._refuse, TOO_SLOW)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _refuse(self, why: tuple[bytes, bytes]) -> None:
        self._stop_waiting()
        if not self.transport.is_closing():
            status, body = why
            self.transport.write(REFUSAL % (status, len(body), body))
            self.transport.close()


def protocol_with(header_s: float) -> type[BoundedProtocol]:
    """The protocol with this limit, as uvicorn's setting `http` takes it."""
    return type("BoundedProtocol", (BoundedProtocol,), {"header_s": header_s})
