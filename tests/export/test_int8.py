"""From float32 weights to 8-bit integers."""

import re

import numpy as np
import onnx
import pytest

from mimika.core.errors import ModelError
from mimika.export.int8 import graph_digest, quantise
from mimika.export.onnx import export_run
from mimika.runtime.classifier import OnnxClassifier

pytestmark = pytest.mark.filterwarnings(
    # inside torch's exporter, about its own calls
    "ignore::DeprecationWarning",
    "ignore::FutureWarning",
)


@pytest.fixture
def exported(run, images, tmp_path):
    export_run(run, tmp_path / "model.onnx", images)
    return tmp_path / "model.onnx"


def test_answers_stay_near_those_of_the_float_model(exported, images, tmp_path):
    quantise(exported, tmp_path / "int8.onnx", images)
    expected = OnnxClassifier(exported).predict(images)
    found = OnnxClassifier(tmp_path / "int8.onnx").predict(images)
    assert np.abs(found - expected).max() < 0.1
    assert np.ptp(expected) > 0.2  # the comparison was not of constants
    assert not np.array_equal(found, expected)


def test_every_matrix_is_kept_in_seven_of_eight_bits(exported, images, tmp_path):
    out = tmp_path / "int8.onnx"
    quantise(exported, out, images)
    assert out.stat().st_size < 0.3 * exported.stat().st_size
    tensors = [onnx.numpy_helper.to_array(t) for t in onnx.load(out).graph.initializer]
    matrices = [values for values in tensors if values.ndim >= 2]
    assert {values.dtype for values in matrices} == {np.dtype(np.int8)}
    assert max(int(np.abs(values.astype(int)).max()) for values in matrices) <= 64


def test_the_card_says_so_and_has_none_of_the_old_figures(exported, images, tmp_path):
    old = OnnxClassifier(exported).card
    card = quantise(exported, tmp_path / "int8.onnx", images)
    assert OnnxClassifier(tmp_path / "int8.onnx").card == card
    assert card.architecture == "compact_resnet, int8"
    assert card.metrics == {}
    assert card.digest == graph_digest(onnx.load(tmp_path / "int8.onnx"))
    assert card.digest != old.digest
    assert (card.temperature, card.labels) == (old.temperature, old.labels)


def test_the_file_names_no_path_of_the_machine_that_wrote_it(
    exported, images, tmp_path
):
    quantise(exported, tmp_path / "int8.onnx", images)
    content = (tmp_path / "int8.onnx").read_bytes()
    assert str(tmp_path).encode() not in content
    assert re.search(rb"\.py\W", content) is None


def test_what_cannot_be_quantised_is_refused(exported, images, tmp_path):
    out = tmp_path / "int8.onnx"
    with pytest.raises(ModelError, match="no pictures to find the ranges"):
        quantise(exported, out, images[:0])
    assert not out.exists()
    quantise(exported, out, images)
    with pytest.raises(ModelError, match="8-bit weights already"):
        quantise(out, tmp_path / "again.onnx", images)
    assert not (tmp_path / "again.onnx").exists()
