"""What a run writes down."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from mimika.core.card import parse_card
from mimika.evaluation.metrics import evaluate_probabilities
from mimika.models.catalogue import create_network
from mimika.models.checkpoint import weights_digest
from mimika.training.config import Experiment
from mimika.training.loaders import prepare
from mimika.training.records import (
    EpochRecord,
    best_record,
    make_card,
    write_curves,
    write_metrics,
    write_report,
)

RECORD = EpochRecord(1, 0.1, 1.25, 1 / 3, 0.5, 0.4, 90.0, 700.0)
HISTORY = [RECORD, replace(RECORD, epoch=2, accuracy=0.75), replace(RECORD, epoch=3)]
EXPERIMENT = Experiment(
    name="halves",
    data="../somewhere/faces.csv",
    backbone="compact_resnet",
    epochs=3,
    learning_rate=0.1,
    seed=5,
)


@pytest.fixture
def evaluation():
    right = np.arange(32) % 4 != 0  # 24 of 32
    labels = np.arange(32) // 16
    answers = np.where(right, labels, 1 - labels)
    return evaluate_probabilities(np.eye(2, dtype=np.float32)[answers], labels)


@pytest.fixture
def card(samples, task, evaluation):
    network = create_network("compact_resnet", 1, 2)
    data = prepare(samples, EXPERIMENT)
    card = make_card(EXPERIMENT, network, task, data, evaluation, "mimika train a.toml")
    assert card.digest == weights_digest(network.state_dict())
    return card


def test_the_best_epoch_is_the_first_of_equals():
    assert best_record([RECORD, replace(RECORD, epoch=2)]).epoch == 1
    assert best_record(HISTORY).epoch == 2


def test_metrics_are_read_back_exactly(tmp_path):
    write_metrics(tmp_path / "metrics.csv", HISTORY)
    with (tmp_path / "metrics.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["loss"]) for row in rows] == [1 / 3] * 3
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]


def test_curves_are_drawn_after_the_first_epoch(tmp_path):
    write_curves(tmp_path / "curves.png", HISTORY[:1])
    assert (tmp_path / "curves.png").stat().st_size > 10_000


def test_the_card_says_what_it_was_trained_chosen_and_measured_on(card):
    assert card.training_data == "128 Training pictures of faces.csv"
    assert card.selection == "best accuracy on PublicTest"
    assert card.recipe == "mimika train a.toml"
    assert card.seed == 5
    for name, value in (("accuracy", 0.75), ("macro_f1", 0.75)):
        metric = card.metrics[name]
        assert (metric.split, metric.images) == ("PublicTest", 32)
        assert metric.value == pytest.approx(value)
        assert metric.low < metric.value < metric.high


def test_a_held_out_share_is_named_as_such(samples, task, evaluation):
    training = samples.split("Training")
    data = prepare(training, EXPERIMENT.model_copy(update={"holdout": 0.25}))
    network = create_network("compact_resnet", 1, 2)
    card = make_card(EXPERIMENT, network, task, data, evaluation, "none")
    assert card.training_data == "96 Training pictures of faces.csv"
    assert card.metrics["accuracy"].split == "25 % of Training, held out with seed 5"
    assert "FER2013 Training" not in card.model_dump_json()


def test_the_report_holds_card_matrix_and_figures(card, evaluation, tmp_path):
    write_report(tmp_path, card, evaluation, HISTORY)
    assert parse_card((tmp_path / "card.json").read_text(), "card.json") == card
    report = (tmp_path / "report.md").read_text()
    for words in (
        "# halves-halves\n",
        "best accuracy on PublicTest; epoch 2 of 3\n",
        "seed 5; 4.5 minutes\n",
        "| accuracy | 0.7500 | 0.5789 to 0.8675 |\n",  # SciPy's Wilson interval
        "| Left | 0.750 | 0.750 | 0.750 | 16 |\n",
    ):
        assert words in report
    for picture in ("curves.png", "confusion.png"):
        assert f"]({picture})" in report
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "card.json",
        "confusion.png",
        "report.md",
    ]
