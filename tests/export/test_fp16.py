"""From float32 weights to float16."""

import numpy as np
import onnx
import pytest

from mimika.export.fp16 import with_halves
from mimika.export.precision import convert
from mimika.runtime.classifier import OnnxClassifier

pytestmark = pytest.mark.filterwarnings(
    # inside torch's exporter, about its own calls
    "ignore::DeprecationWarning",
    "ignore::FutureWarning",
)


def test_answers_stay_very_near_those_of_the_float_model(exported, images, tmp_path):
    convert(exported, tmp_path / "fp16.onnx", "fp16", images)
    expected = OnnxClassifier(exported).predict(images)
    found = OnnxClassifier(tmp_path / "fp16.onnx").predict(images)
    assert np.abs(found - expected).max() < 0.01
    assert not np.array_equal(found, expected)


def test_the_weights_are_halves_and_both_ends_stay_float32(exported):
    made = with_halves(exported)
    assert made.ByteSize() < 0.6 * exported.stat().st_size
    tensors = [onnx.numpy_helper.to_array(t) for t in made.graph.initializer]
    assert {t.dtype for t in tensors if t.ndim >= 2} == {np.dtype(np.float16)}
    ends = [*made.graph.input, *made.graph.output]
    assert {x.type.tensor_type.elem_type for x in ends} == {onnx.TensorProto.FLOAT}
