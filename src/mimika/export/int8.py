"""From an ONNX file with float32 weights to one with 8-bit integers.

Post-training static quantisation (Jacob et al., "Quantization and Training of Neural
Networks for Efficient Integer-Arithmetic-Only Inference" (2018), section 3; one scale
for each output channel of the weights: Krishnamoorthi, "Quantizing deep convolutional
networks for efficient inference" (2018), section 3.1.2), by ONNX Runtime's own tool.
Weights keep to 7 bits, because processors without VNNI add two products in 16 bits and
would overflow. Ranges of the activations come from pictures: the 99.999th percentile.
"""

import contextlib
import hashlib
import io
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx

from mimika.core.card import CARD_KEY, ModelCard
from mimika.core.errors import ModelError
from mimika.core.files import replacing
from mimika.core.preprocess import FloatArray, UInt8Array, preprocess
from mimika.runtime.classifier import OnnxClassifier

BATCH = 64
SUFFIX = ", int8"
logger = logging.getLogger(__name__)


class Batches:
    """Calibration pictures in the form that ONNX Runtime's tool asks for."""

    def __init__(self, name: str, inputs: FloatArray) -> None:
        """Batches of the network's inputs.

        Args:
            name: of the input.
            inputs: float32 (N, C, size, size), normalised; what is over from full
                batches is left out.
        """
        # the tool joins the batches' activations: all have to be of one length
        whole = len(inputs) // BATCH * BATCH or len(inputs)
        starts = range(0, whole, BATCH)
        self._parts = iter([{name: inputs[i : i + BATCH]} for i in starts])

    def get_next(self) -> dict[str, FloatArray] | None:
        """The next batch by the input's name; None at the end."""
        return next(self._parts, None)


def quantise(model: Path, output: Path, images: UInt8Array) -> ModelCard:
    """Writes an ONNX file of `mimika export` again with 8-bit weights.

    Args:
        model: the file, with float32 weights.
        output: the file to write, whole or not at all; its folder exists.
        images: uint8 (N, H, W) or (N, H, W, 3), pictures that show the ranges of the
            activations; a thousand are enough.

    Returns:
        The new card: other digest, no figures, since those of the float32 weights are
        not this model's.

    Raises:
        ModelError: not a model of ours, one with 8-bit weights already, or no pictures.
        OSError: it cannot be written.
    """
    card = OnnxClassifier(model).card
    if card.architecture.endswith(SUFFIX):
        raise ModelError(
            f"{model}: has 8-bit weights already; name the file that 'mimika export' "
            "wrote"
        )
    if len(images) == 0:
        raise ModelError("no pictures to find the ranges of the activations on")
    with tempfile.TemporaryDirectory() as folder, _quiet():
        made = _with_integers(model, Path(folder), preprocess(images, card.preprocess))
    changed = card.model_copy(
        update={
            "architecture": card.architecture + SUFFIX,
            "digest": graph_digest(made),
            "metrics": {},
        }
    )
    onnx.helper.set_model_props(made, {CARD_KEY: changed.model_dump_json()})
    onnx.checker.check_model(made, full_check=True)
    with replacing(output) as partial:
        onnx.save(made, partial)
    return changed


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


def _with_integers(model: Path, folder: Path, inputs: FloatArray) -> onnx.ModelProto:
    """The quantised graph, from ONNX Runtime's tool."""
    from onnxruntime import quantization
    from onnxruntime.quantization.shape_inference import quant_pre_process

    name = onnx.load(model).graph.input[0].name
    prepared, made = folder / "prepared.onnx", folder / "int8.onnx"
    quant_pre_process(str(model), str(prepared))
    quantization.quantize_static(
        str(prepared),
        str(made),
        Batches(name, inputs),
        quant_format=quantization.QuantFormat.QDQ,
        activation_type=quantization.QuantType.QUInt8,
        weight_type=quantization.QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        calibrate_method=quantization.CalibrationMethod.Percentile,
    )
    return onnx.load(made)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Sends the tool's account of its progress to the debug log."""
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
