"""The card of the model that answers at the moment, asked of the service."""

import logging

from django.core.cache import cache

from mimika.core.errors import MimikaError
from mimika.service.schemas import ModelInfo
from mimika.web.analyses import service

logger = logging.getLogger(__name__)

KEY = "about:model"
KEPT_S = 60
# Strangers may read about the model: many must not all wait for a silent service.
PAUSE_S = 5


def current_model() -> ModelInfo | None:
    """The model that the service names; None where it does not answer.

    What it says is kept for a minute, that it says nothing for a few seconds.
    """
    kept: tuple[ModelInfo | None] | None = cache.get(KEY)
    if kept is not None:
        return kept[0]
    model = _ask()
    cache.set(KEY, (model,), PAUSE_S if model is None else KEPT_S)
    return model


def _ask() -> ModelInfo | None:
    try:
        return next(iter(service.get_client().models()), None)
    except MimikaError as error:
        logger.warning("the model's card cannot be shown: %s", error)
        return None
