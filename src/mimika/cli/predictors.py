"""The model that a command line names: a run, an ONNX file, or the shipped one."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress, track

from mimika.core.errors import ModelError
from mimika.core.extras import how_to_install
from mimika.core.predictor import Predictor
from mimika.core.preprocess import FloatArray, PreprocessSpec, UInt8Array
from mimika.core.tasks import TASKS
from mimika.data.folder_names import class_of_folder
from mimika.data.samples import SIDE
from mimika.evaluation.contestants import CONFIG
from mimika.evaluation.tta import Kind, tta
from mimika.runtime.classifier import OnnxClassifier
from mimika.runtime.hardware import ANY_HARDWARE, Hardware
from mimika.runtime.shelved import SHIPPED, is_file_name, model_file

CHUNK = 256  # pictures between two steps of the progress bar


def load_predictor(model: Path | None, hardware: Hardware = ANY_HARDWARE) -> Predictor:
    """Opens a model.

    Args:
        model: folder of a finished run, an `.onnx` file that `mimika export` wrote, the
            name of a model that was added, or None or `default` for the model in the
            package.
        hardware: what an ONNX model may use.

    Raises:
        ModelError: nothing is there, or no such model.
        ClickException: a run was named and torch is not installed.
    """
    if model is not None and model.is_dir():
        return _load_run(model)
    if model is not None and is_file_name(model) and not model.exists():
        raise ModelError(
            f"{model}: nothing is there; expected the folder of a run, an .onnx file "
            f"that 'mimika export' wrote, the name of a model that was added, or the "
            f"word {SHIPPED!r} for the shipped model"
        )
    return OnnxClassifier(model_file(model), hardware)


def _load_run(folder: Path) -> Predictor:
    try:
        from mimika.export.onnx import load_classifier
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("mimika"):
            raise
        raise click.ClickException(
            f"{folder} is the folder of a run, which needs the package {error.name!r}; "
            f"{how_to_install('train')}, or name an .onnx file that 'mimika export' "
            "wrote"
        ) from error
    return load_classifier(folder)


def predict_all(predictor: Predictor, images: UInt8Array) -> FloatArray:
    """Probabilities of many pictures, with a bar on stderr where a person looks.

    Args:
        predictor: the model.
        images: uint8 (N, H, W) or (N, H, W, 3).

    Returns:
        float32 (N, K), columns in the order of the card's labels.

    Raises:
        ModelError: the model needs the pictures as they were.
    """
    _check_fit(predictor.card.preprocess)
    starts = track(
        range(0, len(images), CHUNK),
        "Classifying",
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    )
    parts = [predictor.predict(images[start : start + CHUNK]) for start in starts]
    none = np.empty((0, len(predictor.card.labels)), np.float32)
    return np.concatenate([none, *parts])


def settings_of(model: Path | None) -> str:
    """The settings of a run's training, as TOML; empty for what is no run's folder."""
    path = None if model is None else model / CONFIG
    return path.read_text(encoding="utf-8") if path and path.is_file() else ""


def predict_views(
    predictor: Predictor, images: UInt8Array, kind: Kind | None
) -> FloatArray:
    """Probabilities as `predict_all` gives them, or the mean over several views.

    Args:
        predictor: the model.
        images: uint8 (N, H, W) or (N, H, W, 3).
        kind: which views; None for the pictures as they are.

    Raises:
        ModelError: the model needs the pictures as they were.
    """
    if kind is None:
        return predict_all(predictor, images)
    _check_fit(predictor.card.preprocess)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("looking at several views", total=1.0)
        return tta(
            predictor, images, kind, lambda share: bar.update(task, completed=share)
        )


def _check_fit(spec: PreprocessSpec) -> None:
    """Refuses a model to which a data set's pictures say nothing.

    They are squares by the time that they come here: what was cut or filled, and how
    large things were, cannot be told from them.
    """
    if spec.fit != "stretch":
        raise ModelError(
            f"the model's pictures are fitted by {spec.fit!r}, and this command reads "
            f"all pictures of a data set as squares of {SIDE} px; classify the files "
            "with 'mimika predict'"
        )


def data_order(labels: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """A model's classes in the order in which data sets number them.

    A model that learnt from class folders may have its classes in alphabetical order,
    while FER2013's files number the same classes in another. Names tell which is which:
    never the position.

    Args:
        labels: the classes of a model in the order of its outputs.

    Returns:
        The keys of the known task that has exactly these classes, in its order, or the
        labels as they are where there is none; and int64 (K,): for each of them, the
        column of the model.
    """
    for task in TASKS.values():
        numbers = [class_of_folder(label, task.keys) for label in labels]
        known = [number for number in numbers if number is not None]
        if len(known) == len(numbers) and sorted(known) == list(range(len(task.keys))):
            return task.keys, np.argsort(known)
    return tuple(labels), np.arange(len(labels), dtype=np.int64)
