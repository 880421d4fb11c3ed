"""The form, the result, the history.

Every query starts at `request.user.analyses`, so that somebody else's result does not
exist for whoever asks.
"""

import logging
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from mimika.web.accounts.requests import PersonRequest
from mimika.web.analyses import catalogue
from mimika.web.analyses.card import model_of
from mimika.web.analyses.forms import HistoryForm, UploadForm
from mimika.web.analyses.listing import for_lists, matching
from mimika.web.analyses.models import Analysis
from mimika.web.analyses.overlay import overlay_of
from mimika.web.analyses.submit import submit
from mimika.web.reports.presentation import (
    about_faces,
    classes_of,
    face_views,
    likely_from,
    percent,
)
from mimika.web.throttles.bucket import take
from mimika.web.throttles.limits import refusal

logger = logging.getLogger(__name__)

PAGE_LENGTH = 24
NOT_STORED = "The pictures could not be stored. Nothing was saved; try again later."
# a waiting page asks again after these milliseconds, by how long it has waited
ASK_AGAIN_MS = ((3, 300), (15, 1000), (float("inf"), 4000))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """The form; it leads to the result, or to the history where there are several."""
    offered = catalogue.offered()
    if request.method != "POST":
        return _form_page(request, UploadForm(offered=offered))
    form = UploadForm(request.POST, request.FILES, offered=offered)
    if not form.is_valid():
        return _form_page(request, form, 422)
    about = dict(form.cleaned_data)
    uploads = about.pop("pictures")
    wait = take("uploads", request.user.pk, cost=len(uploads))
    if wait is not None:
        return refusal(request, wait)
    try:
        made = submit(request.user, uploads, about)
    except OSError:
        logger.exception("pictures could not be stored")
        form.add_error(None, NOT_STORED)
        return _form_page(request, form, 500)
    return redirect(made[0]) if len(made) == 1 else redirect("analyses:history")


@require_safe
def detail(request: PersonRequest, analysis_id: UUID) -> HttpResponse:
    """One result, or how far it is."""
    analysis = get_object_or_404(request.user.analyses, pk=analysis_id)
    return render(request, "analyses/detail.html", detail_context(analysis))


@require_safe
def status(request: PersonRequest, analysis_id: UUID) -> HttpResponse:
    """The part of a result's page that changes while it is waited for."""
    analysis = get_object_or_404(request.user.analyses, pk=analysis_id)
    return render(request, "analyses/_result.html", detail_context(analysis))


@require_safe
def card(request: PersonRequest, analysis_id: UUID) -> HttpResponse:
    """One entry of a list, likewise."""
    analysis = get_object_or_404(for_lists(request.user.analyses.all()), pk=analysis_id)
    context = {"analysis": analysis, "ask_again_ms": ask_again_ms(analysis)}
    return render(request, "analyses/_card.html", context)


@require_safe
def history(request: PersonRequest) -> HttpResponse:
    """A person's own results."""
    form = HistoryForm(request.GET, classes=catalogue.all_choices())
    form.is_valid()  # what is not valid restricts nothing
    found = matching(request.user, form.cleaned_data)
    page = Paginator(for_lists(found), PAGE_LENGTH).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "is_restricted": any(form.cleaned_data.values()),
        "query": _without_page(request.GET),
    }
    return render(request, "analyses/history.html", context)


def detail_context(analysis: Analysis) -> dict[str, Any]:
    """What the templates of a result need."""
    if not analysis.is_done:
        return {"analysis": analysis, "ask_again_ms": ask_again_ms(analysis)}
    answer = analysis.answer
    opinions, classes = analysis.opinions, classes_of(answer)
    faces = [(view, opinions.get(view.number, "")) for view in face_views(answer)]
    return {
        "analysis": analysis,
        "answer": answer,
        "faces": faces,
        "drawn": overlay_of(answer) if about_faces(answer) else [],
        "about_faces": about_faces(answer),
        "emotions": classes,
        "likely_from": percent(likely_from(len(classes))),
        "model": model_of(answer),
    }


def ask_again_ms(analysis: Analysis) -> int:
    """Milliseconds after which a page asks again how far an analysis is."""
    waited_s = analysis.waited_s
    return next(pause for limit_s, pause in ASK_AGAIN_MS if waited_s < limit_s)


def _without_page(query: QueryDict) -> str:
    """What was asked, for the links to other pages of the list."""
    kept = query.copy()
    kept.pop("page", None)
    return kept.urlencode()


def _form_page(
    request: PersonRequest, form: UploadForm, status: int = 200
) -> HttpResponse:
    return render(request, "analyses/new.html", {"form": form}, status=status)
