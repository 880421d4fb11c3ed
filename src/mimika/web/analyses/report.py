"""From a stored result to what saved files are made of."""

import numpy as np
from django.utils import timezone

from mimika.core.preprocess import UInt8Array
from mimika.web.analyses.models import Analysis
from mimika.web.reports.content import ModelFacts, Report

NO_PICTURE = np.empty((0, 0, 3), np.uint8)


def report_of(analysis: Analysis, pixels: UInt8Array = NO_PICTURE) -> Report:
    """What is known about a done analysis.

    Args:
        analysis: a done one.
        pixels: uint8 (H, W, 3), RGB, of the picture; only drawings need it.
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
        model=ModelFacts(answer.model, answer.model_digest, ""),
        written=timezone.now(),
    )
