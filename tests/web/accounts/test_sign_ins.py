import logging
from typing import Any

import pytest
from django.test import Client, RequestFactory

from mimika.web.accounts.models import SignIn, User
from mimika.web.accounts.sign_ins import KEPT, agent_of, signed_in

LOGIN = "/accounts/login/"
RIGHT = {"username": "alice", "password": "correct horse battery"}


def test_signing_in_is_written_down_with_address_and_browser(
    client: Client, alice: User
) -> None:
    client.post(
        LOGIN, RIGHT, headers={"User-Agent": "Browser/1"}, REMOTE_ADDR="192.0.2.1"
    )
    (sign_in,) = alice.sign_ins.all()
    assert (sign_in.address, sign_in.agent) == ("192.0.2.1", "Browser/1")
    assert str(sign_in.at.year) in str(sign_in)


def test_registering_counts_as_signing_in(client: Client, db: None) -> None:
    form = {"username": "dora", "email": "dora@example.org"}
    passwords = dict.fromkeys(("password1", "password2"), "correct horse battery")
    client.post("/accounts/register/", {**form, **passwords})
    assert SignIn.objects.get().user.username == "dora"


def test_a_wrong_password_is_not_a_sign_in(client: Client, alice: User) -> None:
    client.post(LOGIN, {**RIGHT, "password": "wrong"})
    assert not SignIn.objects.exists()


def test_only_the_latest_of_each_person_are_kept(alice: User, charlie: User) -> None:
    signed_in(RequestFactory().get("/"), charlie)
    for number in range(KEPT + 3):
        browser = {"HTTP_USER_AGENT": f"Browser/{number}"}
        signed_in(RequestFactory().get("/", **browser), alice)
    kept = [sign_in.agent for sign_in in alice.sign_ins.all()]
    assert kept == [f"Browser/{number}" for number in range(KEPT + 2, 2, -1)]
    assert charlie.sign_ins.count() == 1


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("x" * 300, "x" * 200), ("a\x07b\x00c", "abc"), ("<b>é</b>", "<b>é</b>")],
)
def test_the_browser_is_kept_short_and_printable(sent: str, kept: str) -> None:
    assert agent_of(RequestFactory().get("/", HTTP_USER_AGENT=sent)) == kept


def test_an_unknown_address_is_none(alice: User) -> None:
    signed_in(RequestFactory(REMOTE_ADDR="").get("/"), alice)
    assert alice.sign_ins.get().address is None


def test_signing_in_and_out_is_logged_with_the_id(
    client: Client, alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "mimika.web.accounts"):
        client.post(LOGIN, RIGHT)
        client.post("/accounts/logout/")
    assert f"signed in: user {alice.pk}" in caplog.text
    assert f"signed out: user {alice.pk}" in caplog.text


@pytest.mark.parametrize(
    ("name", "words"), [("alice", "'alice'"), ("my-secret-phrase", "unknown name")]
)
def test_a_failure_is_logged_with_the_name_only_if_it_is_one(
    name: str, words: str, client: Client, alice: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "mimika"):
        client.post(LOGIN, {"username": name, "password": "my-secret-phrase"})
    assert "sign-in failed: " in caplog.text
    assert words in caplog.text
    assert "my-secret-phrase" not in caplog.text
