"""The loop learns, resumes exactly and stops with a cause."""

import csv
import math

import pytest
import torch
from rich.console import Console

from mimika.core.card import parse_card
from mimika.core.errors import TrainingError
from mimika.models.checkpoint import load_checkpoint, weights_digest
from mimika.training.config import Experiment
from mimika.training.loop import checked, train

QUIET = Console(quiet=True)


def experiment(**changes):
    values = {
        "name": "halves",
        "data": "none",
        "backbone": "compact_resnet",
        "epochs": 4,
        "batch_size": 8,
        "learning_rate": 0.02,
        "warmup_epochs": 0,
        "flip": False,
        "shift": 0.02,
        "accelerator": "cpu",
    }
    return Experiment.model_validate(values | changes)


@pytest.fixture(scope="module")
def finished(samples, task, tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished")
    best = train(experiment(), samples, task, folder, QUIET)
    return folder, best


def test_it_learns_to_tell_halves_apart(finished):
    _, best = finished
    assert best.accuracy == 1.0


def test_the_run_folder_holds_what_was_promised(finished):
    folder, _ = finished
    names = {path.name for path in folder.iterdir()}
    assert names >= {
        "metrics.csv",
        "curves.png",
        "best.ckpt",
        "last.ckpt",
        "card.json",
        "confusion.png",
        "report.md",
    }
    assert not [name for name in names if name.endswith(".partial")]


def test_there_is_one_row_of_metrics_an_epoch(finished):
    folder, best = finished
    with (folder / "metrics.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2", "3", "4"]
    assert float(rows[best.epoch - 1]["accuracy"]) == best.accuracy
    assert all(float(row["train_loss"]) > 0 for row in rows)


def test_the_card_describes_the_weights_of_the_best_checkpoint(finished):
    folder, best = finished
    card = parse_card((folder / "card.json").read_text(), "card.json")
    weights = load_checkpoint(folder / "best.ckpt")["weights"]
    assert card.digest == weights_digest(weights)
    assert card.labels == ("left", "right")
    assert card.metrics["accuracy"].value == best.accuracy
    assert card.metrics["accuracy"].images == 32


@pytest.mark.parametrize("precision", ["32-true", "bf16-mixed"])
def test_a_resumed_run_ends_with_the_same_weights_bit_for_bit(
    samples, task, tmp_path, monkeypatch, precision
):
    setting = experiment(precision=precision, epochs=3)
    whole, parted = tmp_path / "whole", tmp_path / "parted"
    whole.mkdir()
    parted.mkdir()
    train(setting, samples, task, whole, QUIET)
    interrupt_after(monkeypatch, epochs=1)
    with pytest.raises(KeyboardInterrupt):
        train(setting, samples, task, parted, QUIET)
    monkeypatch.undo()
    train(setting, samples, task, parted, QUIET)
    for name in ("best.ckpt", "last.ckpt"):
        expected = load_checkpoint(whole / name)["weights"]
        found = load_checkpoint(parted / name)["weights"]
        assert all(torch.equal(found[key], expected[key]) for key in expected)
    assert (parted / "metrics.csv").read_text().count("\n") == 4


def interrupt_after(monkeypatch, epochs):
    """Ctrl-C in the epoch after these."""
    from mimika.training import loop

    plain = loop.train_epoch

    def train_epoch(run, inputs, labels, epoch, bar):
        if epoch > epochs:
            raise KeyboardInterrupt
        return plain(run, inputs, labels, epoch, bar)

    monkeypatch.setattr(loop, "train_epoch", train_epoch)


def test_a_folder_with_another_run_is_not_overwritten(finished, samples, task):
    folder, _ = finished
    before = (folder / "last.ckpt").read_bytes()
    with pytest.raises(TrainingError, match="other settings"):
        train(experiment(epochs=9), samples, task, folder, QUIET)
    assert (folder / "last.ckpt").read_bytes() == before


def test_a_loss_that_is_not_a_number_stops_the_run_and_keeps_the_checkpoint(
    samples, task, tmp_path
):
    with pytest.raises(TrainingError, match=r"lower learning_rate"):
        train(experiment(learning_rate=1e30), samples, task, tmp_path, QUIET)


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_the_message_says_where_the_loss_went_wrong(loss):
    with pytest.raises(TrainingError, match="epoch 2, batch 6"):
        checked(loss, 2, 5)
