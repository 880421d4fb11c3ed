"""The page about the model; everybody may read it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mimika.service.schemas import ModelInfo
from mimika.web.about.evaluation import evaluation_of
from mimika.web.about.presentation import class_rows, figures, matrix_rows, other_rows
from mimika.web.analyses.card import current_model, current_models


@require_safe
@login_not_required
def model(request: HttpRequest) -> HttpResponse:
    """What the model is, how good it is and what it must not be used for."""
    info = current_model()
    context = {"model": info, **({} if info is None else _measured(info))}
    context["others"] = [] if info is None else other_rows(info, current_models())
    return render(request, "about/model.html", context)


def _measured(info: ModelInfo) -> dict[str, object]:
    evaluation = evaluation_of(info.digest)
    found: dict[str, object] = {"figures": figures(info, evaluation)}
    if evaluation is not None:
        found["evaluation"] = evaluation
        found["classes"] = class_rows(info, evaluation)
        found["matrix"] = matrix_rows(info, evaluation)
    return found
