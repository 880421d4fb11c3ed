"""The main page, and the page that containers ask for."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mimika.web.accounts.requests import PersonRequest


@require_safe
def home(request: PersonRequest) -> HttpResponse:
    """The two ways: to the form and to the own account; below, the latest results."""
    latest = request.user.analyses.all()[:4]
    return render(request, "home.html", {"latest": latest})


@require_safe
@login_not_required
def health(_request: HttpRequest) -> HttpResponse:
    """Answers as long as the database does; tells nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")
