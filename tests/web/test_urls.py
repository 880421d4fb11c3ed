"""Who may see what: a row for every address; a new address without one fails."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from mimika.web.accounts import pictures
from mimika.web.accounts.models import User
from mimika.web.analyses.models import Analysis

LOGIN, HOME, ADMINISTRATION = "/accounts/login/", "/", "/admin/"
ICON = "/static/mimika/icon.svg"

# name: what the owner, another person and a stranger get (a status or where they go);
# staff get what any other person gets
ACCESS: dict[str, tuple[int | str, int | str, int | str]] = {
    "home": (200, 200, LOGIN),
    "health": (200, 200, 200),
    "icon": (ICON, ICON, ICON),
    "about:model": (200, 200, 200),
    "accounts:register": (HOME, HOME, 200),
    "accounts:login": (HOME, HOME, 200),
    "accounts:logout": (405, 405, LOGIN),
    "staff-login": (200, 200, 200),
    "accounts:account": (200, 200, LOGIN),
    "accounts:edit": (200, 200, LOGIN),
    "accounts:picture": (200, 404, LOGIN),
    "accounts:password-change": (200, 200, LOGIN),
    "accounts:reset": (200, 200, 200),
    "accounts:reset-sent": (200, 200, 200),
    "accounts:reset-confirm": (200, 200, 200),
    "belongings:download": (200, 200, LOGIN),
    "belongings:delete": (200, 200, LOGIN),
    "live:live": (200, 200, LOGIN),
    "analyses:history": (200, 200, LOGIN),
    "analyses:new": (200, 200, LOGIN),
    "analyses:detail": (200, 404, LOGIN),
    "analyses:original": (200, 404, LOGIN),
    "analyses:thumbnail": (200, 404, LOGIN),
    "analyses:status": (200, 404, LOGIN),
    "analyses:card": (200, 404, LOGIN),
    "analyses:heat": (200, 404, LOGIN),
    "analyses:pdf": (200, 404, LOGIN),
    "analyses:json": (200, 404, LOGIN),
    "analyses:png": (200, 404, LOGIN),
    "analyses:statistics": (200, 200, LOGIN),
    "analyses:csv": (200, 200, LOGIN),
    "analyses:zip": (200, 200, LOGIN),
    "analyses:again": (405, 405, LOGIN),
    "analyses:delete": (405, 405, LOGIN),
    "analyses:delete_several": (405, 405, LOGIN),
    "analyses:opinion": (405, 405, LOGIN),
}
POSTS = (
    "staff-login",
    "accounts:register",
    "accounts:login",
    "accounts:logout",
    "accounts:edit",
    "accounts:password-change",
    "accounts:reset",
    "accounts:reset-confirm",
    "belongings:delete",
    "analyses:new",
    "analyses:again",
    "analyses:delete",
    "analyses:delete_several",
    "analyses:opinion",
)


def patterns(
    resolver: URLResolver, prefix: str = "", names: tuple[str, ...] = ()
) -> Iterator[tuple[str, str]]:
    """The name and the route of every address below a resolver."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield ":".join((*names, entry.name or "")), route
        else:
            below = (*names, entry.namespace) if entry.namespace else names
            yield from patterns(entry, route, below)


ROUTES = dict(patterns(get_resolver()))
OWN = {name: route for name, route in ROUTES.items() if not name.startswith("admin:")}


@pytest.fixture
def portrait(alice: User) -> None:
    """Alice has a picture, and nobody else."""
    User.objects.filter(pk=alice.pk).update(has_picture=True)
    pictures.write(alice.pk, b"a picture")


def address(name: str, analysis: Analysis) -> str:
    values = {
        "analysis_id": analysis.id,
        "number": 1,
        "uidb64": "MQ",
        "token": "c0ffee-0123456789",
    }
    route = ROUTES[name]
    taken = {key: value for key, value in values.items() if f"{key}>" in route}
    return reverse(name, kwargs=taken)


def check(client: Client, url: str, expected: int | str) -> None:
    response = client.get(url)
    if response.streaming:
        list(response)  # which closes it
    if isinstance(expected, int):
        assert response.status_code == expected, url
    else:
        assert response.status_code == 302, url
        assert response["Location"].partition("?")[0] == expected, url


def test_every_address_has_a_row_in_the_access_table() -> None:
    assert set(OWN) == set(ACCESS)


@pytest.mark.parametrize("name", ACCESS)
def test_the_owner_another_person_and_a_stranger_get_what_the_table_says(
    name: str,
    result: Analysis,
    portrait: None,
    as_alice: Client,
    as_charlie: Client,
    as_staff: Client,
) -> None:
    url = address(name, result)
    owner, other, stranger = ACCESS[name]
    check(as_alice, url, owner)
    check(as_charlie, url, other)
    check(as_staff, url, ADMINISTRATION if name == "staff-login" else other)
    check(Client(), url, stranger)


@pytest.mark.parametrize("name", [x for x in POSTS if "analysis_id" in ROUTES[x]])
def test_only_the_owner_may_change_a_result(
    name: str, result: Analysis, as_charlie: Client, as_staff: Client
) -> None:
    for client in (as_charlie, as_staff):
        answer = client.post(address(name, result), {"opinion": "sad"})
        assert answer.status_code == 404
    refused = Client().post(address(name, result))
    assert refused["Location"].partition("?")[0] == LOGIN
    result.refresh_from_db()
    assert result.is_done
    assert result.faces.get().opinion == ""


def test_the_administration_is_closed_to_people_and_strangers(
    result: Analysis, as_alice: Client
) -> None:
    routes = [route for name, route in ROUTES.items() if name.startswith("admin:")]
    assert len(routes) > 10
    for route in routes:
        url = "/" + re.sub(r"<[^>]*>|\(\?P<.*", "1", route)
        for client in (as_alice, Client()):
            status = client.get(url).status_code
            assert status in (301, 302, 404) or url == "/admin/login/", url


def test_somebody_elses_result_and_one_that_does_not_exist_look_the_same(
    result: Analysis, as_charlie: Client
) -> None:
    nowhere = "/analyses/00000000-0000-4000-8000-000000000000/"
    urls = (result.get_absolute_url(), nowhere)
    pages = [as_charlie.get(url).content.decode() for url in urls]
    theirs, none = (re.sub(r'value="\w{64}"', "", page) for page in pages)  # tokens
    assert theirs == none


@pytest.mark.parametrize("name", POSTS)
def test_a_post_without_a_token_is_refused(
    name: str, alice: User, result: Analysis
) -> None:
    client = Client(enforce_csrf_checks=True)
    if ACCESS[name][2] == LOGIN:
        client.force_login(alice)
    response = client.post(address(name, result), {"username": "x"})
    assert response.status_code == 403
    assert b"out of date" in response.content
    if name == "accounts:logout":
        assert client.session.get("_auth_user_id")


@pytest.mark.parametrize("name", sorted(set(ACCESS) - set(POSTS)))
def test_pages_that_only_show_refuse_a_post(
    name: str, result: Analysis, as_alice: Client
) -> None:
    assert as_alice.post(address(name, result)).status_code == 405
