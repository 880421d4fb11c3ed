"""`mimika evaluate --calibrate --write-to`: temperatures in runs and ONNX files."""

import json

import pytest
import torch

from mimika.core.card import parse_card
from mimika.core.errors import ConfigError, DataError
from mimika.data.reading import read_dataset
from mimika.evaluation import cost
from mimika.evaluation.calibration import fit_temperature
from mimika.models.catalogue import NetworkSpec, create_network
from mimika.models.checkpoint import save_checkpoint, weights_digest
from mimika.runtime.classifier import OnnxClassifier
from mimika.runtime.pipeline import DEFAULT_MODEL


@pytest.fixture(autouse=True)
def _quickly(monkeypatch):
    monkeypatch.setattr(cost, "SECONDS", 0)


@pytest.fixture(scope="module")
def shipped():
    return OnnxClassifier(DEFAULT_MODEL)


@pytest.fixture(scope="module")
def public(fer_csv):
    return read_dataset(fer_csv).split("PublicTest")


@pytest.fixture
def run(tmp_path, shipped):
    """The folder of a finished run with untrained weights."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    weights = create_network(NetworkSpec("compact_resnet", 1, 48, 7)).state_dict()
    digest = weights_digest(weights)
    changes = {"name": "untrained", "digest": digest, "temperature": 1.0}
    folder = tmp_path / "run"
    folder.mkdir()
    card = shipped.card.model_copy(update=changes)
    (folder / "card.json").write_text(card.model_dump_json())
    content = {"weights": weights, "experiment": {"backbone": "compact_resnet"}}
    save_checkpoint(folder / "best.ckpt", content)
    return folder


def figures(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_temperature_is_reported_and_nothing_is_stored_unasked(
    call, fer_csv, shipped, public
):
    before = DEFAULT_MODEL.read_bytes()
    result = call("evaluate", "--data", fer_csv, "--calibrate")
    assert result.exit_code == 0, result.output
    expected = fit_temperature(shipped.predict(public.images), public.labels)
    assert f"fitted temperature {expected:.4f}" in result.stdout
    assert "cross-fitted over 5 folds" in result.stdout
    assert DEFAULT_MODEL.read_bytes() == before


def test_a_copy_of_an_onnx_file_gets_the_temperature_which_multiplies_its_own(
    call, fer_csv, shipped, tmp_path
):
    model = tmp_path / "m.onnx"
    first = figures(
        call(
            *("evaluate", "--data", fer_csv, "--split", "Training", "--json"),
            *("--calibrate", "--write-to", model),
        )
    )
    card = OnnxClassifier(model).card
    expected = shipped.card.temperature * first["calibration"]["temperature"]
    assert card.temperature == pytest.approx(expected)
    assert card.digest == first["model_digest"]
    again = figures(
        call(
            *("evaluate", model, "--data", fer_csv, "--split", "Training", "--json"),
            *("--calibrate", "--write-to", model),
        )
    )
    together = card.temperature * again["calibration"]["temperature"]
    assert OnnxClassifier(model).card.temperature == pytest.approx(together)
    assert again["accuracy"] == first["accuracy"]
    assert again["nll"] < first["nll"]


def test_a_run_gets_the_temperature_into_its_card(call, fer_csv, run):
    found = figures(
        call(
            *("evaluate", run, "--data", fer_csv, "--json"),
            *("--calibrate", "--write-to", run),
        )
    )
    assert found["model"] == "untrained"
    card = parse_card((run / "card.json").read_text(), "run")
    assert card.temperature == pytest.approx(found["calibration"]["temperature"])


def test_a_temperature_can_only_go_where_it_belongs(call, fer_csv, run, tmp_path):
    for model, target in (
        (run, tmp_path / "m.onnx"),
        ("default", tmp_path),
        ("default", tmp_path / "none" / "m.onnx"),
    ):
        result = call(
            *("evaluate", model, "--data", fer_csv, "--calibrate"),
            *("--write-to", target),
        )
        assert isinstance(result.exception, ConfigError), result.output
        assert str(target) in str(result.exception)
        assert not list(tmp_path.glob("**/m.onnx"))


def test_too_few_pictures_cannot_be_calibrated_on(call, tmp_path):
    data = tmp_path / "few.csv"
    rows = [f"0,{' '.join([str(grey % 4)] * 2304)},PublicTest" for grey in range(8)]
    data.write_text("\n".join(["emotion,pixels,Usage", *rows, ""]))
    result = call("evaluate", "--data", data, "--calibrate")
    assert isinstance(result.exception, DataError)
    assert "8 pictures of PublicTest are too few" in str(result.exception)
