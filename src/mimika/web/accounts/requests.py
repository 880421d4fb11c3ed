"""The type of request that views behind the login receive."""

from django.http import HttpRequest

from mimika.web.accounts.models import User


class PersonRequest(HttpRequest):
    """A request of somebody who is logged in: `LoginRequiredMiddleware` saw to it."""

    user: User
