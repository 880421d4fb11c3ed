"""`mimika train`, `mimika export` and `mimika evaluate`, as one path."""

import json

import pytest
import torch

from mimika.core.errors import ConfigError, DataError, TrainingError

pytestmark = pytest.mark.filterwarnings(
    # inside torch's exporter, about its own calls
    "ignore::DeprecationWarning",
    "ignore::FutureWarning",
)

EXPERIMENT = """
name = "tiny"
data = "{data}"
backbone = "compact_resnet"
epochs = 2
batch_size = 28
learning_rate = 0.02
accelerator = "cpu"
"""


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)


@pytest.fixture
def experiment(tmp_path, fer_csv):
    path = tmp_path / "tiny.toml"
    path.write_text(EXPERIMENT.format(data=fer_csv))
    return path


def test_a_run_is_trained_exported_and_judged(call, experiment, fer_csv, tmp_path):
    run, model = tmp_path / "run", tmp_path / "model.onnx"
    trained = call("train", experiment, "--out", run)
    assert trained.exit_code == 0, trained.output
    assert "best epoch" in trained.stdout
    assert (run / "train.log").read_text().count("accuracy") >= 2
    assert "epochs = 2" in (run / "config.toml").read_text()

    exported = call("export", run, "-o", model)
    assert exported.exit_code == 0, exported.output
    assert "largest difference of a probability" in exported.stdout

    judged = call("evaluate", fer_csv, "--model", model, "--json")
    assert judged.exit_code == 0, judged.output
    figures = json.loads(judged.stdout)
    card = json.loads((run / "card.json").read_text())
    assert figures["images"] == 28
    assert figures["accuracy"] == pytest.approx(card["metrics"]["accuracy"]["value"])
    assert sum(map(sum, figures["confusion"])) == 28

    table = call("evaluate", fer_csv, "--model", model, "--split", "training").stdout
    assert "on 84 pictures of Training" in table
    assert "macro-F1" in table
    assert "true \\ predicted" in table


def test_a_finished_folder_is_not_trained_over(call, experiment, tmp_path):
    run = tmp_path / "run"
    call("train", experiment, "--out", run, "--set", "epochs=1")
    again = call("train", experiment, "--out", run, "--set", "epochs=1")
    assert isinstance(again.exception, ConfigError)
    assert "--resume" in str(again.exception)
    other = call("train", experiment, "--out", run, "--resume")
    assert isinstance(other.exception, TrainingError)
    assert "epochs = 1\n" in (run / "config.toml").read_text()


def test_resuming_a_finished_run_only_writes_its_report_again(
    call, experiment, tmp_path
):
    run = tmp_path / "run"
    call("train", experiment, "--out", run)
    before = (run / "last.ckpt").read_bytes()
    (run / "card.json").unlink()
    assert call("train", experiment, "--out", run, "--resume").exit_code == 0
    assert (run / "card.json").exists()
    assert (run / "last.ckpt").read_bytes() == before


def test_there_is_nothing_to_resume_in_an_empty_folder(call, experiment, tmp_path):
    result = call("train", experiment, "--out", tmp_path / "run", "--resume")
    assert isinstance(result.exception, ConfigError)
    assert not (tmp_path / "run").exists()


def test_a_data_set_that_is_not_there_is_named(call, experiment, tmp_path):
    result = call(
        "train", experiment, "--set", "data=none.csv", "--out", tmp_path / "r"
    )
    assert isinstance(result.exception, DataError)
    assert "none.csv" in str(result.exception)


def test_an_export_without_pictures_asks_for_some(call, experiment, tmp_path):
    run = tmp_path / "run"
    call("train", experiment, "--out", run, "--set", "epochs=1")
    config = run / "config.toml"
    config.write_text(config.read_text().replace("fer2013.csv", "gone.csv"))
    result = call("export", run, "-o", tmp_path / "m.onnx")
    assert isinstance(result.exception, ConfigError)
    assert "--data" in str(result.exception)
    assert not (tmp_path / "m.onnx").exists()


def test_a_split_without_labels_cannot_be_judged(call, tmp_path):
    test = tmp_path / "test.csv"
    test.write_text("pixels\n" + " ".join(["7"] * 2304) + "\n")
    result = call("evaluate", test)
    assert isinstance(result.exception, DataError)
