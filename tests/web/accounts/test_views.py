from typing import Any

import pytest
from django.test import Client

from mimika.web.accounts.models import User
from mimika.web.analyses.models import Analysis

GOOD = {
    "username": "dora",
    "email": "dora@example.org",
    "password1": "correct horse battery",
    "password2": "correct horse battery",
}


@pytest.mark.django_db
def test_registering_logs_in_and_leads_to_the_main_page(client: Client) -> None:
    response = client.post("/accounts/register/", GOOD, follow=True)
    assert response.redirect_chain == [("/", 302)]
    assert b"Welcome, dora" in response.content


def test_a_name_that_is_taken_at_the_last_moment_is_said_on_the_form(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mimika.web.accounts.forms.RegisterForm.is_valid", lambda _: 1)
    monkeypatch.setattr(
        "mimika.web.accounts.forms.RegisterForm.save",
        lambda _: User.objects.create_user("Alice", "other@example.org", "x"),
    )
    response = client.post("/accounts/register/", GOOD)
    assert b"Somebody has just taken this name" in response.content
    assert list(User.objects.all()) == [alice]


@pytest.mark.django_db
def test_a_password_is_stored_as_argon2(client: Client, settings: Any) -> None:
    from mimika.web.settings import base

    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    client.post("/accounts/register/", GOOD)
    assert User.objects.get().password.startswith("argon2$argon2id$")


@pytest.mark.django_db
def test_what_was_typed_stays_except_the_password(client: Client) -> None:
    response = client.post("/accounts/register/", {**GOOD, "password2": "other"})
    html = response.content.decode()
    assert 'value="dora"' in html
    assert 'value="dora@example.org"' in html
    assert "correct horse" not in html
    assert not User.objects.exists()


def test_the_right_password_leads_to_the_page_that_was_asked_for(
    client: Client, alice: User
) -> None:
    form = {
        "username": "alice",
        "password": "correct horse battery",
        "next": "/accounts/me/",
    }
    assert client.post("/accounts/login/", form).headers["Location"] == "/accounts/me/"


def test_logging_in_leads_to_no_other_site(client: Client, alice: User) -> None:
    form = {
        "username": "alice",
        "password": "correct horse battery",
        "next": "https://example.org/",
    }
    assert client.post("/accounts/login/", form).headers["Location"] == "/"


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(
    client: Client, alice: User
) -> None:
    pages = []
    for name in ("alice", "nobody"):
        form = {"username": name, "password": "wrong"}
        response = client.post("/accounts/login/", form)
        errors = response.context["form"].non_field_errors()
        pages.append((response.status_code, list(errors)))
    assert pages[0] == pages[1]
    assert pages[0][0] == 200
    assert pages[0][1]


def test_logging_out_is_a_post_and_leads_to_logging_in(as_alice: Client) -> None:
    response = as_alice.post("/accounts/logout/")
    assert response.headers["Location"] == "/accounts/login/"
    assert as_alice.get("/").status_code == 302


def test_the_session_gets_a_new_key_when_somebody_logs_in(
    client: Client, alice: User
) -> None:
    client.get("/accounts/login/")
    before = client.session
    before["seen"] = True
    before.save()
    form = {"username": "alice", "password": "correct horse battery"}
    client.post("/accounts/login/", form)
    assert client.session.session_key != before.session_key


def test_the_account_page_shows_ones_own_data(
    as_alice: Client, alice: User, result: Analysis
) -> None:
    html = as_alice.get("/accounts/me/").content.decode()
    assert "alice@example.org" in html
    assert alice.date_joined.strftime("%B %Y") in html
    assert "<dd>1</dd>" in html


def test_only_ones_own_analyses_are_counted(
    as_charlie: Client, result: Analysis
) -> None:
    html = as_charlie.get("/accounts/me/").content.decode()
    assert "<dd>0</dd>" in html
    assert "alice" not in html
