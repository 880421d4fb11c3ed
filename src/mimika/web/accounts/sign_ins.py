"""Writes down who signs in and out: rows for the person, lines for the log."""

import logging
from typing import Any

from django.contrib.auth.signals import (
    user_logged_in,
    user_logged_out,
    user_login_failed,
)
from django.http import HttpRequest

from mimika.web.accounts.models import AGENT_LENGTH, SignIn, User
from mimika.web.throttles.address import client_address

logger = logging.getLogger(__name__)

KEPT = 50  # of each person


def connect() -> None:
    """Begins to listen; again has no effect."""
    user_logged_in.connect(signed_in, dispatch_uid="sign_ins.signed_in")
    user_logged_out.connect(signed_out, dispatch_uid="sign_ins.signed_out")
    user_login_failed.connect(failed, dispatch_uid="sign_ins.failed")


def signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Keeps a row, and of all of them the latest."""
    SignIn.objects.create(
        user=user, address=client_address(request) or None, agent=agent_of(request)
    )
    old = SignIn.objects.filter(user=user).values_list("pk", flat=True)[KEPT:]
    SignIn.objects.filter(pk__in=list(old)).delete()
    logger.info("signed in: user %d", user.pk)


def signed_out(user: User | None, **_: Any) -> None:
    """Logs it; a session may also end that nobody was logged in with."""
    if user is not None:
        logger.info("signed out: user %d", user.pk)


def failed(credentials: dict[str, Any], **_: Any) -> None:
    """Logs it with the name if it is one, since people type passwords there as well."""
    name = str(credentials.get("username", ""))
    person = User.objects.filter(username=name).first()
    if person is None:
        logger.warning("sign-in failed: unknown name")
    else:
        logger.warning("sign-in failed: user %d %r", person.pk, person.username)


def agent_of(request: HttpRequest) -> str:
    """What the browser calls itself, without characters that a page cannot show."""
    agent = request.headers.get("User-Agent", "")
    return "".join(c for c in agent if c.isprintable())[:AGENT_LENGTH]
