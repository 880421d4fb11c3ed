"""The features before the last layer of an exported network."""

import numpy as np
import onnx
import pytest
import torch

from mimika.core.errors import ModelError
from mimika.core.preprocess import preprocess
from mimika.export.onnx import load_classifier
from mimika.export.penultimate import FeatureModel, with_features
from mimika.export.precision import convert
from mimika.models.parts import features_of

pytestmark = pytest.mark.filterwarnings(
    # inside torch's exporter, about its own calls
    "ignore::DeprecationWarning",
    "ignore::FutureWarning",
)


def test_features_are_those_of_the_torch_network(run, exported, images):
    classifier = load_classifier(run)
    inputs = torch.from_numpy(preprocess(images, classifier.card.preprocess))
    with torch.no_grad():
        expected = features_of(classifier.network.eval(), inputs).numpy()
    model = FeatureModel(exported)
    found = model.features(images)
    assert model.card == classifier.card
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert np.ptp(found) > 0.1  # the comparison was not of constants


def test_features_of_an_8_bit_model_are_near_those_of_the_float_model(
    exported, images, tmp_path
):
    convert(exported, tmp_path / "int8.onnx", "int8", images)
    expected = FeatureModel(exported).features(images)
    found = FeatureModel(tmp_path / "int8.onnx").features(images)
    assert np.corrcoef(found.ravel(), expected.ravel())[0, 1] > 0.99


def test_a_network_without_a_linear_layer_is_refused(exported):
    model = onnx.load(exported)
    kept = [node for node in model.graph.node if node.op_type != "Gemm"]
    del model.graph.node[:]
    model.graph.node.extend(kept)
    with pytest.raises(ModelError, match="does not end in a linear layer"):
        with_features(model, exported)
