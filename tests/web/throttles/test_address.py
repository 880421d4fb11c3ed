from typing import Any

import pytest
from django.test import RequestFactory

from mimika.web.throttles.address import client_address, network_of


def address(remote: str, forwarded: str = "") -> str:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return client_address(RequestFactory(REMOTE_ADDR=remote).get("/", headers=headers))


def test_without_a_proxy_a_header_is_not_believed(settings: Any) -> None:
    settings.BEHIND_PROXY = False
    assert address("192.0.2.1", "198.51.100.7") == "192.0.2.1"


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("198.51.100.7, what is this", "192.0.2.1"),
        ("", "192.0.2.1"),
    ],
)
def test_behind_a_proxy_what_it_wrote_last_counts(
    forwarded: str, expected: str, settings: Any
) -> None:
    settings.BEHIND_PROXY = True
    assert address("192.0.2.1", forwarded) == expected


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_an_address_has_one_spelling(remote: str, expected: str) -> None:
    assert address(remote) == expected


def test_all_addresses_of_one_ipv6_network_are_one_place() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::2:3:4:5")
    assert network_of("2001:db8::1") != network_of("2001:db8:0:1::1")
    assert network_of("192.0.2.1") == "192.0.2.1"
    assert network_of("") == ""
