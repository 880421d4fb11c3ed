"""The card of the model that answers at the moment, asked of the service."""

import logging
from collections.abc import Sequence

from django.core.cache import cache

from mimika.core.errors import MimikaError
from mimika.core.results import Analysis
from mimika.core.tasks import EMOTION
from mimika.service.schemas import ModelInfo
from mimika.web.analyses import service

logger = logging.getLogger(__name__)

KEY = "about:model"
KEPT_S = 60
# Strangers may read about the model: many must not all wait for a silent service.
PAUSE_S = 5


def current_model() -> ModelInfo | None:
    """The model of emotions that the service has; None where it does not answer."""
    models = current_models()
    about = (model for model in models if model.task == EMOTION.name)
    return next(about, next(iter(models), None))


def model_of(answer: Analysis) -> ModelInfo | None:
    """The model that gave an answer; None where the service has it no more."""
    fits = (model for model in current_models() if model.digest == answer.model_digest)
    return next(fits, None)


def current_models() -> Sequence[ModelInfo]:
    """What the service offers; nothing where it does not answer.

    What it says is kept for a minute, that it says nothing for a few seconds.
    """
    kept: tuple[Sequence[ModelInfo]] | None = cache.get(KEY)
    if kept is not None:
        return kept[0]
    models = _ask()
    cache.set(KEY, (models,), KEPT_S if models else PAUSE_S)
    return models


def _ask() -> Sequence[ModelInfo]:
    try:
        return list(service.get_client().models())
    except MimikaError as error:
        logger.warning("the model's card cannot be shown: %s", error)
        return ()
