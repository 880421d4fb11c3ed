"""The main page, what containers and browsers ask for, and refusals of requests."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views import defaults
from django.views.decorators.http import require_safe

from mimika.web.accounts.requests import PersonRequest
from mimika.web.analyses.listing import for_lists

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


@require_safe
def home(request: PersonRequest) -> HttpResponse:
    """The two ways: to the form and to the own account; below, the latest results."""
    latest = for_lists(request.user.analyses.all())[:4]
    return render(request, "home.html", {"latest": latest})


@require_safe
@login_not_required
def health(_request: HttpRequest) -> HttpResponse:
    """Answers as long as the database does; tells nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@login_not_required
def icon(_request: HttpRequest) -> HttpResponse:
    """Where browsers look by themselves: staff pages and files name no icon."""
    return redirect(static("mimika/icon.svg"))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Says that a request was too large, which Django does not tell from others."""
    if isinstance(exception, TOO_LARGE):
        return render(request, "413.html", status=413)
    return defaults.bad_request(request, exception)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's page with the frame of somebody who is logged in, if they are."""
    del reason  # in the log already
    return render(request, "403_csrf.html", status=403)
