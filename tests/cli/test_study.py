"""`mimika study`: runs that answer one question."""

import json

import pytest
import torch

from mimika.core.errors import ConfigError

STUDY = """
name = "halves"
question = "Does mirroring help?"
seeds = [1, 2]
flip = true
[shared]
data = "{data}"
backbone = "tiny_vgg"
epochs = 1
batch_size = 28
learning_rate = 0.02
accelerator = "cpu"
[runs.mirrored]
flip = true
[runs.plain]
flip = false
"""


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)


@pytest.fixture
def study(tmp_path, fer_csv):
    path = tmp_path / "study.toml"
    path.write_text(STUDY.format(data=fer_csv))
    return path


def test_a_study_trains_what_is_left_and_compares(call, study, tmp_path):
    out = tmp_path / "out"
    begun = call("study", study, "--out", out, "--list")
    assert begun.stdout.count("not begun") == 4

    done = call("study", study, "--out", out)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("Does mirroring help?\n")
    models = json.loads((out / "comparison.json").read_text())["models"]
    names = [model["name"] for model in models]
    assert names == ["mirrored", "plain", "mirrored + flip", "plain + flip"]
    assert all(model["seeds"] == [1, 2] for model in models)
    assert (out / "comparison.html").exists()
    assert call("study", study, "--out", out, "--list").stdout.count("finished") == 4

    before = (out / "plain-2" / "last.ckpt").stat().st_mtime_ns
    (out / "mirrored-1" / "card.json").unlink()  # as if it had died just before its end
    again = call("study", study, "--out", out)
    assert again.exit_code == 0, again.output
    assert again.stdout == done.stdout
    assert (out / "plain-2" / "last.ckpt").stat().st_mtime_ns == before
    assert "resumed after epoch 1" in (out / "mirrored-1" / "train.log").read_text()


def test_a_finished_run_with_other_settings_is_not_taken_for_the_answer(
    call, study, tmp_path
):
    out = tmp_path / "out"
    study.write_text(study.read_text().replace("[1, 2]", "[1]"))
    assert call("study", study, "--out", out).exit_code == 0
    study.write_text(study.read_text().replace("0.02", "0.03"))
    failed = call("study", study, "--out", out)
    assert isinstance(failed.exception, ConfigError)
    assert "another learning_rate than the study asks" in str(failed.exception)


def test_runs_that_would_be_judged_on_other_pictures_are_refused_before_training(
    call, study, tmp_path, fer_csv
):
    data = tmp_path / "train.csv"
    lines = fer_csv.read_text().splitlines()
    data.write_text("\n".join([x for x in lines if "Public" not in x] + [""]))
    text = study.read_text().replace(str(fer_csv), str(data))
    study.write_text(text + "holdout = 0.2\n")
    out = tmp_path / "out"
    failed = call("study", study, "--out", out)
    assert isinstance(failed.exception, ConfigError)
    assert "judged on different pictures" in str(failed.exception)
    assert not out.exists()


def test_a_study_that_is_none_is_refused(call, tmp_path):
    failed = call("study", tmp_path / "gone.toml")
    assert isinstance(failed.exception, ConfigError)
    assert "no study file" in str(failed.exception)
