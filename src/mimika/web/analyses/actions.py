"""What people do with their results: try again, say what they see, delete."""

import logging
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from mimika.web.accounts.requests import PersonRequest
from mimika.web.analyses import dispatch, states
from mimika.web.analyses.forms import OpinionForm
from mimika.web.analyses.models import Face
from mimika.web.reports.presentation import classes_of, face_views

logger = logging.getLogger(__name__)


@require_POST
def try_again(request: PersonRequest, analysis_id: UUID) -> HttpResponse:
    """Queues a failed analysis again."""
    analysis = get_object_or_404(request.user.analyses, pk=analysis_id)
    if states.try_again(analysis):
        dispatch.wake()
    return redirect(analysis)


@require_POST
def say_opinion(request: PersonRequest, analysis_id: UUID, number: int) -> HttpResponse:
    """Keeps which emotion the owner sees in a face."""
    analysis = get_object_or_404(request.user.analyses, pk=analysis_id)
    face = get_object_or_404(Face, analysis=analysis, number=number)
    classes = classes_of(analysis.answer)
    form = OpinionForm(request.POST, classes=classes)
    if form.is_valid():
        face.opinion = form.cleaned_data["opinion"]
        face.save(update_fields=["opinion"])
    if not request.headers.get("HX-Request"):
        return redirect(f"{analysis.get_absolute_url()}#face-{number}")
    context = {
        "analysis": analysis,
        "face": face_views(analysis.answer)[number - 1],
        "opinion": face.opinion,
        "emotions": classes,
    }
    return render(request, "analyses/_opinion.html", context)


@require_POST
def delete(request: PersonRequest, analysis_id: UUID) -> HttpResponse:
    """Deletes one result."""
    analysis = get_object_or_404(request.user.analyses, pk=analysis_id)
    _delete(request, [analysis.pk])
    return redirect("analyses:history")


@require_POST
def delete_several(request: PersonRequest) -> HttpResponse:
    """Deletes the results that are ticked in the history."""
    _delete(request, _uuids(request.POST.getlist("chosen")))
    return redirect("analyses:history")


def _delete(request: PersonRequest, ids: list[UUID]) -> None:
    """Deletes those of them that are the person's own, and says how many."""
    _, by_model = request.user.analyses.filter(pk__in=ids).delete()
    count = by_model.get("analyses.Analysis", 0)
    logger.info("person %s deleted %d results", request.user.pk, count)
    if count:
        messages.success(request, f"{count} result{'s' * (count > 1)} deleted.")
    else:
        messages.info(request, "Nothing was chosen, so nothing was deleted.")


def _uuids(texts: list[str]) -> list[UUID]:
    """Those of the texts that are ids."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
