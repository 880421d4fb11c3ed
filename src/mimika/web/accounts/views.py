"""Pages to register, to see and change one's own data; Django's own do the rest."""

import logging
from functools import partial

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from mimika.web.accounts import limits, pictures
from mimika.web.accounts.forms import ProfileForm, RegisterForm
from mimika.web.accounts.models import User
from mimika.web.accounts.requests import PersonRequest, next_page
from mimika.web.throttles.limits import limited

logger = logging.getLogger(__name__)

SIGN_INS_SHOWN = 10


@login_not_required
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
@limited(limits.register)
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
            logger.info("registered: user %d", person.pk)
            login(request, person)
            return redirect(next_page(request) or "home")
    context = {"form": form, "next": next_page(request)}
    return render(request, "accounts/register.html", context)


@require_safe
def account(request: PersonRequest) -> HttpResponse:
    """Shows a person's own data."""
    context = {
        "made": request.user.analyses.count(),
        "sign_ins": request.user.sign_ins.all()[:SIGN_INS_SHOWN],
    }
    return render(request, "accounts/account.html", context)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@limited(limits.own_password, free_when_done=True)
def edit(request: PersonRequest) -> HttpResponse:
    """The form for one's own data; it leads back to the account."""
    # A copy: a form changes its object even where it finds errors, and the page would
    # show the new name as if it were stored.
    person = User.objects.get(pk=request.user.pk)
    if request.method != "POST":
        return _edit_page(request, ProfileForm(instance=person))
    form = ProfileForm(request.POST, request.FILES, instance=person)
    if not form.is_valid():
        return _edit_page(request, form)
    try:
        save_profile(form)
    except IntegrityError:  # between the form's check and now
        form.add_error("email", "Somebody has just taken this address.")
    except OSError:
        logger.exception("the picture of user %d was not stored", person.pk)
        text = "The picture could not be stored. Nothing was saved; try again later."
        form.add_error("picture", text)
    else:
        messages.success(request, "Saved.")
        return redirect("accounts:account")
    return _edit_page(request, form)


def save_profile(form: ProfileForm) -> None:
    """Stores a form's person and picture, or nothing.

    Args:
        form: one without errors.

    Raises:
        IntegrityError: somebody has the e-mail address by now.
        OSError: the picture cannot be written.
    """
    person, picture = form.instance, form.cleaned_data["picture"]
    removed = form.cleaned_data.get("remove_picture", False)
    with transaction.atomic():
        if picture is not None:
            person.has_picture = True
        elif removed:
            person.has_picture = False
            path = pictures.path_of(person.pk)
            transaction.on_commit(partial(path.unlink, missing_ok=True))
        fields = (*form.Meta.fields, "has_picture")  # others may be counting meanwhile
        person.save(update_fields=fields)
        if picture is not None:
            pictures.write(person.pk, picture)
    logger.info("profile changed: user %d", person.pk)


@require_safe
def picture(request: PersonRequest) -> HttpResponse:
    """One's own picture; nobody has an address for somebody else's."""
    try:
        if not request.user.has_picture:
            raise FileNotFoundError
        data = pictures.path_of(request.user.pk).read_bytes()
    except FileNotFoundError as error:
        raise Http404("there is no picture") from error
    response = HttpResponse(data, content_type="image/jpeg")
    response.headers["Content-Disposition"] = 'inline; filename="picture.jpg"'
    # The browser may keep it, but asks each time whether it is still the same.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _edit_page(request: PersonRequest, form: ProfileForm) -> HttpResponse:
    return render(request, "accounts/edit.html", {"form": form})
