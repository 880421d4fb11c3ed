"""The same model with float32 weights, with 8-bit integers and with float16 weights."""

import contextlib
import hashlib
import io
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import onnx

from mimika.core.card import CARD_KEY, Metric, ModelCard
from mimika.core.errors import ModelError, ParityError
from mimika.core.files import replacing
from mimika.core.preprocess import FloatArray, UInt8Array, preprocess
from mimika.export.fp16 import with_halves
from mimika.export.int8 import with_integers
from mimika.runtime.classifier import OnnxClassifier

Precision = Literal["fp32", "int8", "fp16"]
PRECISIONS: tuple[Precision, ...] = get_args(Precision)
SUFFIX = {"int8": ", int8", "fp16": ", fp16"}  # of the architecture in the card

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Variant:
    """A model in one precision, and what it was measured to do.

    Attributes:
        precision: of its weights.
        file: where it lies.
        ms: median milliseconds for a picture by itself, on one thread.
        figures: for its card; accuracy among them.
    """

    precision: Precision
    file: Path
    ms: float
    figures: dict[str, Metric]

    @property
    def accuracy(self) -> float:
        """Of the judged pictures, the share that it knows."""
        return self.figures["accuracy"].value


def convert(
    model: Path, output: Path, precision: Literal["int8", "fp16"], images: UInt8Array
) -> ModelCard:
    """Writes an ONNX file of `mimika export` again in another precision.

    Args:
        model: the file, with float32 weights.
        output: the file to write, whole or not at all; its folder exists.
        precision: that of the new file.
        images: uint8 (N, H, W) or (N, H, W, 3), pictures that show the ranges of the
            activations; a thousand are enough. Only integers need them.

    Returns:
        The new card: other digest, no figures, since those of the float32 weights are
        not this model's.

    Raises:
        ModelError: not a model of ours, one without float32 weights or that the tools
            cannot convert, or no pictures.
        OSError: it cannot be written.
    """
    card = float_card(model)
    made = _converted(model, precision, preprocess(images, card.preprocess))
    changed = card.model_copy(
        update={
            "architecture": card.architecture + SUFFIX[precision],
            "digest": graph_digest(made),
            "metrics": {},
        }
    )
    onnx.helper.set_model_props(made, {CARD_KEY: changed.model_dump_json()})
    onnx.checker.check_model(made, full_check=True)
    with replacing(output) as partial:
        onnx.save(made, partial)
    return changed


def _converted(
    model: Path, precision: Literal["int8", "fp16"], inputs: FloatArray
) -> onnx.ModelProto:
    """The graph in another precision.

    Raises:
        ModelError: the tools cannot convert it.
    """
    try:
        with _quiet():
            integers = precision == "int8"
            return with_integers(model, inputs) if integers else with_halves(model)
    except ModelError:
        raise
    except Exception as error:  # the tools' errors share no other base
        raise ModelError(
            f"{model}: ONNX Runtime's tool cannot write this network in {precision} "
            f"({error}); export it with --precision fp32"
        ) from error


def float_card(model: Path) -> ModelCard:
    """The card of a model with float32 weights.

    Raises:
        ModelError: not a model of ours, or one with other weights.
    """
    card = OnnxClassifier(model).card
    if card.architecture.endswith(tuple(SUFFIX.values())):
        raise ModelError(
            f"{model}: is {card.architecture} already; name the run, or the file with "
            "float32 weights that 'mimika export --precision fp32' wrote"
        )
    return card


def graph_digest(model: onnx.ModelProto) -> str:
    """SHA-256 of the graph's stored tensors: names, types, shapes and values, by name.

    Args:
        model: with all its tensors inside.
    """
    digest = hashlib.sha256()
    for tensor in sorted(model.graph.initializer, key=lambda tensor: tensor.name):
        values = onnx.numpy_helper.to_array(tensor)
        digest.update(f"{tensor.name}{values.dtype}{values.shape}".encode())
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()


def fastest(variants: Sequence[Variant], cost: float) -> Variant:
    """The fastest variant that loses little accuracy.

    Args:
        variants: the first one with float32 weights.
        cost: points of accuracy that another may lose against it.
    """
    least = variants[0].accuracy - cost / 100
    kept = [variant for variant in variants if variant.accuracy >= least]
    return min(kept, key=lambda variant: variant.ms)


def refuse_loss(variants: Sequence[Variant], chosen: Variant, cost: float) -> None:
    """Refuses a variant that loses too much.

    Args:
        variants: the first one with float32 weights.
        chosen: one of them.
        cost: points of accuracy that it may lose.

    Raises:
        ParityError: it loses more.
    """
    lost = 100 * (variants[0].accuracy - chosen.accuracy)
    if lost > cost:
        judged = chosen.figures["accuracy"]
        raise ParityError(
            f"{chosen.precision} costs {lost:.2f} points of accuracy on "
            f"{judged.images:,} pictures of {judged.split}, and at most {cost:g} were "
            "allowed, so nothing was written; allow more with --cost"
        )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Sends the tools' account of their progress to the debug log."""
    caught = io.StringIO()
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)
    try:
        with contextlib.redirect_stdout(caught):
            yield
    finally:
        root.setLevel(level)
        logger.debug("%s", caught.getvalue().strip())
