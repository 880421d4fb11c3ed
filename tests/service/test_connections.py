"""Connections whose clients take their time, or send without end."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from fastapi import FastAPI

from mimika.service.connections import MOST_HEADER_BYTES

GET = b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
def address(served: Callable[[FastAPI], str]) -> tuple[str, int]:
    """Of a server that waits for a header for one second."""
    app = FastAPI()
    app.add_api_route("/hello", lambda: "hello")
    host, port = served(app).removeprefix("http://").split(":")
    return host, int(port)


@contextmanager
def connected(address: tuple[str, int]) -> Iterator[socket.socket]:
    with socket.create_connection(address, timeout=8) as connection:
        yield connection


def read_all(connection: socket.socket) -> bytes:
    """Everything until the server closes."""
    received = b""
    while chunk := connection.recv(65_536):
        received += chunk
    return received


def read_answer(connection: socket.socket) -> bytes:
    received = b""
    while b'"hello"' not in received:
        received += connection.recv(65_536)
    return received


@pytest.mark.parametrize("sent", [b"", b"GET /hello HT", GET[:-2]])
def test_a_header_that_does_not_end_in_time_is_answered_408(
    address: tuple[str, int], sent: bytes
) -> None:
    with connected(address) as connection:
        connection.sendall(sent)
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"application/problem+json" in answer


def test_a_header_sent_byte_by_byte_does_not_hold_the_connection(
    address: tuple[str, int],
) -> None:
    began = time.monotonic()
    with connected(address) as connection:
        for _ in range(30):
            try:
                connection.sendall(b"X")
            except OSError:
                break
            time.sleep(0.1)
    assert time.monotonic() - began < 2.5


def test_the_second_header_of_a_connection_is_waited_for_as_long(
    address: tuple[str, int],
) -> None:
    with connected(address) as connection:
        connection.sendall(GET)
        assert b"200 OK" in read_answer(connection)
        connection.sendall(GET)
        assert b"200 OK" in read_answer(connection)
        connection.sendall(GET[:-2])
        assert read_all(connection).startswith(b"HTTP/1.1 408 ")


def test_a_header_without_end_is_answered_431(address: tuple[str, int]) -> None:
    with connected(address) as connection:
        connection.sendall(GET[:-2])
        line = b"X-Long: " + b"a" * 8_000 + b"\r\n"
        try:
            for _ in range(MOST_HEADER_BYTES // len(line) + 2):
                connection.sendall(line)
                time.sleep(0.01)
        except OSError:
            pass
        answer = connection.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 431 ")


def test_a_long_answer_time_is_not_taken_for_a_slow_header(
    served: Callable[[FastAPI], str],
) -> None:
    app = FastAPI()

    def slow() -> str:
        time.sleep(1.5)  # longer than a header may take
        return "hello"

    app.add_api_route("/hello", slow)
    host, port = served(app).removeprefix("http://").split(":")
    with connected((host, int(port))) as connection:
        connection.sendall(GET)
        assert b"200 OK" in read_answer(connection)
