"""Pages to register and to see one's own data; logging in and out is Django's own."""

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from mimika.web.accounts.forms import RegisterForm
from mimika.web.accounts.requests import PersonRequest


@login_not_required
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Makes an account and logs its owner in."""
    if request.user.is_authenticated:
        return redirect("home")
    form = RegisterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                person = form.save()
        except IntegrityError:  # between the form's check and now
            form.add_error(None, "Somebody has just taken this name or address.")
        else:
            login(request, person)
            return redirect("home")
    return render(request, "accounts/register.html", {"form": form})


@require_safe
def account(request: PersonRequest) -> HttpResponse:
    """Shows a person's own data."""
    made = request.user.analyses.count()
    return render(request, "accounts/account.html", {"made": made})
