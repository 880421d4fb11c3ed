"""The loop learns, resumes exactly and stops with a cause."""

import csv
import math

import numpy as np
import pytest
import torch
from rich.console import Console

from mimika.core.card import parse_card
from mimika.core.errors import ConfigError, DataError, TrainingError
from mimika.core.preprocess import preprocess
from mimika.data.samples import PUBLIC_TEST, TRAINING, Samples
from mimika.evaluation.predictions import load_predictions
from mimika.export.onnx import load_classifier
from mimika.models.catalogue import NetworkSpec, create_network
from mimika.models.checkpoint import load_checkpoint, weights_digest
from mimika.training.config import Experiment
from mimika.training.loaders import prepare, shuffled_batches
from mimika.training.loop import epoch_generator, train
from mimika.training.schedules import Schedule, make_schedule

QUIET, RECIPE = Console(quiet=True), "mimika train halves.toml"
STILL = dict.fromkeys(
    ("shift", "rotation_degrees", "zoom", "contrast", "brightness", "erase"), 0.0
)


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
    schedule = make_schedule(experiment(warmup_epochs=1.5, epochs=4), 16)
    rates = [schedule.rate(step) for step in range(64)]
    assert rates.index(max(rates)) == 24
    assert max(rates) == 0.02
    assert rates[:25] == pytest.approx(np.linspace(0, 0.02, 26)[1:])


def test_the_training_loss_is_the_cross_entropy_against_smoothed_labels(
    samples, task, tmp_path
):
    setting = experiment(
        epochs=1,
        batch_size=128,
        label_smoothing=0.3,
        **STILL,
    )
    train(setting, samples, task, tmp_path, QUIET, RECIPE)
    with (tmp_path / "metrics.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)

    torch.manual_seed(setting.seed)
    network = create_network(NetworkSpec("compact_resnet", 1, 48, 2)).train()
    data = prepare(samples, setting)
    division = data.division
    inputs = torch.from_numpy(preprocess(division.training.images, data.spec))
    labels = division.training.labels
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


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"precision": "bf16-mixed"},
        {
            "optimizer": "adamw",
            "learning_rate": 0.001,
            "ema": 0.9,
            "mixup": 0.3,
            "cutmix": 1.0,
            "sam": 0.05,
            "clip_norm": 1.0,
            "schedule": "plateau",
            "patience_epochs": 1,
        },
        {
            "loss": "focal",
            "switch_epoch": 2,
            "switch_loss": "balanced",
            "switch_metric": "macro-f1",
            "schedule": "one-cycle",
            "unfreeze_epochs": 1,
            "layer_decay": 0.5,
        },
    ],
    ids=["plain", "bfloat16", "everything", "phases"],
)
def test_a_resumed_run_ends_with_the_same_weights_bit_for_bit(
    samples, task, tmp_path, monkeypatch, changes
):
    setting = experiment(epochs=3, **changes)
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

    def train_epoch(run, feed, epoch, bar):
        if epoch > epochs:
            raise KeyboardInterrupt
        return plain(run, feed, epoch, bar)

    monkeypatch.setattr(loop, "train_epoch", train_epoch)


def test_a_folder_with_another_run_is_not_overwritten(finished, samples, task):
    folder, _ = finished
    before = (folder / "last.ckpt").read_bytes()
    with pytest.raises(TrainingError, match="other settings"):
        train(experiment(epochs=9), samples, task, folder, QUIET, RECIPE)
    assert (folder / "last.ckpt").read_bytes() == before


@pytest.mark.parametrize("clip_norm", [0.0, 1.0])
def test_a_loss_that_is_not_a_number_stops_the_run_and_keeps_the_checkpoint(
    samples, task, tmp_path, monkeypatch, clip_norm
):
    def explode_in_the_second_epoch(self, step, scores=()):
        return 0.01 if step < self.an_epoch else 1e30

    monkeypatch.setattr(Schedule, "rate", explode_in_the_second_epoch)
    with pytest.raises(TrainingError, match=r"epoch 2.* lower learning_rate"):
        train(experiment(clip_norm=clip_norm), samples, task, tmp_path, QUIET, RECIPE)
    state = load_checkpoint(tmp_path / "last.ckpt")
    assert state["epoch"] == 1
    assert all(bool(w.isfinite().all()) for w in state["weights"].values())


