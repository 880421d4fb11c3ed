"""From a stored result to what saved files are made of."""

import numpy as np
from django.utils import timezone

from mimika.core.preprocess import UInt8Array
from mimika.core.results import Analysis as Answer
from mimika.service.schemas import ModelInfo
from mimika.web.analyses.models import Analysis
from mimika.web.reports.content import ModelFacts, Report

NO_PICTURE = np.empty((0, 0, 3), np.uint8)


def report_of(
    analysis: Analysis,
    pixels: UInt8Array = NO_PICTURE,
    model: ModelInfo | None = None,
) -> Report:
    """What is known about a done analysis.

    Args:
        analysis: a done one.
        pixels: uint8 (H, W, 3), RGB, of the picture; only drawings need it.
        model: the model that the service has now; it says how good it is, where it is
            the one that answered.
    """
    answer = analysis.answer
    return Report(
        title=analysis.title,
        original_name=analysis.original_name,
        note=analysis.note,
        created=analysis.created,
        taken=analysis.taken,
        seen=analysis.seen,
        answer=answer,
        pixels=pixels,
        model=ModelFacts(answer.model, answer.model_digest, accuracy_of(answer, model)),
        written=timezone.now(),
        opinions=analysis.opinions,
    )


def accuracy_of(answer: Answer, model: ModelInfo | None) -> str:
    """What was measured of the model that answered; empty where it is not known.

    Args:
        answer: of whichever model.
        model: the one whose card is at hand.

    Returns:
        Such as `0.706 (0.691-0.721) on 3,589 pictures of PublicTest`.
    """
    if model is None or model.digest != answer.model_digest:
        return ""
    found = model.metrics.get("accuracy")
    if found is None:
        return ""
    interval = f"({found.low:.3f}-{found.high:.3f})"
    pictures = f"{found.images:,} pictures of {found.split}"
    return f"{found.value:.3f} {interval} on {pictures}"
