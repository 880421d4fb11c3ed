"""A model in another precision than it was trained in."""

import re
from pathlib import Path

import onnx
import pytest

from mimika.core.card import Metric
from mimika.core.errors import ModelError, ParityError
from mimika.export.precision import (
    Variant,
    convert,
    fastest,
    graph_digest,
    refuse_loss,
)
from mimika.runtime.classifier import OnnxClassifier

pytestmark = pytest.mark.filterwarnings(
    # inside torch's exporter, about its own calls
    "ignore::DeprecationWarning",
    "ignore::FutureWarning",
)


@pytest.mark.parametrize("precision", ["int8", "fp16"])
def test_the_card_says_so_and_has_none_of_the_old_figures(
    precision, exported, images, tmp_path
):
    old = OnnxClassifier(exported).card
    out = tmp_path / "other.onnx"
    card = convert(exported, out, precision, images)
    assert OnnxClassifier(out).card == card
    assert card.architecture == f"compact_resnet, {precision}"
    assert card.metrics == {}
    assert card.digest == graph_digest(onnx.load(out))
    assert card.digest != old.digest
    assert (card.temperature, card.labels) == (old.temperature, old.labels)


@pytest.mark.parametrize("precision", ["int8", "fp16"])
def test_the_file_names_no_path_of_the_machine_that_wrote_it(
    precision, exported, images, tmp_path
):
    convert(exported, tmp_path / "other.onnx", precision, images)
    content = (tmp_path / "other.onnx").read_bytes()
    assert str(tmp_path).encode() not in content
    assert re.search(rb"\.py\W", content) is None


def test_what_cannot_be_converted_is_refused(exported, images, tmp_path):
    out = tmp_path / "int8.onnx"
    with pytest.raises(ModelError, match="no pictures to find the ranges"):
        convert(exported, out, "int8", images[:0])
    assert not out.exists()
    convert(exported, out, "int8", images)
    with pytest.raises(ModelError, match="is compact_resnet, int8 already"):
        convert(out, tmp_path / "again.onnx", "fp16", images)
    assert not (tmp_path / "again.onnx").exists()


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of the tool, about NaN
def test_what_the_tools_cannot_convert_is_refused_in_words(exported, images, tmp_path):
    model = onnx.load(exported)
    (entry,) = model.graph.input
    for node in model.graph.node:
        node.input[:] = ["root" if x == entry.name else x for x in node.input]
    model.graph.node.insert(0, onnx.helper.make_node("Neg", [entry.name], ["minus"]))
    model.graph.node.insert(1, onnx.helper.make_node("Sqrt", ["minus"], ["root"]))
    onnx.save(model, exported)  # no numbers for what is bright
    with pytest.raises(ModelError, match="cannot write this network in int8 "):
        convert(exported, tmp_path / "int8.onnx", "int8", images)
    assert not (tmp_path / "int8.onnx").exists()


def variant(precision: str, accuracy: float, ms: float) -> Variant:
    figure = Metric(value=accuracy, low=0, high=1, split="PublicTest", images=3589)
    return Variant(precision, Path(precision), ms, {"accuracy": figure})


def test_the_fastest_that_loses_little_is_kept():
    whole, ints, halves = (
        variant("fp32", 0.714, 1.6),
        variant("int8", 0.7115, 1.0),
        variant("fp16", 0.714, 2.3),
    )
    assert fastest([whole, ints, halves], 0.3) is ints
    assert fastest([whole, ints, halves], 0.2) is whole
    assert fastest([whole], 0.0) is whole


def test_a_variant_that_loses_too_much_is_refused():
    whole, ints = variant("fp32", 0.714, 1.6), variant("int8", 0.7115, 1.0)
    refuse_loss([whole, ints], ints, 0.3)
    message = "int8 costs 0.25 points of accuracy on 3,589 pictures of PublicTest"
    with pytest.raises(ParityError, match=message):
        refuse_loss([whole, ints], ints, 0.2)
