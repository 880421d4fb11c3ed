"""One person with many results, such as a diligent user has after some months."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from mimika.core.results import Analysis as Answer
from mimika.core.results import Box, Face, Landmarks, Point
from mimika.core.tasks import EMOTION
from mimika.web.accounts.models import User
from mimika.web.analyses import models

MONTHS = 9
WORDS = ("garden", "party", "sea", "holiday", "school", "birthday", "bus", "Ёлка")
SEARCHED = "birthday"  # one of eight in half of the titles
BATCH = 500


def put_rows(owner: User, count: int) -> None:
    """Stores done results with 1 to 3 faces, titles, notes and opinions.

    Args:
        owner: whose they are.
        count: how many.
    """
    rng = np.random.default_rng(0)
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        made = [_analysis(owner, number / count, rng) for number in numbers]
        models.Analysis.objects.bulk_create(made)
        models.Face.objects.bulk_create(_faces(made, rng))


def _analysis(owner: User, age: float, rng: np.random.Generator) -> models.Analysis:
    created = datetime.now(UTC) - timedelta(days=30 * MONTHS * age)
    words = [WORDS[i] for i in rng.integers(0, len(WORDS), 3)]
    title = f"{words[0]} {words[1]}" if rng.random() < 0.5 else ""
    note = f"{words[2]}, seen from the window. " * 4 if rng.random() < 0.3 else ""
    name = f"IMG_{rng.integers(10_000):04}.jpg"
    return models.Analysis(
        owner=owner,
        created=created,
        title=title,
        note=note,
        original_name=name,
        words=models.words_of(title, note, name),
        state=models.State.DONE,
        attempts=1,
        due=created,
        began=created,
        finished=created + timedelta(seconds=0.2),
        request_id="0" * 32,
        result=_answer(rng).model_dump(mode="json"),
    )


def _answer(rng: np.random.Generator) -> Answer:
    count = int(rng.choice([1, 2, 3], p=[0.6, 0.25, 0.15]))
    return Answer(
        width=1600,
        height=1200,
        faces=tuple(_face(100 + 450 * place, rng) for place in range(count)),
        faces_mode="find",
        detail="fine",
        task="emotion",
        model="emotion-s",
        model_digest="0" * 64,
    )


def _face(x: int, rng: np.random.Generator) -> Face:
    shares = rng.dirichlet(np.full(len(EMOTION.keys), 0.3)).round(6).tolist()
    probabilities = dict(zip(EMOTION.keys, shares, strict=True))
    label = max(probabilities, key=probabilities.__getitem__)
    places = [Point(x + 60 * i, 380 + 40 * i) for i in range(5)]
    return Face(
        box=Box(x, 300, 300, 360),
        score=0.93,
        label=label,
        probability=probabilities[label],
        probabilities=probabilities,
        landmarks=Landmarks(
            **dict(zip(Landmarks.model_fields, places, strict=True)),
        ),
    )


def _faces(
    analyses: list[models.Analysis], rng: np.random.Generator
) -> Iterator[models.Face]:
    for analysis in analyses:
        for number, face in enumerate(analysis.answer.faces, start=1):
            said = rng.random() < 0.2
            yield models.Face(
                analysis=analysis,
                number=number,
                label=face.label,
                probability=face.probability,
                opinion=str(rng.choice([face.label, "neutral"])) if said else "",
            )
