"""`mimika train` as people start it: killed, in two processes, on a full disk."""

import csv
import os
import resource
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from sklearn.metrics import log_loss

from mimika.data.reading import read_dataset
from mimika.export.onnx import load_classifier
from mimika.models.checkpoint import load_checkpoint
from mimika.models.classifier import TorchClassifier

EXPERIMENT = """
name = "drawn"
data = "{data}"
backbone = "tiny_vgg"
epochs = 6
batch_size = 16
learning_rate = 0.02
warmup_epochs = 0
ema = 0.9
accelerator = "cpu"
"""
CLASSES = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
# mimika, killed with SIGKILL when half of the n-th checkpoint has been written
KILLED = """
import os, signal, sys
left, fsync = int(sys.argv.pop(1)), os.fsync
def killed(file):
    global left
    left -= 1
    if left == 0:
        os.ftruncate(file, os.fstat(file).st_size // 2)
        os.kill(os.getpid(), signal.SIGKILL)
    fsync(file)
os.fsync = killed
from mimika.cli.main import main
main(sys.argv[1:])
"""

# each process in a folder of its own, as on hosts that share none
HOST = """
import os, pathlib, sys
folder = pathlib.Path("host" + os.environ["RANK"])
folder.mkdir()
os.chdir(folder)
from mimika.cli.main import main
main(sys.argv[1:])
"""


@pytest.fixture(scope="module")
def experiment(tmp_path_factory):
    """An experiment on class folders of drawn stripes."""
    folder = tmp_path_factory.mktemp("drawn")
    rng = np.random.default_rng(0)
    for split, count in (("train", 16), ("val", 6)):
        for label, name in enumerate(CLASSES):
            target = folder / split / name
            target.mkdir(parents=True)
            for number in range(count):
                image = rng.integers(0, 90, (48, 48)).astype(np.uint8)
                image[6 * label : 6 * label + 6] += 150
                cv2.imwrite(str(target / f"{number}.png"), image)
    path = folder / "drawn.toml"
    path.write_text(EXPERIMENT.format(data=folder))
    return path


def environment():
    return os.environ | {"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}


def words(experiment, folder, *more):
    return ["-m", "mimika", "train", str(experiment), "--out", str(folder), *more]


def run(command, **options):
    return subprocess.run(
        [sys.executable, *command],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        **options,
    )


def losses(folder):
    with (folder / "metrics.csv").open(newline="") as file:
        return [float(row["train_loss"]) for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def whole(experiment, tmp_path_factory):
    """A run that nothing disturbed."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    done = run(words(experiment, folder))
    assert done.returncode == 0, done.stderr
    return folder


def test_a_run_killed_in_the_middle_of_checkpoints_ends_as_one_that_was_not(
    experiment, whole, tmp_path
):
    folder = tmp_path / "run"
    for checkpoint in (1, 2, 3, 3):  # best and last of the first epoch, then later ones
        killer = ["-c", KILLED, str(checkpoint)]
        died = run([*killer, *words(experiment, folder, *resume_of(folder))[2:]])
        assert died.returncode == -signal.SIGKILL, died.stderr
        assert list(folder.glob("*.ckpt.partial"))
    done = run(words(experiment, folder, *resume_of(folder)))
    assert done.returncode == 0, done.stderr
    for name in ("best.ckpt", "last.ckpt"):
        expected = load_checkpoint(whole / name)["weights"]
        found = load_checkpoint(folder / name)["weights"]
        assert all(torch.equal(found[key], expected[key]) for key in expected), name
    assert losses(folder) == losses(whole)
    assert not list(folder.glob("*.partial"))


def resume_of(folder):
    return ["--resume"] if (folder / "last.ckpt").exists() else []


def test_two_processes_learn_as_one_does(experiment, whole, tmp_path):
    folder = tmp_path / "run"
    torchrun = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    done = run([*torchrun, *words(experiment, folder)])
    assert done.returncode == 0, done.stderr
    assert losses(folder) == pytest.approx(losses(whole), rel=1e-3)
    expected = load_checkpoint(whole / "last.ckpt")["weights"]
    found = load_checkpoint(folder / "last.ckpt")["weights"]
    for key, values in expected.items():
        torch.testing.assert_close(found[key], values, rtol=1e-2, atol=1e-3)
    assert (folder / "train.log").read_text().count("epoch 6:") == 1
    assert done.stdout.count("best epoch") == 1


def test_hosts_without_a_common_folder_keep_the_network_that_was_judged(
    experiment, tmp_path
):
    program = tmp_path / "host.py"
    program.write_text(HOST)
    options = ["epochs=2", "backbone=compact_resnet", "batch_size=16"]
    changes = [part for option in options for part in ("--set", option)]
    torchrun = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    call = [*torchrun, str(program), *words(experiment, "run", *changes)[2:]]
    done = run(call, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "host0" / "run"
    assert not (tmp_path / "host1" / "run").exists()
    classifier = load_classifier(folder)
    plain = classifier.card.model_copy(update={"temperature": 1.0})
    public = read_dataset(
        Path(tomllib.loads((folder / "config.toml").read_text())["data"])
    ).split("PublicTest")
    found = TorchClassifier(classifier.network, plain).predict(public.images)
    state = load_checkpoint(folder / "best.ckpt")
    with (folder / "metrics.csv").open(newline="") as file:
        row = list(csv.DictReader(file))[state["epoch"] - 1]
    assert log_loss(public.labels, found) == pytest.approx(float(row["loss"]), rel=1e-4)


def test_a_full_disk_stops_the_run_and_keeps_the_last_good_checkpoint(
    experiment, whole, tmp_path
):
    folder = tmp_path / "run"
    limit = (whole / "last.ckpt").stat().st_size - 1000

    def small_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = run(words(experiment, folder), preexec_fn=small_files)
    assert done.returncode == 1
    assert "the run had to stop" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(folder.glob("*.partial"))
    load_checkpoint(folder / "best.ckpt")


def test_a_network_without_network_says_what_to_do(experiment, tmp_path):
    options = ["strategy=fine-tune", "weights=hub", "backbone=resnet18"]
    changes = [part for option in options for part in ("--set", option)]
    with_proxy = environment() | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, *words(experiment, tmp_path / "run", *changes)],
        env=with_proxy,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert "weights=PATH" in last
    assert "Traceback" not in done.stderr
