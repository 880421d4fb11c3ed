"""What views know of a request: who asks, and where to go afterwards."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from mimika.web.accounts.models import User


class PersonRequest(HttpRequest):
    """A request of somebody who is logged in: `LoginRequiredMiddleware` saw to it."""

    user: User


def next_page(request: HttpRequest) -> str:
    """The page of this site that `next` asks for, or an empty text."""
    asked = request.POST.get("next", request.GET.get("next", ""))
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(asked, hosts, request.is_secure())
    return asked if safe else ""
