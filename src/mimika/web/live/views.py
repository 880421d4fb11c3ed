"""The live page. It is shown, and works by itself from then on."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from mimika.core.tasks import EMOTION, text_colour
from mimika.web.live.headers import with_camera_and_threads
from mimika.web.live.networks import CLASSIFIER, DETECTOR


@require_safe
@with_camera_and_threads
def live(request: HttpRequest) -> HttpResponse:
    """Start, stop, the camera's picture and what is seen in it."""
    return render(request, "live/live.html", {"facts": facts()})


def facts() -> dict[str, Any]:
    """What the page's scripts have to know: names, colours, addresses."""
    return {
        "labels": [
            {**asdict(label), "onColour": text_colour(label.colour)}
            for label in EMOTION.labels
        ],
        "worker": static("mimika/live/worker.js"),
        "places": {
            "runtimes": static("vendor/onnxruntime/"),
            "detector": static(DETECTOR),
            "classifier": static(CLASSIFIER),
        },
    }
