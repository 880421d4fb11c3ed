"""Small ONNX classifiers with a card, made on the spot."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from mimika.core.card import CARD_KEY, ModelCard
from mimika.core.preprocess import PreprocessSpec

SIZE = 8

MakeModel = Callable[..., Path]


@pytest.fixture
def make_card(make_card: Callable[..., ModelCard]) -> Callable[..., ModelCard]:
    """Makes the card of a grey classifier of three fruits; fields can be changed."""
    spec = PreprocessSpec(size=SIZE, channels=1, mean=(0.5,), std=(0.25,))
    fields: dict[str, Any] = {
        "name": "small",
        "task": "fruit",
        "labels": ("apple", "pear", "red_currant"),
        "preprocess": spec,
    }
    return lambda **changes: make_card(**(fields | changes))


@pytest.fixture
def weights() -> NDArray[np.float32]:
    """float32 (64, 3): the matrix of the small classifiers."""
    drawn = np.random.default_rng(5).normal(size=(SIZE * SIZE, 3))
    return drawn.astype(np.float32)


@pytest.fixture
def make_model(
    tmp_path: Path, make_card: Callable[..., ModelCard], weights: NDArray[np.float32]
) -> MakeModel:
    """Writes a classifier: its logits are the flattened input times `matrix`.

    `metadata` replaces the card in the file, `batch` and `channels` the shape of the
    input, and `extra_input` adds an input.
    """

    def make(
        card: ModelCard | None = None,
        matrix: NDArray[np.float32] = weights,
        metadata: dict[str, str] | None = None,
        batch: int | str = "batch",
        channels: int = 1,
        extra_input: bool = False,
    ) -> Path:
        shape = [batch, channels, SIZE, SIZE]
        inputs = [helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)]
        if extra_input:
            inputs.append(
                helper.make_tensor_value_info("other", TensorProto.FLOAT, [1])
            )
        outputs = [
            helper.make_tensor_value_info(
                "logits", TensorProto.FLOAT, [batch, matrix.shape[1]]
            )
        ]
        nodes = [
            helper.make_node("Flatten", ["input"], ["flat"]),
            helper.make_node("MatMul", ["flat", "matrix"], ["logits"]),
        ]
        rows = np.tile(matrix, (channels, 1)).astype(np.float32)
        constants = [numpy_helper.from_array(rows, "matrix")]
        graph = helper.make_graph(nodes, "small", inputs, outputs, constants)
        opset = helper.make_opsetid("", 17)
        model = helper.make_model(graph, opset_imports=[opset], ir_version=9)
        if metadata is None:
            metadata = {CARD_KEY: (card or make_card()).model_dump_json()}
        helper.set_model_props(model, metadata)
        path = tmp_path / "small.onnx"
        onnx.save(model, path)
        return path

    return make
