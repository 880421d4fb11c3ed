"""What an exported network sees in a picture: the input of its last layer."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from mimika.core.errors import ModelError
from mimika.core.preprocess import FloatArray, Images, preprocess
from mimika.runtime.classifier import CHUNK, OnnxClassifier
from mimika.runtime.session import open_session

LINEAR = ("Gemm", "MatMul")


class FeatureModel:
    """A classifier in the form that `mimika export` wrote, before its last layer."""

    def __init__(self, path: Path) -> None:
        """Opens a model, checked as `OnnxClassifier` does.

        Args:
            path: the ONNX file, with float or 8-bit weights.

        Raises:
            ModelError: it cannot be opened, or its last layer is not linear.
        """
        self.card = OnnxClassifier(path).card
        graph = with_features(onnx.load(path), path)
        with tempfile.TemporaryDirectory() as folder:
            opened = Path(folder) / "features.onnx"
            onnx.save(graph, opened)
            self._session: Any = open_session(opened)
        self._input = self._session.get_inputs()[0].name

    def features(self, images: Images) -> FloatArray:
        """The features of pictures.

        Args:
            images: uint8 (N, H, W) grey or (N, H, W, 3) RGB, 0..255, or a sequence of
                pictures of different sizes.

        Returns:
            float32 (N, F).
        """
        parts = []
        for start in range(0, len(images), CHUNK):
            inputs = preprocess(images[start : start + CHUNK], self.card.preprocess)
            answer = self._session.run(None, {self._input: inputs})[1]
            parts.append(np.asarray(answer, np.float32).reshape(len(inputs), -1))
        return np.concatenate(parts)


def with_features(model: onnx.ModelProto, path: Path) -> onnx.ModelProto:
    """The same network with the input of its last linear layer as a second output.

    Args:
        model: changed in place.
        path: where it came from, for the message.

    Raises:
        ModelError: there is no linear layer.
    """
    made_by = {name: node for node in model.graph.node for name in node.output}
    layers = [node for node in model.graph.node if node.op_type in LINEAR]
    if not layers:
        raise ModelError(
            f"{path}: its network does not end in a linear layer, so that there are no "
            "features to compare; take another model"
        )
    name = layers[-1].input[0]
    # of an 8-bit network: before the rounding
    while name in made_by and made_by[name].op_type.endswith("QuantizeLinear"):
        name = made_by[name].input[0]
    kind = onnx.TensorProto.FLOAT
    model.graph.output.append(onnx.helper.make_tensor_value_info(name, kind, None))
    return model
