"""The loop learns, resumes exactly and stops with a cause."""

import csv
import math

import numpy as np
import pytest
import torch
from rich.console import Console

from mimika.core.card import parse_card
from mimika.core.errors import TrainingError
from mimika.models.catalogue import create_network
from mimika.models.checkpoint import load_checkpoint, weights_digest
from mimika.training.config import Experiment
from mimika.training.loaders import prepare, shuffled_batches
from mimika.training.loop import checked, epoch_generator, learning_rate, train

QUIET, RECIPE = Console(quiet=True), "mimika train halves.toml"


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
    best = train(experiment(), samples, task, folder, QUIET, RECIPE)
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


def test_the_learning_rate_goes_on_over_the_borders_of_epochs(finished):
    folder, _ = finished
    with (folder / "metrics.csv").open(newline="") as file:
        rates = [float(row["learning_rate"]) for row in csv.DictReader(file)]
    last_steps = (15, 31, 47, 63)  # of 4 epochs with 16 batches each, no warm-up
    expected = [0.01 * (1 + math.cos(math.pi * step / 64)) for step in last_steps]
    assert rates == pytest.approx(expected)


def test_the_warm_up_ends_where_its_epochs_end():
    setting = experiment(warmup_epochs=1.5, epochs=4)
    rates = [learning_rate(setting, step, 16) for step in range(64)]
    assert rates.index(max(rates)) == 24
    assert max(rates) == setting.learning_rate
    assert rates[:25] == pytest.approx(np.linspace(0, 0.02, 26)[1:])


def test_the_training_loss_is_the_cross_entropy_against_smoothed_labels(
    samples, task, tmp_path
):
    setting = experiment(
        epochs=1,
        batch_size=128,
        label_smoothing=0.3,
        **dict.fromkeys(("shift", "rotation_degrees", "zoom", "erase"), 0.0),
        **dict.fromkeys(("contrast", "brightness"), 0.0),
    )
    train(setting, samples, task, tmp_path, QUIET, RECIPE)
    with (tmp_path / "metrics.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)

    torch.manual_seed(setting.seed)
    network = create_network("compact_resnet", 1, 2).train()
    inputs, labels = prepare(samples, setting).training
    generator = epoch_generator(setting.seed, 1)
    (order,) = shuffled_batches(128, 128, generator)
    logits = network(inputs[order]).detach().double().numpy()
    log_shares = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    targets = np.where(np.eye(2)[labels[order]] == 1, 0.85, 0.15)
    expected = -(targets * log_shares).sum(axis=1).mean()
    assert float(row["train_loss"]) == pytest.approx(expected, abs=1e-4)


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
    train(setting, samples, task, whole, QUIET, RECIPE)
    interrupt_after(monkeypatch, epochs=1)
    with pytest.raises(KeyboardInterrupt):
        train(setting, samples, task, parted, QUIET, RECIPE)
    monkeypatch.undo()
    train(setting, samples, task, parted, QUIET, RECIPE)
    for name in ("best.ckpt", "last.ckpt"):
        expected = load_checkpoint(whole / name)["weights"]
        found = load_checkpoint(parted / name)["weights"]
        assert all(torch.equal(found[key], expected[key]) for key in expected)
    assert (parted / "metrics.csv").read_text().count("\n") == 4


def interrupt_after(monkeypatch, epochs):
    """Ctrl-C in the epoch after these."""
    from mimika.training import loop

    plain = loop.train_epoch

    def train_epoch(run, feeder, labels, epoch, bar):
        if epoch > epochs:
            raise KeyboardInterrupt
        return plain(run, feeder, labels, epoch, bar)

    monkeypatch.setattr(loop, "train_epoch", train_epoch)


def test_a_folder_with_another_run_is_not_overwritten(finished, samples, task):
    folder, _ = finished
    before = (folder / "last.ckpt").read_bytes()
    with pytest.raises(TrainingError, match="other settings"):
        train(experiment(epochs=9), samples, task, folder, QUIET, RECIPE)
    assert (folder / "last.ckpt").read_bytes() == before


def test_a_loss_that_is_not_a_number_stops_the_run_and_keeps_the_checkpoint(
    samples, task, tmp_path, monkeypatch
):
    from mimika.training import loop

    def explode_in_the_second_epoch(_experiment, step, an_epoch):
        return 0.01 if step < an_epoch else 1e30

    monkeypatch.setattr(loop, "learning_rate", explode_in_the_second_epoch)
    with pytest.raises(TrainingError, match=r"epoch 2, batch .* lower learning_rate"):
        train(experiment(), samples, task, tmp_path, QUIET, RECIPE)
    state = load_checkpoint(tmp_path / "last.ckpt")
    assert state["epoch"] == 1
    assert all(bool(w.isfinite().all()) for w in state["weights"].values())


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_the_message_says_where_the_loss_went_wrong(loss):
    with pytest.raises(TrainingError, match="epoch 2, batch 6"):
        checked(loss, 2, 5)
