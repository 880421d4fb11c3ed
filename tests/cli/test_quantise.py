"""`mimika quantise`: a model again, with 8-bit weights."""

import json

import pytest

from mimika.core.errors import DataError, ModelError, ParityError
from mimika.data.reading import read_dataset
from mimika.runtime.classifier import OnnxClassifier


def test_the_answers_stay_and_the_card_has_its_own_figures(
    call, knowing_model, fer_csv, tmp_path
):
    model, out = knowing_model(), tmp_path / "int8.onnx"
    done = call("quantise", model, "-o", out, "--data", fer_csv)
    assert done.exit_code == 0, done.output
    assert "on 28 pictures of PublicTest 28 answers are the same" in done.stdout
    assert done.stdout.endswith("accuracy 1.0000 instead of 1.0000\n")
    images = read_dataset(fer_csv).images
    answers = [OnnxClassifier(file).predict(images).argmax(1) for file in (model, out)]
    assert (answers[0] == answers[1]).all()
    card = OnnxClassifier(out).card
    assert card.architecture.endswith(", int8")
    accuracy = card.metrics["accuracy"]
    assert (accuracy.split, accuracy.images) == ("PublicTest", 28)
    judged = call("evaluate", out, "--data", fer_csv, "--json")
    assert json.loads(judged.stdout)["accuracy"] == pytest.approx(accuracy.value)


def test_a_model_that_loses_too_much_is_not_written(
    call, knowing_model, fer_csv, tmp_path, monkeypatch
):
    model, out = knowing_model(), tmp_path / "int8.onnx"
    out.write_text("former")
    classes = OnnxClassifier(model).card.labels
    turned = knowing_model((*classes[1:], classes[0]), "turned")
    card = OnnxClassifier(turned).card

    def spoilt(_model, output, _images):
        output.write_bytes(turned.read_bytes())
        return card

    monkeypatch.setattr("mimika.cli.quantise.quantise", spoilt)
    failed = call("quantise", model, "-o", out, "--data", fer_csv)
    assert isinstance(failed.exception, ParityError)
    assert "cost 100.00 points of accuracy on 28 pictures" in str(failed.exception)
    assert "at most 0.3 were allowed" in str(failed.exception)
    assert out.read_text() == "former"
    assert (
        call("quantise", model, "-o", out, "--data", fer_csv, "--cost", 100).exit_code
        == 0
    )


def test_what_cannot_be_read_or_written_is_refused(
    call, knowing_model, fer_csv, drawn_test_csv, tmp_path
):
    model, out = knowing_model(), tmp_path / "int8.onnx"
    failed = call("quantise", tmp_path / "gone.onnx", "-o", out, "--data", fer_csv)
    assert isinstance(failed.exception, ModelError)
    failed = call("quantise", model, "-o", tmp_path / "no" / "a", "--data", fer_csv)
    assert isinstance(failed.exception, DataError)
    assert "its folder is not there" in str(failed.exception)
    failed = call("quantise", model, "-o", out, "--data", drawn_test_csv)
    assert isinstance(failed.exception, DataError)
    assert not out.exists()
