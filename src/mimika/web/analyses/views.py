"""The form, the result, the history and the pictures.

Every query starts at `request.user.analyses`, so that somebody else's result does not
exist for whoever asks.
"""

import logging
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from mimika.core.errors import MimikaError
from mimika.web.accounts.requests import PersonRequest
from mimika.web.analyses import files, service
from mimika.web.analyses.forms import UploadForm
from mimika.web.analyses.models import Analysis
from mimika.web.analyses.presentation import face_views
from mimika.web.analyses.submit import submit

logger = logging.getLogger(__name__)

PAGE_LENGTH = 12


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """The form; on success it leads to the result."""
    if request.method != "POST":
        return _form_page(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, form)
    analysis = Analysis(
        note=form.cleaned_data["note"], original_name=form.original_name
    )
    picture = form.cleaned_data["picture"]
    try:
        submit(request.user, picture, analysis, service.get_client())
    except (MimikaError, OSError) as error:
        logger.exception("a picture was not analysed or not stored")
        return _failure_page(request, form, error)
    return redirect(analysis)


@require_safe
def detail(request: PersonRequest, analysis_id: UUID) -> HttpResponse:
    """One result."""
    analysis = get_object_or_404(request.user.analyses, pk=analysis_id)
    answer = analysis.answer
    context = {"analysis": analysis, "answer": answer, "faces": face_views(answer)}
    return render(request, "analyses/detail.html", context)


@require_safe
def history(request: PersonRequest) -> HttpResponse:
    """A person's own results, newest first."""
    page = Paginator(request.user.analyses.all(), PAGE_LENGTH).get_page(
        request.GET.get("page")
    )
    return render(request, "analyses/history.html", {"page": page})


@require_safe
def picture(request: PersonRequest, analysis_id: UUID, name: str) -> HttpResponse:
    """One of the pictures of a result."""
    analysis = get_object_or_404(request.user.analyses, pk=analysis_id)
    try:
        data = files.path_of(analysis.id, name).read_bytes()
    except FileNotFoundError as error:
        raise Http404("the picture's file is gone") from error
    response = HttpResponse(data, content_type="image/jpeg")
    # The name that the person's file had is not used: it may hold anything.
    disposition = f'inline; filename="mimika-{name}.jpg"'
    response.headers["Content-Disposition"] = disposition
    # The browser may keep it, but asks each time whether it still may show it.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["ETag"] = f'"{analysis.id}-{name}"'
    return response


def _failure_page(
    request: PersonRequest, form: UploadForm, error: MimikaError | OSError
) -> HttpResponse:
    failure = service.explain(error)
    field = "picture" if service.concerns_picture(error) else None
    form.add_error(field, failure.message)
    response = _form_page(request, form)
    response.status_code = failure.status
    if failure.retry_after_s is not None:
        response.headers["Retry-After"] = str(failure.retry_after_s)
    return response


def _form_page(request: PersonRequest, form: UploadForm) -> HttpResponse:
    return render(request, "analyses/new.html", {"form": form})
