"""Reports on pictures of a coloured slope, with as many faces as a test wants."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest

from mimika.core.results import Analysis, Box, Face, FaceWarning
from mimika.core.tasks import EMOTION
from mimika.web.reports.content import ModelFacts, Report

DIGEST = "0123456789abcdef" * 4


def face(number: int, width: int, warnings: tuple[FaceWarning, ...] = ()) -> Face:
    """The face at this place of a grid with eight in a row."""
    label = EMOTION.keys[number % 7]
    side = width // 10
    return Face(
        box=Box(number % 8 * width // 8, number // 8 * side, side, side),
        score=0.9,
        label=label,
        probability=0.7,
        probabilities={key: 0.7 if key == label else 0.05 for key in EMOTION.keys},
        warnings=warnings,
    )


@pytest.fixture
def make_face() -> Callable[..., Face]:
    return face


@pytest.fixture
def make_report() -> Callable[..., Report]:
    def make(
        faces: int = 1, width: int = 400, height: int = 300, **changes: Any
    ) -> Report:
        answer = Analysis(
            width=width,
            height=height,
            faces=tuple(face(number, width) for number in range(faces)),
            faces_mode="find",
            detail="fine",
            task="emotion",
            model="test-model",
            model_digest=DIGEST,
        )
        pixels = np.zeros((height, width, 3), np.uint8)
        pixels[:] = np.linspace(40, 220, width, dtype=np.uint8)[None, :, None]
        fields: dict[str, Any] = {
            "title": "Garden party",
            "original_name": "IMG_2031.jpg",
            "note": "Just before the speech.",
            "created": datetime(2026, 11, 20, 9, 5, tzinfo=UTC),
            "taken": date(2026, 7, 4),
            "seen": "happy",
            "answer": answer,
            "pixels": pixels,
            "model": ModelFacts("test-model", DIGEST, "0.711 on 3,589 pictures"),
            "written": datetime(2026, 11, 22, 14, 5, tzinfo=UTC),
        }
        return Report(**{**fields, **changes})

    return make
