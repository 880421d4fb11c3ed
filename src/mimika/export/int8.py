"""From float32 weights to 8-bit integers.

Post-training static quantisation (Jacob et al., "Quantization and Training of Neural
Networks for Efficient Integer-Arithmetic-Only Inference" (2018), section 3; one scale
for each output channel of the weights: Krishnamoorthi, "Quantizing deep convolutional
networks for efficient inference" (2018), section 3.1.2), by ONNX Runtime's own tool.
Weights keep to 7 bits, because processors without VNNI add two products in 16 bits and
would overflow. Ranges of the activations come from pictures: the 99.999th percentile.
"""

import tempfile
from pathlib import Path

import onnx

from mimika.core.errors import ModelError
from mimika.core.preprocess import FloatArray

BATCH = 64


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


def with_integers(model: Path, inputs: FloatArray) -> onnx.ModelProto:
    """The quantised graph, from ONNX Runtime's tool.

    Args:
        model: the ONNX file, with float32 weights.
        inputs: float32 (N, C, size, size), normalised, that show the ranges of the
            activations.

    Raises:
        ModelError: no inputs.
    """
    if len(inputs) == 0:
        raise ModelError("no pictures to find the ranges of the activations on")
    with tempfile.TemporaryDirectory() as folder:
        return _quantised(model, Path(folder), inputs)


def _quantised(model: Path, folder: Path, inputs: FloatArray) -> onnx.ModelProto:
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
