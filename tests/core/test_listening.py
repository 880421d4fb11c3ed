import socket

import pytest

from mimika.core.errors import ServiceError
from mimika.core.listening import address_of, is_http, listen


def test_port_0_is_a_free_port_and_the_address_names_it() -> None:
    with listen("127.0.0.1", 0) as first, listen("127.0.0.1", 0) as second:
        addresses = {address_of(first), address_of(second)}
        assert len(addresses) == 2
        for address in addresses:
            assert address.startswith("http://127.0.0.1:")
        socket.create_connection(first.getsockname()).close()


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        message = f"cannot listen on 127.0.0.1 port {port} .*stop the program"
        with pytest.raises(ServiceError, match=message):
            listen("127.0.0.1", port)


def test_an_address_of_another_machine_is_named() -> None:
    with pytest.raises(ServiceError, match=r"cannot listen on 192\.0\.2\.1 port 0"):
        listen("192.0.2.1", 0)


def test_an_address_of_ip_version_6_is_written_in_brackets() -> None:
    try:
        listener = listen("::1", 0)
    except ServiceError:
        pytest.skip("this machine has no IP version 6")
    with listener:
        assert address_of(listener).startswith("http://[::1]:")


def test_an_unknown_host_is_named() -> None:
    with pytest.raises(ServiceError, match=r"cannot listen on nowhere\.invalid port 1"):
        listen("nowhere.invalid", 1)


def test_answers_are_sent_at_once() -> None:
    with (
        listen("127.0.0.1", 0) as listener,
        socket.create_connection(listener.getsockname()[:2]),
        listener.accept()[0] as connection,
    ):
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


@pytest.mark.parametrize(
    ("address", "reachable"),
    [
        ("http://127.0.0.1:8100", True),
        ("https://[::1]/mimika", True),
        ("127.0.0.1:8100", False),
        ("localhost:8100", False),
        ("http://", False),
        ("http://[x", False),
        ("ftp://a.example", False),
    ],
)
def test_an_address_is_of_http_and_has_a_host(address: str, reachable: bool) -> None:
    assert is_http(address) is reachable
