"""Pages to take one's data along and to delete the account."""

from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from mimika.web.accounts import limits
from mimika.web.accounts.forms import DeleteForm
from mimika.web.accounts.models import User
from mimika.web.accounts.requests import PersonRequest
from mimika.web.belongings.archive import members
from mimika.web.throttles.limits import limited
from mimika.web.zips import zipped


@require_safe
def download(request: PersonRequest) -> FileResponse:
    """All of a person's data as a zip file."""
    file = zipped(members(request.user))
    return FileResponse(file, as_attachment=True, filename="mimika-data.zip")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@limited(limits.own_password, free_when_done=True)
def delete(request: PersonRequest) -> HttpResponse:
    """Asks for the password, then deletes the account and everything in it."""
    form = DeleteForm(request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        remove(request.user.pk)
        logout(request)
        messages.success(request, "Your account and everything in it is deleted.")
        return redirect("accounts:login")
    context = {"form": form, "made": request.user.analyses.count()}
    return render(request, "belongings/delete.html", context)


def remove(user_id: int) -> None:
    """Deletes somebody's rows; their files follow.

    The row is locked first: a picture that is being stored at the same moment then
    either is deleted as well or finds nobody to belong to.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user_id).delete()