def test_weights_that_explode_in_the_last_step_of_an_epoch_are_not_kept(
    samples, task, tmp_path, monkeypatch
):
    def explode_at_the_end(self, step, scores=()):
        return 1e38 if step == 2 * self.an_epoch - 1 else 0.01

    monkeypatch.setattr(Schedule, "rate", explode_at_the_end)
    with pytest.raises(TrainingError, match="no numbers after the steps of epoch 2"):
        train(experiment(), samples, task, tmp_path, QUIET, RECIPE)
    assert load_checkpoint(tmp_path / "last.ckpt")["epoch"] == 1


def test_a_run_without_a_better_epoch_ends_early(samples, task, tmp_path):
    setting = experiment(epochs=50, stop_epochs=2, learning_rate=0.001, shift=0.0)
    best = train(setting, samples, task, tmp_path, QUIET, RECIPE)
    with (tmp_path / "metrics.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == best.epoch + 2 < 50


def test_sixty_four_pictures_are_learned_by_heart(task, tmp_path):
    rng = np.random.default_rng(3)
    images = rng.integers(0, 256, (96, 48, 48)).astype(np.uint8)
    splits = np.where(np.arange(96) < 64, TRAINING, PUBLIC_TEST)
    noise = Samples(images, np.arange(96) % 2, splits, np.arange(96), "noise")
    setting = experiment(
        epochs=12, batch_size=32, label_smoothing=0.0, dropout=0.0, **STILL
    )
    train(setting, noise, task, tmp_path, QUIET, RECIPE)
    with (tmp_path / "metrics.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert float(rows[-1]["train_accuracy"]) == 1.0


@pytest.mark.parametrize("head", ["linear", "mlp"])
def test_feature_extraction_trains_a_classifier_and_leaves_the_backbone(
    finished, samples, task, tmp_path, monkeypatch, head
):
    monkeypatch.setenv("MIMIKA_HOME", str(tmp_path / "home"))
    pretrained = load_checkpoint(finished[0] / "best.ckpt")["weights"]
    torch.save(pretrained, tmp_path / "weights.pth")
    setting = Experiment(
        name="frozen",
        data="none",
        backbone="compact_resnet",
        strategy="features",
        weights=str(tmp_path / "weights.pth"),
        head=head,
        epochs=12,
        batch_size=16,
        learning_rate=0.05,
        flip=False,
    )
    folder = tmp_path / "run"
    folder.mkdir()
    best = train(setting, samples, task, folder, QUIET, RECIPE)
    assert best.accuracy == 1.0
    found = load_checkpoint(folder / "best.ckpt")["weights"]
    for name, values in pretrained.items():
        if not name.startswith("classifier"):
            assert torch.equal(found[name], values), name
    classifier = load_classifier(folder)
    public = samples.split(PUBLIC_TEST)
    answers = classifier.predict(public.images).argmax(axis=1)
    assert (answers == public.labels).mean() == 1.0


def test_predictions_of_the_best_checkpoint_are_kept_calibrated(finished, samples):
    folder, best = finished
    kept = load_predictions(folder / "predictions.npz")
    public = samples.split(PUBLIC_TEST)
    assert kept.rows.tolist() == public.rows.tolist()
    assert (kept.probabilities.argmax(axis=1) == kept.labels).mean() == best.accuracy
    again = load_classifier(folder).predict(public.images)
    np.testing.assert_allclose(kept.probabilities, again, atol=1e-3)


def test_class_weights_for_other_classes_stop_the_run_before_it_starts(
    samples, task, tmp_path
):
    late = {"switch_epoch": 2, "switch_loss": "balanced", "balance": (1.0, 2.0, 3.0)}
    with pytest.raises(ConfigError, match="has 3 weights, but the data have 2 classes"):
        train(experiment(epochs=2, **late), samples, task, tmp_path, QUIET, RECIPE)
    assert not list(tmp_path.iterdir())


def test_a_class_that_nobody_shows_stops_the_run_before_it_starts(
    samples, task, tmp_path
):
    of_one = samples.take(np.flatnonzero(samples.labels == 0))
    with pytest.raises(DataError, match="no training picture of Right"):
        train(experiment(), of_one, task, tmp_path, QUIET, RECIPE)
    assert list(tmp_path.iterdir()) == []


def test_too_little_memory_is_named_and_the_last_checkpoint_stays(
    samples, task, tmp_path, monkeypatch
):
    from mimika.training import loop

    plain = loop.train_step

    def train_step(run, *arguments):
        if run.history:
            torch.empty(2**60)
        return plain(run, *arguments)

    monkeypatch.setattr(loop, "train_step", train_step)
    with pytest.raises(TrainingError, match="out of memory with batch_size = 8"):
        train(experiment(), samples, task, tmp_path, QUIET, RECIPE)
    assert load_checkpoint(tmp_path / "last.ckpt")["epoch"] == 1
