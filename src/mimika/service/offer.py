"""What the service offers: the model that its workers have, and those on the shelf."""

from collections.abc import Callable, Sequence

from mimika.runtime.shelf import Shelf
from mimika.service.schemas import ModelInfo, model_info

Offer = Callable[[], tuple[ModelInfo, ...]]


def offer_of(shipped: Callable[[], Sequence[ModelInfo]], shelf: Shelf) -> Offer:
    """A function that says what is offered at the moment.

    Args:
        shipped: the models of the workers; none before the first is ready.
        shelf: the models that were added.

    Returns:
        Gives the default model first, then the shipped one, then the others by name;
        nothing before the first worker is ready.
    """

    def offered() -> tuple[ModelInfo, ...]:
        own = shipped()
        if not own:
            return ()
        default = shelf.default()
        added = [
            model_info(one.card, is_default=one.name == default)
            for one in shelf.models()
        ]
        has_default = any(one.is_default for one in added)
        first = [
            one.model_copy(update={"is_default": not has_default and place == 0})
            for place, one in enumerate(own)
        ]
        return tuple(sorted([*first, *added], key=lambda one: not one.is_default))

    return offered
