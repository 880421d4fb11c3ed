"""From float32 weights to 8-bit integers."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from mimika.core.errors import ModelError
from mimika.core.preprocess import preprocess
from mimika.export.int8 import with_integers, with_pools_in_convolutions
from mimika.export.precision import convert
from mimika.runtime.classifier import OnnxClassifier

pytestmark = pytest.mark.filterwarnings(
    # inside torch's exporter, about its own calls
    "ignore::DeprecationWarning",
    "ignore::FutureWarning",
)


def test_answers_stay_near_those_of_the_float_model(exported, images, tmp_path):
    convert(exported, tmp_path / "int8.onnx", "int8", images)
    expected = OnnxClassifier(exported).predict(images)
    found = OnnxClassifier(tmp_path / "int8.onnx").predict(images)
    assert np.abs(found - expected).max() < 0.1
    assert np.ptp(expected) > 0.2  # the comparison was not of constants
    assert not np.array_equal(found, expected)


def test_every_matrix_is_kept_in_seven_of_eight_bits(exported, images):
    spec = OnnxClassifier(exported).card.preprocess
    made = with_integers(exported, preprocess(images, spec))
    assert made.ByteSize() < 0.3 * exported.stat().st_size
    tensors = [onnx.numpy_helper.to_array(t) for t in made.graph.initializer]
    matrices = [values for values in tensors if values.ndim >= 2]
    assert {values.dtype for values in matrices} == {np.dtype(np.int8)}
    assert max(int(np.abs(values.astype(int)).max()) for values in matrices) <= 64


def test_without_inputs_there_are_no_ranges(exported):
    with pytest.raises(ModelError, match="no pictures to find the ranges"):
        with_integers(exported, np.zeros((0, 1, 48, 48), np.float32))


def test_averages_become_part_of_the_convolution_after_them(exported, images):
    before = onnx.load(exported)
    spec = OnnxClassifier(exported).card.preprocess
    inputs = preprocess(images, spec)
    expected = answers(before, inputs)
    after = with_pools_in_convolutions(before)
    kinds = [node.op_type for node in after.graph.node]
    assert "AveragePool" not in kinds
    onnx.checker.check_model(after, full_check=True)
    np.testing.assert_allclose(answers(after, inputs), expected, rtol=1e-4, atol=1e-4)


def test_shapes_that_depend_on_values_do_not_matter(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["c"]),
        helper.make_node("Shape", ["c"], ["s"]),
        helper.make_node("NonZero", ["s"], ["found"]),
        helper.make_node("Squeeze", ["found"], ["places"]),
        helper.make_node("Gather", ["s", "places"], ["same"]),
        helper.make_node("Reshape", ["c", "same"], ["r"]),
        helper.make_node("GlobalAveragePool", ["r"], ["p"]),
        helper.make_node("Flatten", ["p"], ["y"]),
    ]
    random = np.random.default_rng(2)
    weights = random.normal(size=(7, 1, 3, 3)).astype(np.float32)
    graph = helper.make_graph(
        nodes,
        "n",
        [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["N", 1, 8, 8])],
        [helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, ["N", 7])],
        [numpy_helper.from_array(weights, "w")],
    )
    opset = [helper.make_opsetid("", 19)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=9), "n.onnx")
    inputs = random.normal(size=(64, 1, 8, 8)).astype(np.float32)
    made = with_integers(Path("n.onnx"), inputs)
    expected = answers(onnx.load("n.onnx"), inputs)
    np.testing.assert_allclose(answers(made, inputs), expected, atol=0.1)
    assert [path.name for path in tmp_path.iterdir()] == ["n.onnx"]


@pytest.mark.parametrize(
    ("side", "strides", "pads", "second"),
    [
        (8, [1, 1], [0] * 4, "Conv"),  # they overlap
        (8, [2, 2], [1] * 4, "Conv"),  # they reach over the border
        (7, [2, 2], [0] * 4, "Conv"),  # the last place is left out
        (8, [2, 2], [0] * 4, "Relu"),
    ],
)
def test_other_averages_are_left_alone(side, strides, pads, second):
    pool = helper.make_node(
        "AveragePool", ["x"], ["mean"], kernel_shape=[2, 2], strides=strides, pads=pads
    )
    inputs = ["mean", "w"] if second == "Conv" else ["mean"]
    nodes = [pool, helper.make_node(second, inputs, ["y"])]
    value = helper.make_tensor_value_info
    weights = numpy_helper.from_array(np.ones((1, 1, 1, 1), np.float32), "w")
    graph = helper.make_graph(
        nodes,
        "averages",
        [value("x", onnx.TensorProto.FLOAT, [1, 1, side, side])],
        [value("y", onnx.TensorProto.FLOAT, None)],
        [weights],
    )
    made = with_pools_in_convolutions(helper.make_model(graph))
    assert [node.op_type for node in made.graph.node] == ["AveragePool", second]


def test_weights_that_two_convolutions_share_are_left_alone():
    nodes = [
        helper.make_node(
            "AveragePool", ["x"], ["mean"], kernel_shape=[2, 2], strides=[2, 2]
        ),
        helper.make_node("Conv", ["mean", "w"], ["small"]),
        helper.make_node("Conv", ["x", "w"], ["large"]),
    ]
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "shared",
        [value("x", onnx.TensorProto.FLOAT, [1, 1, 8, 8])],
        [value(name, onnx.TensorProto.FLOAT, None) for name in ("small", "large")],
        [numpy_helper.from_array(np.ones((1, 1, 1, 1), np.float32), "w")],
    )
    made = with_pools_in_convolutions(helper.make_model(graph))
    kinds = [node.op_type for node in made.graph.node]
    assert kinds == ["AveragePool", "Conv", "Conv"]


def answers(model, inputs):
    return ReferenceEvaluator(model).run(None, {model.graph.input[0].name: inputs})[0]
