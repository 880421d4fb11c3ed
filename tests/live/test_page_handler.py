from email.message import Message

import pytest

from mimika.live.page_handler import is_from_elsewhere, is_own_host


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("127.0.0.1:8300", True),
        ("localhost:8300", True),
        ("LOCALHOST", True),
        ("[::1]:8300", True),
        ("192.168.1.7", True),
        ("studio.local:80", True),
        ("evil.example", False),
        ("127.0.0.1.evil.example:8300", False),
        ("localhost.evil.example", False),
        ("", False),
        ("[", False),
    ],
)
def test_only_names_that_nobody_else_can_bind_are_ours(name: str, own: bool) -> None:
    assert is_own_host(name, "studio.local") is own


@pytest.mark.parametrize(
    ("headers", "opening", "elsewhere"),
    [
        ({}, False, False),
        ({"Origin": "http://127.0.0.1:80"}, False, False),
        ({"Origin": "https://127.0.0.1:80"}, False, True),
        ({"Origin": "http://127.0.0.1:81"}, False, True),
        ({"Sec-Fetch-Site": "same-origin"}, False, False),
        ({"Sec-Fetch-Site": "none"}, False, False),
        ({"Sec-Fetch-Site": "cross-site"}, False, True),
        ({"Sec-Fetch-Site": "cross-site"}, True, False),  # a link to the page
    ],
)
def test_another_site_is_known_by_its_headers(
    headers: dict[str, str], opening: bool, elsewhere: bool
) -> None:
    message = Message()
    message["Host"] = "127.0.0.1:80"
    for name, value in headers.items():
        message[name] = value
    assert is_from_elsewhere(message, opening=opening) is elsewhere
