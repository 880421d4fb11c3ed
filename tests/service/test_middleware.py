import socket
import time
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from mimika.core.results import Analysis
from mimika.service.api import create_app
from mimika.service.middleware import choose_id
from mimika.service.settings import ServiceSettings
from mimika.service.twins import InMemoryPool

HEAD = (
    b"POST /v1/analyze HTTP/1.1\r\nHost: x\r\n"
    b"Content-Type: multipart/form-data; boundary=b\r\n"
)


@pytest.fixture
def connection(
    settings: ServiceSettings, analysis: Analysis, served: Callable[[FastAPI], str]
) -> Iterator[socket.socket]:
    """A connection to a service that takes pictures of 100 kB within 1 s."""
    app = create_app(settings, InMemoryPool(lambda job: analysis))
    host, port = served(app).removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connected:
        yield connected


def answer_of(connection: socket.socket) -> bytes:
    """All that comes until the service closes the connection."""
    return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("given_id", ["abc", "A-b_c.9", "x" * 64])
def test_a_plain_id_is_kept(given_id: str) -> None:
    assert choose_id(given_id) == given_id


@pytest.mark.parametrize("given_id", [None, "", "x" * 65, "a b", "a\n", "ä", "<b>"])
def test_any_other_id_is_replaced(given_id: str | None) -> None:
    assert choose_id(given_id) != choose_id(given_id)


@given(st.text())
def test_an_id_is_always_short_and_printable(given_id: str) -> None:
    chosen = choose_id(given_id)
    assert 1 <= len(chosen) <= 64
    assert chosen.isascii()
    assert chosen.isprintable()


def test_a_body_that_is_said_to_be_too_long_is_refused_before_it_is_sent(
    connection: socket.socket,
) -> None:
    began = time.monotonic()
    connection.sendall(
        HEAD + b"Content-Length: 900000000\r\nExpect: 100-continue\r\n\r\n"
    )
    answer = answer_of(connection)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in answer.lower()
    assert time.monotonic() - began < 1.5


def test_a_body_without_a_length_is_cut_off_at_the_limit(
    connection: socket.socket,
) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    connection.sendall(b"%x\r\n%s\r\n" % (len(part), part))
    sent = 0
    try:
        while sent < 200_000_000:
            connection.sendall(chunk)
            sent += len(chunk)
    except OSError:  # cut off: what could be sent is far less than was wanted
        pass
    assert sent < 60_000_000


def test_a_client_that_sends_all_before_it_reads_still_sees_the_refusal(
    connection: socket.socket,
) -> None:
    body = b"x" * 5_000_000
    connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    connection.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answer = answer_of(connection)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'{"status":"ok"}' in answer  # the connection was still usable


def test_a_client_that_sends_too_slowly_is_told_so(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Length: 1000\r\n\r\n--b\r\n")
    answer = answer_of(connection)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"within 1 s" in answer
