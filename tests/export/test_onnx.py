"""From a run folder to an ONNX file."""

import json

import numpy as np
import onnx
import pytest

from mimika.core.errors import ModelError, ParityError
from mimika.export import onnx as export
from mimika.export.onnx import export_run, load_classifier
from mimika.models.checkpoint import load_checkpoint, save_checkpoint
from mimika.runtime.classifier import OnnxClassifier

pytestmark = pytest.mark.filterwarnings(
    # inside torch's exporter, about its own calls
    "ignore::DeprecationWarning",
    "ignore::FutureWarning",
)


def test_the_file_answers_as_the_checkpoint_does(run, images, tmp_path):
    parity = export_run(run, tmp_path / "model.onnx", images)
    assert parity.largest_difference <= 1e-4
    torch_answers = load_classifier(run).predict(images)
    onnx_answers = OnnxClassifier(tmp_path / "model.onnx").predict(images)
    np.testing.assert_allclose(onnx_answers, torch_answers, atol=1e-5)
    assert np.ptp(torch_answers) > 0.2  # the comparison was not of constants


def test_the_card_travels_in_the_metadata(run, images, tmp_path):
    export_run(run, tmp_path / "model.onnx", images)
    card = OnnxClassifier(tmp_path / "model.onnx").card
    assert card == load_classifier(run).card


def test_the_batch_is_dynamic_and_the_rest_is_not(run, images, tmp_path):
    export_run(run, tmp_path / "model.onnx", images)
    graph = onnx.load(tmp_path / "model.onnx").graph
    shape = graph.input[0].type.tensor_type.shape.dim
    assert shape[0].dim_param
    assert [d.dim_value for d in shape[1:]] == [1, 48, 48]


def test_the_file_names_no_path_of_the_machine_that_wrote_it(run, images, tmp_path):
    export_run(run, tmp_path / "model.onnx", images)
    assert b".py" not in (tmp_path / "model.onnx").read_bytes()


def test_a_model_that_disagrees_is_not_written(run, images, tmp_path, monkeypatch):
    output = tmp_path / "model.onnx"
    output.write_bytes(b"the former model")
    plain = export.write_onnx

    def write_other_weights(network, card, path):
        network.classifier.bias.data[0] += 0.01
        plain(network, card, path)
        network.classifier.bias.data[0] -= 0.01

    monkeypatch.setattr(export, "write_onnx", write_other_weights)
    with pytest.raises(ParityError, match="nothing was written"):
        export_run(run, output, images)
    assert output.read_bytes() == b"the former model"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.onnx", "run"]


def test_a_folder_that_is_not_there_is_no_unfinished_run(tmp_path):
    with pytest.raises(ModelError, match="nosuch: no such folder"):
        export.read_card(tmp_path / "nosuch")


def test_an_unfinished_run_is_named(run, images, tmp_path):
    (run / "card.json").unlink()
    with pytest.raises(ModelError, match="not finished"):
        export_run(run, tmp_path / "model.onnx", images)


def test_a_card_of_other_weights_is_refused(run, images, tmp_path):
    state = load_checkpoint(run / "best.ckpt")
    state["weights"]["classifier.bias"] += 1
    save_checkpoint(run / "best.ckpt", state)
    with pytest.raises(ModelError, match="other weights"):
        export_run(run, tmp_path / "model.onnx", images)


def test_a_folder_that_is_no_run_says_what_to_do(tmp_path, images):
    with pytest.raises(ModelError, match="mimika train"):
        export_run(tmp_path, tmp_path / "model.onnx", images)


def test_a_damaged_card_is_named(run, images, tmp_path):
    card = json.loads((run / "card.json").read_text())
    del card["labels"]
    (run / "card.json").write_text(json.dumps(card))
    with pytest.raises(ModelError, match="labels"):
        export_run(run, tmp_path / "model.onnx", images)
