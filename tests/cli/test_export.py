"""`mimika export`: a model in the precision that serves best."""

import json

import numpy as np
import pytest

from mimika.cli.export import spread
from mimika.core.errors import DataError, ModelError, ParityError
from mimika.data.reading import read_dataset
from mimika.data.samples import Samples
from mimika.runtime.classifier import OnnxClassifier


@pytest.mark.parametrize("precision", ["int8", "fp16"])
def test_the_answers_stay_and_the_card_has_its_own_figures(
    precision, call, knowing_model, fer_csv, tmp_path
):
    model, out = knowing_model(), tmp_path / "out.onnx"
    done = call("export", model, "-o", out, "--data", fer_csv, "--precision", precision)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(f"{out}: {precision}, ")
    assert "on 28 pictures of PublicTest, one thread" in done.stdout
    images = read_dataset(fer_csv).images
    answers = [OnnxClassifier(file).predict(images).argmax(1) for file in (model, out)]
    assert (answers[0] == answers[1]).all()
    card = OnnxClassifier(out).card
    assert card.architecture.endswith(f", {precision}")
    accuracy = card.metrics["accuracy"]
    assert (accuracy.split, accuracy.images) == ("PublicTest", 28)
    judged = call("evaluate", out, "--data", fer_csv, "--json")
    assert json.loads(judged.stdout)["accuracy"] == pytest.approx(accuracy.value)


def test_the_fastest_of_three_is_written_by_default(
    call, knowing_model, fer_csv, tmp_path
):
    model, out = knowing_model(), tmp_path / "out.onnx"
    done = call("export", model, "-o", out, "--data", fer_csv, "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    variants = {x["precision"]: x for x in found["variants"]}
    assert list(variants) == ["fp32", "int8", "fp16"]
    fastest = min(variants.values(), key=lambda x: x["milliseconds"])
    assert found["precision"] == fastest["precision"]
    ending = "" if found["precision"] == "fp32" else f", {found['precision']}"
    float_card = OnnxClassifier(model).card
    assert OnnxClassifier(out).card.architecture == float_card.architecture + ending


def test_a_model_that_loses_too_much_is_not_written(
    call, knowing_model, fer_csv, tmp_path, monkeypatch
):
    model, out = knowing_model(), tmp_path / "out.onnx"
    out.write_text("former")
    classes = OnnxClassifier(model).card.labels
    turned = knowing_model((*classes[1:], classes[0]), "turned")

    def spoilt(_model, output, _precision, _images):
        output.write_bytes(turned.read_bytes())

    monkeypatch.setattr("mimika.cli.export.convert", spoilt)
    asked = ("export", model, "-o", out, "--data", fer_csv)
    failed = call(*asked, "--precision", "int8")
    assert isinstance(failed.exception, ParityError)
    assert "costs 100.00 points of accuracy on 28 pictures" in str(failed.exception)
    assert "at most 0.3 were allowed" in str(failed.exception)
    assert out.read_text() == "former"
    kept = call(*asked)
    assert kept.stdout.startswith(f"{out}: fp32, ")
    assert call(*asked, "--precision", "int8", "--cost", 100).exit_code == 0


def test_what_cannot_be_made_is_left_out_unless_it_was_asked_for(
    call, knowing_model, fer_csv, tmp_path, monkeypatch
):
    def refuse(_model, _output, precision, _images):
        raise ModelError(f"no way to {precision}")

    monkeypatch.setattr("mimika.cli.export.convert", refuse)
    out = tmp_path / "out.onnx"
    asked = ("export", knowing_model(), "-o", out, "--data", fer_csv)
    failed = call(*asked, "--precision", "int8")
    assert isinstance(failed.exception, ModelError)
    assert not out.exists()
    done = call(*asked)
    assert done.stdout.startswith(f"{out}: fp32, ")
    assert "int8 is left out: no way to int8" in done.stderr
    assert "fp16 is left out: no way to fp16" in done.stderr


def test_without_labels_float32_weights_are_written_and_nothing_is_judged(
    call, knowing_model, drawn_test_csv, tmp_path
):
    model, out = knowing_model(), tmp_path / "out.onnx"
    asked = ("export", model, "-o", out, "--data", drawn_test_csv)
    done = call(*asked)
    assert done.exit_code == 0, done.output
    assert "nothing is judged" in done.stderr
    assert done.stdout.startswith(f"{out}: fp32, ")
    assert OnnxClassifier(out).card == OnnxClassifier(model).card
    for more in (("--precision", "int8"), ("--split", "PublicTest")):
        assert isinstance(call(*asked, *more).exception, DataError)


def test_what_cannot_be_read_or_written_is_refused(
    call, knowing_model, fer_csv, tmp_path
):
    model, out = knowing_model(), tmp_path / "out.onnx"
    failed = call("export", tmp_path / "gone.onnx", "-o", out, "--data", fer_csv)
    assert isinstance(failed.exception, ModelError)
    failed = call("export", model, "-o", tmp_path / "no" / "a", "--data", fer_csv)
    assert isinstance(failed.exception, DataError)
    assert "its folder is not there" in str(failed.exception)
    failed = call("export", model, "-o", out)
    assert failed.exit_code == 2
    assert "--data" in failed.stderr
    assert not out.exists()


def test_pictures_are_spread_over_their_split():
    images = np.arange(10, dtype=np.uint8)[:, None, None] * np.ones((1, 2, 2), np.uint8)
    splits = np.array(["Training"] * 4 + ["PublicTest"] * 6)
    samples = Samples(images, np.zeros(10, np.int64), splits, np.arange(10), "drawn")
    assert spread(samples, "PublicTest", 3)[:, 0, 0].tolist() == [4, 6, 9]
    assert spread(samples, "Training", 9)[:, 0, 0].tolist() == [0, 1, 2, 3]
    assert len(spread(samples, "none", 99)) == 10
