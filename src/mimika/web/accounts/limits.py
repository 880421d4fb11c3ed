"""Under which limits the forms of accounts fall.

Wrong passwords are counted by name and address together: somebody else's tries keep
nobody out of an account.
"""

import unicodedata

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from mimika.web.throttles.address import client_address, network_of
from mimika.web.throttles.limits import Claim


def sign_in(request: HttpRequest) -> list[Claim]:
    """Name and password."""
    return _password_of(request, request.POST.get("username", ""))


def own_password(request: HttpRequest) -> list[Claim]:
    """The password of somebody who is logged in, where the form holds it."""
    names = ("password", "old_password")
    if isinstance(request.user, AnonymousUser) or not any(
        request.POST.get(name) for name in names
    ):
        return []
    return _password_of(request, request.user.username)


def register(request: HttpRequest) -> list[Claim]:
    """A new account."""
    return [("register", _place(request))]


def reset(request: HttpRequest) -> list[Claim]:
    """A mail to an address."""
    email = _folded(request.POST.get("email", ""))
    return [("reset_by_address", _place(request)), ("reset_by_email", email)]


def _password_of(request: HttpRequest, name: str) -> list[Claim]:
    place = _place(request)
    return [
        ("sign_in_by_address", place),
        ("sign_in_by_name", f"{place} {_folded(name)}"),
    ]


def _place(request: HttpRequest) -> str:
    return network_of(client_address(request))


def _folded(text: str) -> str:
    """One spelling for all that Django's forms and the database take for the same."""
    return unicodedata.normalize("NFKC", text).strip().casefold()
