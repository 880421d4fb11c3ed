import logging
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from mimika.web.accounts.models import User
from mimika.web.accounts.reset import THREAD

RESET = "/accounts/reset/"
CHANGE = "/accounts/me/password/"
OLD, NEW = "correct horse battery", "staple and a lamp"


@pytest.fixture
def sent() -> Callable[[], list[Any]]:
    """The mails, once those on their way have arrived."""

    def wait() -> list[Any]:
        for thread in threading.enumerate():
            if thread.name == THREAD:
                thread.join(10)
        return mail.outbox

    return wait


def form_of(old: str, new: str) -> dict[str, str]:
    return {"old_password": old, "new_password1": new, "new_password2": new}


def link_in(body: str) -> str:
    found = re.search(r"http://testserver(/\S+)", body)
    assert found is not None, body
    return found[1]


# Changing


def test_a_changed_password_keeps_this_browser_and_ends_the_others(
    as_alice: Client, alice: User
) -> None:
    elsewhere = Client()
    elsewhere.force_login(alice)
    response = as_alice.post(CHANGE, form_of(OLD, NEW), follow=True)
    assert response.redirect_chain == [("/accounts/me/", 302)]
    assert "Your password is changed" in str(*response.context["messages"])
    assert elsewhere.get("/").status_code == 302
    alice.refresh_from_db()
    assert alice.check_password(NEW)


def test_without_the_old_password_nothing_changes(
    as_alice: Client, alice: User
) -> None:
    response = as_alice.post(CHANGE, form_of("wrong", NEW))
    assert list(response.context["form"].errors) == ["old_password"]
    assert NEW not in response.content.decode()
    alice.refresh_from_db()
    assert alice.check_password(OLD)


def test_password_managers_are_told_which_field_is_which(as_alice: Client) -> None:
    html = as_alice.get(CHANGE).content.decode()
    assert html.count('autocomplete="current-password"') == 1
    assert html.count('autocomplete="new-password"') == 2


# Resetting


def test_the_link_in_the_mail_sets_a_new_password_once(
    client: Client, alice: User, sent: Any
) -> None:
    client.post(RESET, {"email": "Alice@Example.org"})
    (message,) = sent()
    assert message.to == ["alice@example.org"]
    assert message.subject == "A new password for mimika"
    link = link_in(message.body)
    form = client.get(link, follow=True)
    target = form.redirect_chain[-1][0]
    passwords = {"new_password1": NEW, "new_password2": NEW}
    done = client.post(target, passwords, follow=True)
    assert done.redirect_chain == [("/accounts/login/", 302)]
    assert "Log in with it" in str(*done.context["messages"])
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert b"This link does not work" in Client().get(link, follow=True).content


def test_a_known_and_an_unknown_address_get_the_same_answer(
    client: Client, alice: User, sent: Any
) -> None:
    pages = [
        client.post(RESET, {"email": f"{name}@example.org"}, follow=True)
        for name in ("alice", "nobody")
    ]
    known, unknown = (re.sub(rb'value="\w{64}"', b"", p.content) for p in pages)
    assert known == unknown
    assert b"If there is an account" in known
    assert len(sent()) == 1


def test_without_a_mail_server_the_page_says_where_the_mail_is(
    client: Client, settings: Any
) -> None:
    with_server = client.get(f"{RESET}sent/").content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    without = client.get(f"{RESET}sent/").content.decode()
    assert "unwanted mail" in with_server
    assert "terminal" not in with_server
    assert "unwanted mail" not in without
    assert "is written to the terminal" in without


def test_the_answer_does_not_wait_for_the_mail(
    client: Client, alice: User, sent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_send = threading.Event()
    monkeypatch.setattr(
        "django.core.mail.EmailMultiAlternatives.send", lambda _: may_send.wait(10)
    )
    response = client.post(RESET, {"email": "alice@example.org"})
    waiting = [t for t in threading.enumerate() if t.name == THREAD]
    may_send.set()
    sent()
    assert response.status_code == 302
    assert len(waiting) == 1


def test_a_mail_that_cannot_be_sent_is_logged_and_not_shown(
    client: Client,
    alice: User,
    sent: Any,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    response = client.post(RESET, {"email": "alice@example.org"})
    sent()
    assert response.status_code == 302
    assert "Failed to send password reset email" in caplog.text


def test_a_reset_is_logged_with_the_id_and_without_the_token(
    client: Client, alice: User, sent: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "mimika"):
        for name in ("alice", "nobody"):
            client.post(RESET, {"email": f"{name}@example.org"})
        link = link_in(sent()[0].body)
        target = client.get(link, follow=True).redirect_chain[-1][0]
        client.post(target, {"new_password1": NEW, "new_password2": NEW})
    assert f"password reset asked: user {alice.pk}" in caplog.text
    assert "password reset asked: nobody's address" in caplog.text
    assert f"password reset: user {alice.pk}" in caplog.text
    assert link.split("/")[-2] not in caplog.text
    assert "example.org" not in caplog.text
    assert "/***/" in caplog.text


def test_a_link_to_another_name_of_the_site_is_not_made(
    client: Client, alice: User, sent: Any
) -> None:
    headers = {"Host": "evil.example"}
    response = client.post(RESET, {"email": alice.email}, headers=headers)
    assert response.status_code == 400
    assert sent() == []
