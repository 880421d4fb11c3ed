"""From a run's records and settings to evidence."""

import re
from dataclasses import replace

import pytest

from mimika.evaluation.evidence import Recipe
from mimika.evaluation.proposals import propose
from mimika.training.config import Experiment
from mimika.training.evidence import course_of, gather, recipe_of


def setting(**changes):
    values = {"name": "a", "data": "d", "backbone": "resnet18", "epochs": 10}
    return Experiment.model_validate(values | {"learning_rate": 0.1} | changes)


def recipe(outcome, **changes):
    return recipe_of(setting(**changes), outcome.best)


def test_the_course_is_read_from_the_history(outcome):
    course = course_of(outcome.history, outcome.best, outcome.experiment)
    assert (course.epochs, course.best) == (10, 8)
    assert (course.training, course.selection) == (0.5 + 8 / 50, 0.75)
    assert course.late == pytest.approx(0.7)  # of the last two
    assert course.before == pytest.approx(0.725)
    assert course.rate_left == 0


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({"schedule": "one-cycle"}, 0),
        ({"schedule": "constant"}, 0.1),
        ({"epochs": 11}, 0.1),
        ({"warmup_epochs": 10}, 0.1),
    ],
)
def test_a_schedule_that_was_stopped_has_a_rate_left(outcome, changes, left):
    course = course_of(outcome.history, outcome.best, setting(**changes))
    assert course.rate_left == pytest.approx(left)


def test_the_last_tenth_of_a_long_run_is_late(outcome):
    record = outcome.history[0]
    history = [replace(record, epoch=n, accuracy=n / 100) for n in range(1, 41)]
    course = course_of(history, history[-1], outcome.experiment)
    assert course.late == pytest.approx((37 + 38 + 39 + 40) / 400)
    assert course.before == pytest.approx((33 + 34 + 35 + 36) / 400)


@pytest.mark.parametrize(("epochs", "is_known"), [(1, False), (3, False), (4, True)])
def test_a_short_run_has_nothing_before_its_last_epochs(outcome, epochs, is_known):
    history = outcome.history[:epochs]
    course = course_of(history, history[-1], outcome.experiment)
    assert (course.before is not None) == is_known


@pytest.mark.parametrize("key", ["mixup", "cutmix"])
def test_mixed_batches_have_no_accuracy_to_compare(outcome, key):
    course = course_of(outcome.history, outcome.best, setting(**{key: 0.2}))
    assert course.training is None


def test_an_experiment_with_everything_off_used_nothing(outcome):
    ranges = dict.fromkeys(
        ("shift", "rotation_degrees", "zoom", "contrast", "brightness", "erase"), 0.0
    )
    found = recipe(outcome, label_smoothing=0.0, flip=False, **ranges)
    assert found == Recipe(augmented=False, mirrored=False)


@pytest.mark.parametrize(
    ("changes", "used"),
    [
        ({"flip": True}, "augmented"),
        ({"flip": True}, "mirrored"),
        ({"augmentation": "simple"}, "mirrored"),
        ({"augmentation": "simple"}, "augmented"),
        ({"mixup": 0.2}, "mixed"),
        ({"ema": 0.99}, "averaged"),
        ({"dropout": 0.2}, "dropout"),
        ({"backbone": "compact_resnet"}, "dropout"),
        ({"drop_path": 0.2}, "dropout"),
        ({"label_smoothing": 0.1}, "smoothed"),
        ({"loss": "balanced-focal"}, "balanced"),
        ({"votes": "v.csv", "votes_share": 0.5}, "votes"),
        ({"metric": "macro-f1"}, "macro"),
        (
            {"switch_epoch": 5, "switch_loss": "balanced", "switch_metric": "loss"},
            "balanced",
        ),
        ({"strategy": "features", "weights": "hub"}, "only_head"),
    ],
)
def test_what_an_experiment_used_is_known(outcome, changes, used):
    assert getattr(recipe(outcome, **changes), used)


def test_no_augmentation_is_told_from_some(outcome):
    assert not recipe(outcome, augmentation="none").augmented
    head = {"strategy": "features", "weights": "hub", "flip": False}
    assert not recipe(outcome, **head).augmented


def test_evidence_has_the_figures_of_the_outcome(outcome):
    found = gather(outcome)
    assert (found.images, found.mistakes) == (32, 8)
    assert found.names == ("Left", "Right")
    assert found.training == (64, 64)
    assert [c.images for c in found.classes] == [16, 16]
    assert found.confusion.mistakes == 8
    assert found.sureness.temperature == outcome.judged.temperature
    assert found.mirror_gain == outcome.judged.mirror_gain


def test_a_class_without_pictures_has_no_recall(outcome):
    confusion = outcome.judged.evaluation.confusion.copy()
    confusion[1] = 0
    figures = replace(outcome.judged.evaluation, confusion=confusion)
    found = gather(replace(outcome, judged=replace(outcome.judged, evaluation=figures)))
    assert [one.number for one in found.classes] == [0]


def test_settings_that_proposals_name_exist(outcome):
    evidence = replace(gather(outcome), macro_f1=0.2)
    texts = " ".join(p.why for p in propose(evidence))
    named = set(re.findall(r"\b([a-z_]+) = ", texts))
    named |= set(re.findall(r"\b[a-z]+_[a-z]+\b", texts))
    assert {"loss", "metric"} <= named <= set(Experiment.model_fields)
