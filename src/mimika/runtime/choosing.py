"""Which of the models at hand a request means."""

from collections.abc import Mapping
from dataclasses import dataclass

from mimika.core.card import ModelCard
from mimika.core.errors import ModelError
from mimika.runtime.shelf import Shelf, Shelved, are


@dataclass(frozen=True)
class Choice:
    """Which model a request means.

    Attributes:
        shelved: one of the shelf; None for the shipped one.
    """

    shelved: Shelved | None


def choose(
    shelf: Shelf, shipped: ModelCard, model: str | None, task: str | None
) -> Choice:
    """Finds the model that a name or a task means.

    Args:
        shelf: the models that were added.
        shipped: the card of the one that was not.
        model: its name; the shipped one answers to the name of its task, too.
        task: the default model goes before others of the task, then the shipped one.

    Raises:
        ModelError: there is none; the message names those that there are.
    """
    added = {one.name: one for one in shelf.models()}
    default = shelf.default()
    found: Choice | None
    if model is not None:
        found = _by_name(added, shipped, model)
    elif task is None:
        found = Choice(added.get(default or ""))
    else:
        found = _by_task(added, shipped, task, default)
    if found is None:
        what = (
            f"model {model!r}" if model is not None else f"model for the task {task!r}"
        )
        names = [shipped.name, *added]
        tasks = sorted({shipped.task, *(one.card.task for one in added.values())})
        raise ModelError(
            f"no {what} here; there {are(names)}, for the tasks {', '.join(tasks)}: "
            "choose one, or leave the option out"
        )
    card = shipped if found.shelved is None else found.shelved.card
    if model is not None and task not in (None, card.task):
        raise ModelError(
            f"the model {model!r} answers the task {card.task!r}, not {task!r}; leave "
            "one of the two out"
        )
    return found


def _by_name(
    added: Mapping[str, Shelved], shipped: ModelCard, name: str
) -> Choice | None:
    if name in (shipped.name, shipped.task):
        return Choice(None)
    return Choice(added[name]) if name in added else None


def _by_task(
    added: Mapping[str, Shelved], shipped: ModelCard, task: str, default: str | None
) -> Choice | None:
    names = sorted(added, key=lambda name: (name != default, name))
    fits = [Choice(added[name]) for name in names if added[name].card.task == task]
    if shipped.task == task:
        is_default = default in added and added[str(default)].card.task == task
        fits.insert(int(is_default), Choice(None))
    return fits[0] if fits else None
