"""Sums of 8-bit integers that every processor rounds alike."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from mimika.core.preprocess import preprocess
from mimika.export.int8 import with_integers
from mimika.export.ties import Levels, Sum, sums, without_ties
from mimika.runtime.classifier import OnnxClassifier
from mimika.runtime.pipeline import DEFAULT_MODEL

pytestmark = pytest.mark.filterwarnings(
    # inside torch's exporter, about its own calls
    "ignore::DeprecationWarning",
    "ignore::FutureWarning",
)
# met in a network for faces: 3.11 and 1.73 times the level of their sum
FIRST, SECOND, TOTAL = 0.11104626953601837, 0.06178785488009453, 0.03565727174282074
LEVELS = np.arange(256, dtype=np.float32)


def rounded(name: str, scale: str, zero: str) -> list[onnx.NodeProto]:
    """Rounds a tensor to levels and takes it back: `name` to `name_back`."""
    return [
        helper.make_node("QuantizeLinear", [name, scale, zero], [f"{name}_levels"]),
        helper.make_node(
            "DequantizeLinear", [f"{name}_levels", scale, zero], [f"{name}_back"]
        ),
    ]


@pytest.fixture
def graph():
    """Makes a graph that adds two quantised tensors."""

    def make(
        first: float, second: float, total: float, extra: list | None = None
    ) -> onnx.ModelProto:
        scales = {"first": first, "second": second, "total": total}
        stored = [
            numpy_helper.from_array(np.array(value, np.float32), name)
            for name, value in scales.items()
        ]
        stored.append(numpy_helper.from_array(np.array(128, np.uint8), "middle"))
        stored.append(numpy_helper.from_array(np.array(0, np.uint8), "zero"))
        nodes = [
            *rounded("a", "first", "middle"),
            *rounded("b", "second", "middle"),
            helper.make_node("Add", ["a_back", "b_back"], ["sum"]),
            helper.make_node("Relu", ["sum"], ["relu"]),
            *rounded("relu", "total", "zero"),
            *(extra or []),
        ]
        shown = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N"])
            for name in ("a", "b", "relu_back")
        ]
        return helper.make_model(
            helper.make_graph(nodes, "n", shown[:2], shown[2:], stored)
        )

    return make


def scales(model: onnx.ModelProto) -> dict[str, float]:
    stored = {x.name: numpy_helper.to_array(x) for x in model.graph.initializer}
    return {name: float(stored[name]) for name in ("first", "second", "total")}


def two_ways(one: Sum) -> tuple[np.ndarray, np.ndarray]:
    """All sums in float32: of the terms, and of levels times the scales' ratios."""
    first, second, total = (
        np.float32(x.scale) for x in (one.first, one.second, one.total)
    )
    left = LEVELS - np.float32(one.first.zero)
    right = LEVELS - np.float32(one.second.zero)
    plain = np.add.outer(left * first, right * second) / total
    offset = -(one.first.zero * (first / total) + one.second.zero * (second / total))
    ratios = np.add.outer(LEVELS * (first / total), LEVELS * (second / total) + offset)
    return np.rint(plain).clip(0, 255), np.rint(ratios).clip(0, 255)


def test_all_sums_are_rounded_alike_whichever_way_they_are_computed(graph):
    model = graph(FIRST, SECOND, TOTAL)
    (before,) = sums(model)
    plain, ratios = two_ways(before)
    assert np.argwhere(plain != ratios).size > 0
    (after,) = sums(without_ties(model))
    plain, ratios = two_ways(after)
    np.testing.assert_array_equal(plain, ratios)


def test_only_one_scale_is_made_a_little_larger(graph):
    model = without_ties(graph(FIRST, SECOND, TOTAL))
    changed = scales(model)
    assert 1 < changed.pop("first") / FIRST < 1.008
    assert changed == {
        "second": pytest.approx(SECOND, rel=1e-6),
        "total": pytest.approx(TOTAL, rel=1e-6),
    }


def test_answers_stay_within_a_level(graph):
    model = graph(FIRST, SECOND, TOTAL)
    inputs = dict(
        zip("ab", np.random.default_rng(3).normal(size=(2, 500)), strict=True)
    )
    inputs = {name: values.astype(np.float32) for name, values in inputs.items()}
    before = ReferenceEvaluator(model).run(None, inputs)[0]
    after = ReferenceEvaluator(without_ties(model)).run(None, inputs)[0]
    assert np.ptp(before) > 50 * TOTAL
    np.testing.assert_allclose(after, before, atol=1.01 * (TOTAL + 0.008 * FIRST * 60))


def test_sums_that_are_apart_keep_their_scale(graph):
    model = without_ties(graph(FIRST, SECOND, TOTAL))
    once = scales(model)
    assert scales(without_ties(model)) == once


def test_exact_halves_are_ties():
    levels = Levels(1.0, 0, 0, 255)
    halves = Sum(Levels(0.5, 0, 0, 255), levels, levels, "s")
    assert halves.nearest_tie() == 0
    assert Sum(levels, levels, levels, "s").nearest_tie() == 0.5
    assert halves.apart().nearest_tie() >= halves.inexact()


def test_a_scale_that_serves_others_is_kept_and_the_other_terms_is_taken(graph):
    other = helper.make_node("Neg", ["a_back"], ["again"])
    model = graph(FIRST, SECOND, TOTAL, [other])
    (one,) = sums(model)
    assert one.scale == "second"
    without_ties(model)
    assert scales(model)["first"] == pytest.approx(FIRST, rel=1e-7)
    assert scales(model)["second"] > SECOND


def test_sums_of_floats_are_left_alone(graph):
    model = graph(FIRST, SECOND, TOTAL)
    for node in model.graph.node:
        if node.op_type == "Add":
            node.input[0] = "a"  # before it is rounded
    assert list(sums(model)) == []
    assert without_ties(model) == model


def test_an_exported_network_has_no_ties(exported, images):
    spec = OnnxClassifier(exported).card.preprocess
    found = list(sums(with_integers(exported, preprocess(images, spec))))
    assert found
    assert min(one.nearest_tie() for one in found) > 2e-5


def test_the_shipped_network_has_no_ties():
    found = list(sums(onnx.load(DEFAULT_MODEL)))
    assert len(found) == 4
    assert all(one.nearest_tie() >= one.inexact() for one in found)
