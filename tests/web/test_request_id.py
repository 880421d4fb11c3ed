import logging
import re
from collections.abc import Callable

import pytest
from django.test import Client

from mimika.web.analyses.service import ClientTwin


def test_an_id_is_made_where_none_came(client: Client) -> None:
    made = client.get("/accounts/login/").headers["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", made)
    assert client.get("/accounts/login/").headers["X-Request-ID"] != made


def test_an_id_from_the_header_is_kept(client: Client) -> None:
    response = client.get("/accounts/login/", headers={"X-Request-ID": "proxy-0001"})
    assert response.headers["X-Request-ID"] == "proxy-0001"


@pytest.mark.parametrize("forged", ["short", "a" * 65, "two words", "line\x0bbreak"])
def test_an_id_that_could_forge_a_log_line_is_replaced(
    forged: str, client: Client
) -> None:
    response = client.get("/accounts/login/", headers={"X-Request-ID": forged})
    assert response.headers["X-Request-ID"] != forged


def test_the_id_is_passed_on_to_the_service(
    as_alice: Client,
    twin: ClientTwin,
    upload: object,
    queue: Callable[[], int],
) -> None:
    form = {"pictures": upload()}  # type: ignore[operator]  # fixture's own type
    as_alice.post("/analyses/new/", form, headers={"X-Request-ID": "proxy-0002"})
    assert queue() == 1
    assert [call.request_id for call in twin.received] == ["proxy-0002"]


def test_a_request_is_logged_without_its_query(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "mimika.web.request_id"):
        client.get("/accounts/login/?next=/secret")
    assert "GET '/accounts/login/' 200 in" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.django_db
def test_passwords_are_not_logged(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    form = {
        "username": "dora",
        "email": "dora@example.org",
        "password1": "unmistakable-phrase",
        "password2": "unmistakable-phrase",
    }
    with caplog.at_level(logging.DEBUG, "mimika"):
        client.post("/accounts/register/", form)
        client.post("/accounts/login/", {"username": "x", "password": "unmistakable-2"})
    assert "POST '/accounts/register/' 302" in caplog.text
    assert "unmistakable" not in caplog.text
