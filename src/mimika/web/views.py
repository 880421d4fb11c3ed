"""The main page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mimika.web.accounts.requests import PersonRequest


@require_safe
def home(request: PersonRequest) -> HttpResponse:
    """The two ways: to the form and to the own account; below, the latest results."""
    latest = request.user.analyses.all()[:4]
    return render(request, "home.html", {"latest": latest})
