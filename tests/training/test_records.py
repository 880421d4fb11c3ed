"""What a run writes down after each epoch."""

import csv
import struct
from dataclasses import fields, replace

import pytest

from mimika.training import records
from mimika.training.config import Experiment
from mimika.training.records import (
    EpochRecord,
    best_record,
    is_over,
    read_metrics,
    score,
    scores_by_phase,
    write_curves,
    write_metrics,
)

RECORD = EpochRecord(1, 0.1, 1.25, 0.6, 1 / 3, 0.5, 0.4, 90.0, 700.0)
HISTORY = [RECORD, replace(RECORD, epoch=2, accuracy=0.75), replace(RECORD, epoch=3)]


def experiment(**changes):
    values = {
        "name": "halves",
        "data": "none",
        "backbone": "compact_resnet",
        "epochs": 20,
        "learning_rate": 0.1,
    }
    return Experiment.model_validate(values | changes)


def accuracies(*values, **changes):
    return [
        replace(RECORD, epoch=epoch, accuracy=value, **changes)
        for epoch, value in enumerate(values, start=1)
    ]


def test_the_best_epoch_is_the_first_of_equals():
    assert best_record([RECORD, replace(RECORD, epoch=2)], experiment()).epoch == 1
    assert best_record(HISTORY, experiment()).epoch == 2


@pytest.mark.parametrize(
    ("metric", "best"), [("accuracy", 1), ("macro-f1", 2), ("loss", 3)]
)
def test_each_metric_has_its_best_epoch(metric, best):
    history = [
        replace(RECORD, epoch=1, accuracy=0.9, macro_f1=0.1, loss=0.9),
        replace(RECORD, epoch=2, accuracy=0.1, macro_f1=0.9, loss=0.9),
        replace(RECORD, epoch=3, accuracy=0.1, macro_f1=0.1, loss=0.1),
    ]
    assert best_record(history, experiment(metric=metric)).epoch == best


def test_a_score_is_higher_where_the_epoch_is_better():
    by_loss = experiment(metric="loss")
    assert score(RECORD, by_loss) == -RECORD.loss
    assert score(RECORD, experiment()) == RECORD.accuracy
    assert score(RECORD, experiment(metric="macro-f1")) == RECORD.macro_f1


def test_once_the_second_phase_has_begun_only_its_epochs_and_its_metric_count():
    history = [
        replace(RECORD, epoch=1, accuracy=0.9, macro_f1=0.9),
        replace(RECORD, epoch=2, accuracy=0.5, macro_f1=0.8),
        replace(RECORD, epoch=3, accuracy=0.8, macro_f1=0.3),
        replace(RECORD, epoch=4, accuracy=0.2, macro_f1=0.4),
        replace(RECORD, epoch=5, accuracy=0.7, macro_f1=0.4),
    ]
    setting = experiment(switch_epoch=3, switch_metric="macro-f1")
    best = [best_record(history[:n], setting).epoch for n in range(1, 6)]
    assert best == [1, 1, 3, 4, 4]


def test_a_switch_of_the_loss_alone_begins_the_choice_anew():
    setting = experiment(switch_epoch=3, switch_loss="balanced")
    history = accuracies(0.9, 0.8, 0.3, 0.4)
    assert best_record(history, setting).epoch == 4


def test_scores_are_told_apart_by_the_metric_of_their_phase():
    history = accuracies(0.3, 0.4, 0.5)
    setting = experiment(switch_epoch=3, switch_metric="loss")
    assert scores_by_phase(history, setting) == [[0.3, 0.4], [-history[2].loss]]
    assert scores_by_phase(history, experiment()) == [[0.3, 0.4, 0.5], []]


def test_a_run_is_over_after_so_many_epochs_without_a_better_one():
    history = accuracies(0.1, 0.5, 0.4, 0.5, 0.3)
    over = [is_over(history[:n], experiment(stop_epochs=3)) for n in range(6)]
    assert over == [False, False, False, False, False, True]


def test_a_run_without_a_limit_is_never_over():
    assert not is_over(accuracies(*[0.5] * 20), experiment())


def test_a_run_is_not_over_before_a_phase_that_is_still_to_come():
    setting = experiment(stop_epochs=2, switch_epoch=6, switch_loss="focal")
    history = accuracies(0.9, 0.1, 0.1, 0.1, 0.1, 0.2, 0.2, 0.2, 0.3)
    over = [is_over(history[:n], setting) for n in range(1, 10)]
    assert over == [False] * 7 + [True, False]


def test_metrics_are_read_back_exactly(tmp_path):
    odd = replace(RECORD, epoch=4, learning_rate=5e-324, loss=1e300, accuracy=0.1 + 0.2)
    write_metrics(tmp_path / "metrics.csv", [*HISTORY, odd])
    found = read_metrics(tmp_path / "metrics.csv")
    assert found == (*HISTORY, odd)
    assert struct.pack("d", found[3].accuracy) == struct.pack("d", 0.1 + 0.2)
    assert {type(record.epoch) for record in found} == {int}


def test_metrics_are_a_row_an_epoch_for_other_programs(tmp_path):
    path = tmp_path / "metrics.csv"
    write_metrics(path, HISTORY[:1])
    write_metrics(path, HISTORY)
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert [float(row["loss"]) for row in rows] == [1 / 3] * 3
    assert list(rows[0]) == [column.name for column in fields(EpochRecord)]
    assert [p.name for p in tmp_path.iterdir()] == ["metrics.csv"]


def test_curves_are_drawn_after_the_first_epoch(tmp_path):
    write_curves(tmp_path / "curves.png", HISTORY[:1], experiment())
    content = (tmp_path / "curves.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) > 10_000


@pytest.fixture
def drawn(monkeypatch):
    """What is handed to the plot instead of drawing it."""
    calls = []
    monkeypatch.setattr(records, "save_curves", lambda *given: calls.append(given))
    return calls


@pytest.mark.parametrize(
    ("history", "marks"),
    [
        (accuracies(0.5, 0.6, 0.4), {2: "best: epoch 2"}),
        (
            accuracies(0.9, 0.6, 0.4, 0.5),
            {4: "switch: epoch 4, best: epoch 4"},
        ),
        (
            accuracies(0.9, 0.6, 0.4, 0.5, 0.6),
            {4: "switch: epoch 4", 5: "best: epoch 5"},
        ),
        (
            accuracies(0.9, 0.6, 0.4, 0.5, 0.3),
            {4: "switch: epoch 4, best: epoch 4"},
        ),
    ],
)
def test_the_best_epoch_and_a_switch_that_has_come_are_marked(drawn, history, marks):
    write_curves("curves.png", history, experiment(switch_epoch=4, switch_loss="focal"))
    ((_, epochs, panels, found),) = drawn
    assert found == marks
    assert list(epochs) == [record.epoch for record in history]
    assert [p.title for p in panels][1:] == ["Accuracy", "Macro-F1", "Learning rate"]
    selection = panels[1].series["selection"]
    assert list(selection) == [record.accuracy for record in history]


def test_curves_with_a_switch_are_drawn(tmp_path):
    setting = experiment(switch_epoch=2, switch_loss="focal")
    write_curves(tmp_path / "curves.png", accuracies(0.5, 0.4, 0.6), setting)
    assert (tmp_path / "curves.png").stat().st_size > 10_000
