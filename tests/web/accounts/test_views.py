import io
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from PIL import Image

from mimika.web.accounts import pictures
from mimika.web.accounts.models import User
from mimika.web.analyses.models import Analysis

ME = "/accounts/me/"
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


def test_registering_leads_to_the_page_that_was_asked_for(
    client: Client, db: None
) -> None:
    login = client.get("/accounts/login/?next=/analyses/").content.decode()
    assert 'href="/accounts/register/?next=/analyses/"' in login
    form = client.get("/accounts/register/?next=/analyses/").content.decode()
    assert 'name="next" value="/analyses/"' in form
    response = client.post("/accounts/register/", {**GOOD, "next": "/analyses/"})
    assert response.headers["Location"] == "/analyses/"


@pytest.mark.django_db
def test_registering_leads_to_no_other_site(client: Client) -> None:
    form = {**GOOD, "next": "https://evil.example/"}
    assert client.post("/accounts/register/", form).headers["Location"] == "/"


@pytest.mark.django_db
def test_registering_is_logged_with_the_id(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "mimika"):
        client.post("/accounts/register/", GOOD)
    assert f"registered: user {User.objects.get().pk}" in caplog.text


def test_the_account_page_shows_use_and_sign_ins(as_alice: Client, alice: User) -> None:
    as_alice.logout()
    form = {"username": "alice", "password": "correct horse battery"}
    page = as_alice.post("/accounts/login/", {**form, "next": ME}, follow=True)
    assert page.content.count(b"not yet") == 2
    assert b">127.0.0.1</td>" in page.content
    then = datetime(2026, 2, 3, 14, 5, tzinfo=UTC)
    User.objects.filter(pk=alice.pk).update(
        computations=4711, first_used=then, last_used=then, about="<i>hello</i>"
    )
    html = as_alice.get(ME).content.decode()
    assert "<dd>4711 " in html
    assert html.count("3 February 2026, 14:05") == 2
    assert "&lt;i&gt;hello" in html


def test_the_account_page_leads_to_everything(as_alice: Client) -> None:
    html = as_alice.get("/accounts/me/").content.decode()
    for below in ("edit/", "password/", "data.zip", "delete/"):
        assert f'href="/accounts/me/{below}"' in html


# The profile

EDIT, PICTURE = "/accounts/me/edit/", "/accounts/me/picture.jpg"
PROFILE = {"first_name": "Ada", "last_name": "L", "email": "alice@example.org"}
Upload = Callable[..., SimpleUploadedFile]


def test_the_profile_is_stored_and_said_to_be(as_alice: Client, alice: User) -> None:
    form = {**PROFILE, "about": "hello"}
    response = as_alice.post(EDIT, form, follow=True)
    assert response.redirect_chain == [("/accounts/me/", 302)]
    assert "Saved." in [str(message) for message in response.context["messages"]]
    assert b"Ada L" in response.content
    alice.refresh_from_db()
    assert (alice.get_full_name(), alice.about) == ("Ada L", "hello")
    assert alice.check_password("correct horse battery")


def test_what_others_count_meanwhile_is_not_overwritten(
    as_alice: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def count(_self: object, **_more: object) -> None:
        User.objects.filter(pk=alice.pk).update(computations=5)

    monkeypatch.setattr("mimika.web.accounts.forms.ProfileForm._post_clean", count)
    as_alice.post(EDIT, PROFILE)
    alice.refresh_from_db()
    assert alice.computations == 5


def test_an_error_keeps_what_was_typed_and_stores_nothing(
    as_alice: Client, alice: User, charlie: User
) -> None:
    form = {**PROFILE, "email": "charlie@example.org", "about": "what I typed"}
    html = as_alice.post(EDIT, form).content.decode()
    assert 'value="charlie@example.org"' in html
    assert "what I typed</textarea>" in html
    alice.refresh_from_db()
    assert (alice.first_name, alice.email) == ("", "alice@example.org")


def test_an_address_that_is_taken_at_the_last_moment_is_said_on_the_form(
    as_alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(_form: object) -> None:
        raise IntegrityError

    monkeypatch.setattr("mimika.web.accounts.views.save_profile", taken)
    assert b"Somebody has just taken" in as_alice.post(EDIT, PROFILE).content


@pytest.mark.django_db(transaction=True)
def test_a_picture_is_shown_replaced_and_removed(
    as_alice: Client, alice: User, upload: Upload, picture_bytes: Any
) -> None:
    assert PICTURE not in as_alice.get("/accounts/me/").content.decode()
    as_alice.post(EDIT, {**PROFILE, "picture": upload()})
    assert PICTURE in as_alice.get("/accounts/me/").content.decode()
    first = as_alice.get(PICTURE)
    assert Image.open(io.BytesIO(first.content)).size == (256, 256)
    other = upload(picture_bytes(200, 200, "PNG"))
    as_alice.post(EDIT, {**PROFILE, "picture": other})
    known = {"If-None-Match": first.headers["ETag"]}
    second = as_alice.get(PICTURE, headers=known)
    assert second.status_code == 200
    assert second.content != first.content
    as_alice.post(EDIT, {**PROFILE, "remove_picture": "on"})
    assert as_alice.get(PICTURE).status_code == 404
    assert not pictures.path_of(alice.pk).exists()


def test_a_browser_asks_whether_the_picture_is_still_the_same(
    as_alice: Client, upload: Upload
) -> None:
    as_alice.post(EDIT, {**PROFILE, "picture": upload()})
    first = as_alice.get(PICTURE)
    known = {"If-None-Match": first.headers["ETag"]}
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert as_alice.get(PICTURE, headers=known).status_code == 304


def test_a_picture_that_cannot_be_written_changes_nothing(
    as_alice: Client,
    alice: User,
    upload: Upload,
    media: Any,
) -> None:
    media.mkdir()
    (media / "people").write_text("in the way")
    response = as_alice.post(EDIT, {**PROFILE, "picture": upload()})
    assert b"The picture could not be stored" in response.content
    alice.refresh_from_db()
    assert (alice.first_name, alice.has_picture) == ("", False)


def test_a_lost_file_is_a_picture_that_is_not_there(
    as_alice: Client, alice: User
) -> None:
    User.objects.filter(pk=alice.pk).update(has_picture=True)
    assert as_alice.get(PICTURE).status_code == 404
