"""`mimika train`, `mimika export` and `mimika evaluate`, as one path."""

import errno
import json
import shlex

import pytest
import torch

from mimika.core.errors import ConfigError, ModelError, TrainingError

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

    exported = call("export", run, "-o", model, "--precision", "fp32")
    assert exported.exit_code == 0, exported.output
    assert "largest difference of a probability" in exported.stdout

    judged = call("evaluate", model, "--data", fer_csv, "--json")
    assert judged.exit_code == 0, judged.output
    figures = json.loads(judged.stdout)
    card = json.loads((run / "card.json").read_text())
    assert figures["images"] == 28
    for name in ("accuracy", "macro_f1"):
        metric = card["metrics"][name]
        assert figures[name] == pytest.approx(metric["value"])
        assert figures[f"{name}_95"] == pytest.approx([metric["low"], metric["high"]])
    assert list(figures["classes"]) == card["labels"]
    assert card["recipe"] == f"mimika train {experiment}"
    assert sum(map(sum, figures["confusion"])) == 28

    judged = call("evaluate", run, "--data", fer_csv, "--json")
    assert json.loads(judged.stdout)["confusion"] == figures["confusion"]


def test_a_finished_folder_is_not_trained_over(call, experiment, tmp_path):
    run = tmp_path / "run"
    call("train", experiment, "--out", run, "--set", "epochs=1")
    again = call("train", experiment, "--out", run, "--set", "epochs=1")
    assert isinstance(again.exception, ConfigError)
    assert "--resume" in str(again.exception)
    other = call("train", experiment, "--out", run, "--resume")
    assert isinstance(other.exception, TrainingError)
    assert "epochs = 1, not 2" in str(other.exception)
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


@pytest.fixture
def interrupt(monkeypatch):
    """Lets something happen when the epoch of this number begins."""
    from mimika.training import loop

    plain = loop.train_epoch

    def interrupt(number, error):
        def train_epoch(run, feed, epoch, bar):
            if epoch == number:
                raise error
            return plain(run, feed, epoch, bar)

        monkeypatch.setattr(loop, "train_epoch", train_epoch)

    yield interrupt
    monkeypatch.undo()


def test_ctrl_c_names_the_command_that_goes_on(
    call, experiment, tmp_path, interrupt, monkeypatch
):
    run = tmp_path / "a run"
    interrupt(2, KeyboardInterrupt())
    setting = ("train", experiment, "--set", "seed=7", "--skip-bad", "--out", run)
    stopped = call(*setting)
    assert stopped.exit_code == 1
    assert stopped.stdout == ""
    (line,) = (x for x in stopped.stderr.splitlines() if x.startswith("Stopped."))
    program, *arguments = shlex.split(line.removeprefix("Stopped. Go on with: "))
    assert program == "mimika"
    monkeypatch.undo()
    resumed = call(*arguments)
    assert resumed.exit_code == 0, resumed.output
    assert "resumed after epoch 1" in resumed.stderr
    assert "seed = 7" in (run / "config.toml").read_text()


def test_ctrl_c_in_the_first_epoch_leaves_nothing_to_go_on_from(
    call, experiment, tmp_path, interrupt, monkeypatch
):
    run = tmp_path / "run"
    interrupt(1, KeyboardInterrupt())
    stopped = call("train", experiment, "--out", run)
    assert stopped.exit_code == 1
    assert "Stopped. No epoch was finished: start again." in stopped.stderr
    monkeypatch.undo()
    again = call("train", experiment, "--out", run, "--set", "epochs=1")
    assert again.exit_code == 0, again.output
    assert "epochs = 1\n" in (run / "config.toml").read_text()


def test_a_full_disk_is_one_line_that_says_how_to_go_on(
    call, experiment, tmp_path, interrupt
):
    interrupt(2, OSError(errno.ENOSPC, "No space left on device"))
    result = call("train", experiment, "--out", tmp_path / "run")
    assert isinstance(result.exception, TrainingError)
    assert "No space left on device" in str(result.exception)
    assert str(result.exception).endswith("--resume")


def test_a_folder_that_cannot_be_made_is_named(call, experiment, tmp_path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "run"):
        result = call("train", experiment, "--out", folder)
        assert isinstance(result.exception, ConfigError)
        assert "--out" in str(result.exception)


def test_an_export_of_a_folder_that_is_no_run_is_refused(call, tmp_path):
    result = call("export", tmp_path, "-o", tmp_path / "m.onnx")
    assert isinstance(result.exception, ModelError)
    assert "not the folder of a run" in str(result.exception)


def test_there_is_nothing_to_resume_in_an_empty_folder(call, experiment, tmp_path):
    result = call("train", experiment, "--out", tmp_path / "run", "--resume")
    assert isinstance(result.exception, ConfigError)
    assert not (tmp_path / "run").exists()


def test_a_data_set_that_is_not_there_is_named(call, experiment, tmp_path):
    result = call(
        "train", experiment, "--set", "data=none.csv", "--out", tmp_path / "r"
    )
    assert isinstance(result.exception, ConfigError)
    assert "none.csv: does not exist" in str(result.exception)
    assert "--set data=PATH" in str(result.exception)
    assert not (tmp_path / "r").exists()


def test_an_export_without_pictures_asks_for_some(call, experiment, tmp_path):
    run = tmp_path / "run"
    call("train", experiment, "--out", run, "--set", "epochs=1")
    config = run / "config.toml"
    config.write_text(config.read_text().replace("fer2013.csv", "gone.csv"))
    result = call("export", run, "-o", tmp_path / "m.onnx")
    assert isinstance(result.exception, ConfigError)
    assert "--data" in str(result.exception)
    assert not (tmp_path / "m.onnx").exists()
