"""Listening sockets for both servers, and their addresses."""

import os
import socket
from urllib.parse import urlsplit

from mimika.core.errors import ServiceError

BACKLOG = 128


def listen(host: str, port: int) -> socket.socket:
    """A listening socket.

    Args:
        host: name or address of this machine, IPv4 or IPv6.
        port: 0 picks a free one.

    Raises:
        ServiceError: the address cannot be had; the message says what to do.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        raise ServiceError(
            f"cannot listen on {host} port {port} ({_cause(error)}); stop the program "
            "that uses it, or choose another port"
        ) from error
    # Connections inherit this. asyncio sets it only on sockets that it has made itself,
    # and without it every second answer waits 40 ms for an acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _cause(error: OSError) -> str:
    """The system's words, without what `create_server` adds to them."""
    resolving = isinstance(error, socket.gaierror) or error.errno is None
    return str(error.strerror) if resolving else os.strerror(error.errno or 0)


def address_of(listener: socket.socket) -> str:
    """The URL under which a listening socket is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_http(address: str) -> bool:
    """Whether it is an address such as `http://127.0.0.1:8100`."""
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
