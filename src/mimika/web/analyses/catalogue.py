"""Keeps the table of models as the service says, and tells what people may choose."""

import logging
from collections.abc import Sequence

from django.core.cache import cache
from django.db.models import Q

from mimika.core.card import Metric
from mimika.core.errors import MimikaError
from mimika.core.tasks import EMOTION
from mimika.service.schemas import ModelInfo
from mimika.web.analyses import service
from mimika.web.analyses.offered import (
    KEY_LENGTH,
    NAME_LENGTH,
    TASK_LENGTH,
    OfferedModel,
)

logger = logging.getLogger(__name__)

KEY = "offered:asked"
KEPT_S, PAUSE_S = 60, 5  # after an answer; after none, when many must not wait


def refresh(*, now: bool = False) -> bool:
    """Asks the service which models it has, at most once a minute.

    Args:
        now: ask whenever it was asked before.

    Returns:
        Whether the table is as the service last said; otherwise it does not answer.
    """
    if not now and (known := cache.get(KEY)) is not None:
        return bool(known)
    try:
        found = service.get_client().models()
    except MimikaError as error:
        logger.warning("the models cannot be listed: %s", error)
        cache.set(KEY, 0, PAUSE_S)
        return False
    remember(found)
    cache.set(KEY, 1, KEPT_S)
    return True


def remember(found: Sequence[ModelInfo]) -> None:
    """Writes what the service has into the table; new models are offered."""
    if not found:
        return
    for model in filter(fits, found):
        remember_one(model)
    gone = OfferedModel.objects.exclude(name__in=[model.name for model in found])
    gone.filter(in_service=True).update(in_service=False)


def remember_one(model: ModelInfo) -> None:
    """Writes what the service says of a model into the table."""
    facts = {
        "task": model.task,
        "classes": [[label.key, label.name] for label in model.labels],
        "finds_faces": model.finds_faces,
        "digest": model.digest,
        "accuracy": accuracy_of(model.metrics.get("accuracy")),
        "in_service": True,
    }
    OfferedModel.objects.update_or_create(name=model.name, defaults=facts)


def fits(model: ModelInfo) -> bool:
    """Whether the database can hold a model's names; others are left out."""
    keys = [label.key for label in model.labels]
    fine = len(model.name) <= NAME_LENGTH and len(model.task) <= TASK_LENGTH
    if fine and max(map(len, keys)) <= KEY_LENGTH:
        return True
    logger.warning("model %.40s is left out: its names are too long", model.name)
    return False


def accuracy_of(metric: Metric | None) -> str:
    """Such as `96.3 % (92.2 to 98.8)`; empty for nothing."""
    if metric is None:
        return ""
    value, low, high = (100 * x for x in (metric.value, metric.low, metric.high))
    return f"{value:.1f} % ({low:.1f} to {high:.1f})"


def offered() -> list[OfferedModel]:
    """What people may choose, the model that comes with mimika first."""
    refresh()
    found = OfferedModel.objects.filter(is_offered=True, in_service=True)
    return sorted(found, key=lambda one: (not one.is_shipped, one.name))


def is_off(name: str) -> bool:
    """Whether staff have switched a model off."""
    return OfferedModel.objects.filter(name=name, is_offered=False).exists()


def is_about_emotions(prefix: str = "") -> Q:
    """A condition on analyses: a model of emotions was asked for.

    Args:
        prefix: leads to the analysis, such as `analysis__`.
    """
    names = OfferedModel.objects.filter(task=EMOTION.name).values("name")
    field = f"{prefix}model_name"
    return Q(**{field: ""}) | Q(**{f"{field}__in": names})


def all_choices() -> list[tuple[str, str]]:
    """Keys and names of the classes of all models, those of emotions first."""
    own = {label.key: label.name for label in EMOTION.labels}
    for model in OfferedModel.objects.exclude(task=EMOTION.name):
        for key, name in model.choices:
            own.setdefault(key, name)
    return list(own.items())
