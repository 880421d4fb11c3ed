"""From float32 weights to 8-bit integers."""

import numpy as np
import onnx
import pytest

from mimika.core.errors import ModelError
from mimika.core.preprocess import preprocess
from mimika.export.int8 import with_integers
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
