"""From float32 weights to float16, half the bytes.

For graphics cards: on most CPUs ONNX Runtime computes in float32 all the same and
converts on the way. Input and output stay float32.
"""

from pathlib import Path

import onnx


def with_halves(model: Path) -> onnx.ModelProto:
    """The graph with float16 weights, from ONNX Runtime's tool.

    Args:
        model: the ONNX file, with float32 weights.
    """
    from onnxruntime.transformers.float16 import convert_float_to_float16
    from onnxruntime.transformers.onnx_model import OnnxModel

    made: onnx.ModelProto = convert_float_to_float16(
        onnx.load(model), keep_io_types=True
    )
    OnnxModel(made).topological_sort()  # the tool adds its casts at the end
    return made
