"""Analyzers by the name of their model: the shipped one, and those of the shelf."""

import os
from pathlib import Path

from mimika.core.errors import ModelError
from mimika.core.home import home_folder
from mimika.core.tasks import EMOTION
from mimika.runtime.choosing import choose
from mimika.runtime.classifier import OnnxClassifier
from mimika.runtime.hardware import ANY_HARDWARE, Hardware
from mimika.runtime.pipeline import DEFAULT_MODEL, Analyzer, load_analyzer
from mimika.runtime.shelf import Shelf

SHIPPED = "default"  # another word for the model in the package


def is_file_name(model: str | Path) -> bool:
    """Whether a value means a file: with a folder, with `.onnx`, or one that exists."""
    text = str(model)
    has_folder = "/" in text or os.sep in text
    return text.endswith(".onnx") or has_folder or Path(text).exists()


def model_file(model: str | Path | None, home: Path | None = None) -> Path:
    """The file of a model.

    Args:
        model: a path, the name of a model that was added, the name of a task, or None
            for the one in the package.
        home: folder of all state; None for `MIMIKA_HOME`.

    Raises:
        ModelError: no such name; the message says which there are.
    """
    if model is None or str(model) in (SHIPPED, EMOTION.name):
        return DEFAULT_MODEL
    if is_file_name(model):
        return Path(model)
    shelf = Shelf(home or home_folder(os.environ))
    shipped = OnnxClassifier(DEFAULT_MODEL).card
    try:
        found = choose(shelf, shipped, str(model), None)
    except ModelError as error:
        tasks = {one.card.task for one in shelf.models()}
        if str(model) not in tasks:
            raise ModelError(
                f"{error}; or give the path of an .onnx file, or add one with 'mimika "
                "models add NAME FILE'"
            ) from error
        found = choose(shelf, shipped, None, str(model))
    return DEFAULT_MODEL if found.shelved is None else found.shelved.path


def load_by_name(
    model: str | Path | None = None, hardware: Hardware = ANY_HARDWARE
) -> Analyzer:
    """Opens a model by a path, a name or a task: see `model_file`.

    Raises:
        ModelError: no such model, or it cannot be opened.
        ConfigError: the hardware is required and does not work here.
    """
    return load_analyzer(model_file(model), hardware, name_on_shelf(model))


def name_on_shelf(model: str | Path | None) -> str | None:
    """What answers of a model are to call it; None for the name in its card.

    Raises:
        ModelError: as `model_file`.
    """
    path = model_file(model)
    by_name = model is not None and not is_file_name(model) and path != DEFAULT_MODEL
    return path.parent.name if by_name else None
