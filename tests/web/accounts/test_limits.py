"""The limits through the pages; what a quota is has tests of its own."""

from collections import Counter
from typing import Any

import pytest
from django.test import Client

from mimika.web.accounts.models import User

LOGIN = "/accounts/login/"
RIGHT = {"username": "alice", "password": "correct horse battery"}
WRONG = {**RIGHT, "password": "wrong"}


@pytest.fixture(autouse=True)
def quota(settings: Any) -> None:
    settings.THROTTLES_PER_HOUR = {
        **settings.THROTTLES_PER_HOUR,
        "sign_in_by_name": 3,
        "sign_in_by_address": 5,
        "register": 2,
        "reset_by_email": 2,
        "reset_by_address": 3,
    }


def statuses(client: Client, url: str, *forms: Any, **more: Any) -> list[int]:
    return [client.post(url, form, **more).status_code for form in forms]


def test_after_some_wrong_passwords_the_right_one_has_to_wait(
    client: Client, alice: User
) -> None:
    assert statuses(client, LOGIN, WRONG, WRONG, WRONG) == [200, 200, 200]
    response = client.post(LOGIN, RIGHT)
    assert response.status_code == 429
    assert b"Too many attempts" in response.content
    assert int(response.headers["Retry-After"]) > 1000


def test_the_name_is_the_same_however_it_is_written(
    client: Client, alice: User
) -> None:
    names = ("alice", "ALICE", " alice ", "alic\uff45")
    forms = [{**WRONG, "username": name} for name in names]
    assert statuses(client, LOGIN, *forms) == [200, 200, 200, 429]


def test_somebody_elses_tries_do_not_lock_the_owner_out(
    client: Client, alice: User
) -> None:
    statuses(client, LOGIN, *[WRONG] * 9, REMOTE_ADDR="192.0.2.66")
    assert statuses(client, LOGIN, RIGHT, REMOTE_ADDR="192.0.2.1") == [302]


def test_many_names_from_one_address_are_limited_as_well(
    client: Client, alice: User
) -> None:
    forms = [{**WRONG, "username": f"name{number}"} for number in range(6)]
    assert statuses(client, LOGIN, *forms) == [200] * 5 + [429]


def test_signing_in_successfully_does_not_count(client: Client, alice: User) -> None:
    for _ in range(7):
        assert statuses(client, LOGIN, RIGHT) == [302]
        client.post("/accounts/logout/")


def test_the_form_of_the_staff_shares_the_limit(client: Client, alice: User) -> None:
    assert statuses(client, LOGIN, WRONG, WRONG) == [200, 200]
    assert statuses(client, "/admin/login/", WRONG, WRONG) == [200, 429]


def test_a_browser_left_open_does_not_help_to_guess_the_password(
    as_alice: Client, alice: User
) -> None:
    guess = {"password": "wrong", "email": "new@example.org"}
    asked = [
        *statuses(as_alice, "/accounts/me/delete/", guess),
        *statuses(as_alice, "/accounts/me/password/", {"old_password": "wrong"}),
        *statuses(as_alice, "/accounts/me/edit/", guess, guess),
    ]
    assert asked == [200, 200, 200, 429]
    assert User.objects.filter(pk=alice.pk).exists()


def test_editing_without_a_password_is_not_limited(as_alice: Client) -> None:
    forms = [{"email": "not an address"}] * 9
    assert Counter(statuses(as_alice, "/accounts/me/edit/", *forms)) == {200: 9}


@pytest.mark.django_db
def test_registering_is_limited_by_address(client: Client) -> None:
    url = "/accounts/register/"
    forms = [{"username": f"name{number}"} for number in range(3)]
    assert statuses(client, url, *forms) == [200, 200, 429]
    assert statuses(client, url, *forms, REMOTE_ADDR="192.0.2.9") == [200, 200, 429]


@pytest.mark.parametrize("email", ["alice@example.org", "nobody@example.org"])
def test_mails_are_limited_alike_for_known_and_unknown_addresses(
    email: str, client: Client, charlie: User
) -> None:
    forms = [{"email": email}, {"email": email.upper()}, {"email": email}]
    assert statuses(client, "/accounts/reset/", *forms) == [302, 302, 429]


@pytest.mark.django_db
def test_mails_are_limited_by_address_of_the_machine(client: Client) -> None:
    forms = [{"email": f"name{number}@example.org"} for number in range(4)]
    assert statuses(client, "/accounts/reset/", *forms) == [302, 302, 302, 429]
