"""From float32 weights to 8-bit integers.

Post-training static quantisation (Jacob et al., "Quantization and Training of Neural
Networks for Efficient Integer-Arithmetic-Only Inference" (2018), section 3; one scale
for each output channel of the weights: Krishnamoorthi, "Quantizing deep convolutional
networks for efficient inference" (2018), section 3.1.2), by ONNX Runtime's own tool.
Weights keep to 7 bits, because processors without VNNI add two products in 16 bits and
would overflow. Ranges of the activations come from pictures: the 99.999th percentile.
Sums are kept away from ties (`mimika.export.ties`).

Before that, an average over 2 x 2 places followed by a 1 x 1 convolution, the shortcut
of a residual network, becomes the one convolution that it is: ONNX Runtime's average of
integers takes longer than all that it saves.
"""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from mimika.core.errors import ModelError
from mimika.core.preprocess import FloatArray
from mimika.export.ties import without_ties

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
    # symbolic inference gives up on some networks, and leaves a file where one stands
    quant_pre_process(str(model), str(prepared), skip_symbolic_shape=True)
    onnx.save(with_pools_in_convolutions(onnx.load(prepared)), prepared)
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
    return without_ties(onnx.load(made))


def with_pools_in_convolutions(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same graph, each average and the 1 x 1 convolution after it made one.

    Args:
        model: with all its tensors inside.
    """
    model = onnx.shape_inference.infer_shapes(model)
    graph = model.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    shapes = {
        value.name: [dim.dim_value for dim in value.type.tensor_type.shape.dim]
        for value in (*graph.input, *graph.value_info)
    }
    for pool in [node for node in graph.node if _averages_tiles(node, shapes)]:
        readers = [node for node in graph.node if pool.output[0] in node.input]
        if len(readers) != 1 or not _is_pointwise(readers[0], graph):
            continue
        (reader,) = readers
        tensor = weights[reader.input[1]]
        height, width = _attribute(pool, "kernel_shape")
        values = onnx.numpy_helper.to_array(tensor) / (height * width)
        spread = np.tile(values, (1, 1, height, width)).astype(np.float32)
        tensor.CopyFrom(onnx.numpy_helper.from_array(spread, tensor.name))
        reader.input[0] = pool.input[0]
        _set_attribute(reader, "kernel_shape", [height, width])
        _set_attribute(reader, "strides", [height, width])
        graph.node.remove(pool)
    del graph.value_info[:]  # those of the weights are not true any more
    return onnx.shape_inference.infer_shapes(model)


def _averages_tiles(node: onnx.NodeProto, shapes: Mapping[str, Sequence[int]]) -> bool:
    """Whether a node takes the mean of tiles that cover its input exactly."""
    if node.op_type != "AveragePool":
        return False
    tile, sides = _attribute(node, "kernel_shape"), shapes.get(node.input[0], ())[2:]
    return (
        _attribute(node, "strides") == tile
        and not any(_attribute(node, "pads"))
        and len(sides) == len(tile)
        and all(
            side and side % part == 0 for side, part in zip(sides, tile, strict=True)
        )
    )


def _is_pointwise(node: onnx.NodeProto, graph: onnx.GraphProto) -> bool:
    """Whether a node is a 1 x 1 convolution that nothing shares its weights with."""
    if node.op_type != "Conv" or any(_attribute(node, "pads")):
        return False
    name = node.input[1]
    sizes = [
        tuple(tensor.dims[2:]) for tensor in graph.initializer if tensor.name == name
    ]
    shared = sum(name in other.input for other in graph.node) > 1
    plain = all(value == 1 for value in _attribute(node, "strides"))
    return sizes == [(1, 1)] and plain and not shared


def _attribute(node: onnx.NodeProto, name: str) -> Any:
    """The value of an attribute; an empty list where it is not given."""
    found = (x for x in node.attribute if x.name == name)
    return next((onnx.helper.get_attribute_value(x) for x in found), [])


def _set_attribute(node: onnx.NodeProto, name: str, value: Sequence[int]) -> None:
    kept = [x for x in node.attribute if x.name != name]
    del node.attribute[:]
    node.attribute.extend([*kept, onnx.helper.make_attribute(name, value)])
