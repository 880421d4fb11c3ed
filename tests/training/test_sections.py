"""Summary, data, recipe and comparison of a run's report."""

from dataclasses import replace

import numpy as np

from mimika.core.tasks import EMOTION
from mimika.training.sections import MOST_ROWS, comparison, data, recipe, summary

FACTS = {
    "machine": {
        "system": "Linux x86_64",
        "processor": "Drawn CPU",
        "cores": 8,
        "threads": 4,
        "device": "cuda:0 (Drawn GPU)",
        "processes": 2,
    },
    "versions": {"mimika": "1.0", "torch": "2.0", "python": "3.11"},
    "git_revision": "abc",
}


def table_of(section):
    (table,) = (block for block in section.blocks if block.kind == "table")
    return table


def rows_of(section):
    return [[cell.text for cell in row] for row in table_of(section).rows]


def texts_of(section):
    return " ".join(block.text for block in section.blocks if block.kind == "text")


def with_classes(outcome, names):
    card = outcome.card.model_copy(update={"task": "other", "labels": names})
    return replace(outcome, card=card)


def test_the_summary_has_figures_with_intervals_and_says_they_are_optimistic(outcome):
    section = summary(outcome)
    facts = {fact.name: fact for fact in section.blocks[0].facts}
    assert facts["accuracy"].value == "75.0 %"
    assert facts["accuracy"].note == "57.9 to 86.7 %"  # SciPy's Wilson interval
    assert {"macro-F1", "balanced accuracy"} <= set(facts)
    (remark,) = section.blocks[1].remarks
    assert "chosen on these very pictures" in remark.text
    assert "slightly optimistic" in remark.text


def test_the_summary_says_what_the_run_is(outcome):
    rows = dict(rows_of(summary(outcome)))
    assert rows["parameters"] == "12,345"
    assert rows["multiply-adds"] == "40.0 M a picture"
    assert rows["input"] == "48 px, grey"
    assert (rows["strategy"], rows["pretrained weights"]) == ("scratch", "none")
    assert rows["best epoch"] == "8 of 10"
    assert rows["duration"] == "15.0 minutes"
    assert rows["gain with mirror images"].startswith("-")
    assert "machine" not in rows


def test_pretrained_weights_are_named_without_their_folder(outcome):
    changes = {"strategy": "fine-tune", "weights": "/home/me/net.pth"}
    tuned = outcome.experiment.model_copy(update=changes)
    rows = dict(rows_of(summary(replace(outcome, experiment=tuned))))
    assert (rows["strategy"], rows["pretrained weights"]) == ("fine-tune", "net.pth")


def test_the_machine_is_told_where_it_is_known(outcome):
    rows = dict(rows_of(summary(replace(outcome, facts=FACTS))))
    assert rows["device"] == "cuda:0 (Drawn GPU), 2 processes"
    assert rows["machine"] == "Drawn CPU, 4 of 8 cores, Linux x86_64"
    assert rows["software"] == "mimika 1.0, torch 2.0, python 3.11, source abc"


def test_every_class_is_counted_in_both_sets(outcome):
    assert rows_of(data(outcome)) == [
        ["Left", "64", "50.0 %", "16", "50.0 %"],
        ["Right", "64", "50.0 %", "16", "50.0 %"],
        ["all classes", "128", "\u2013", "32", "\u2013"],
    ]
    assert texts_of(data(outcome)).count("sha256:") == 2


def test_of_many_classes_the_ends_are_shown(outcome):
    names = tuple(f"class_{number}" for number in range(100))
    labels = np.repeat(np.arange(100), np.arange(1, 101))
    training = outcome.division.training
    images = np.zeros((len(labels), 48, 48), np.uint8)
    splits, rows = np.full(len(labels), "Training"), np.arange(len(labels))
    large = replace(training, images=images, labels=labels, splits=splits, rows=rows)
    division = replace(outcome.division, training=large)
    section = data(replace(with_classes(outcome, names), division=division))
    shown = [cells[0] for cells in rows_of(section)]
    assert len(shown) == MOST_ROWS + 2
    assert shown[0] == "Class 99"
    assert "60 more classes" in shown
    assert "From the largest class" in table_of(section).caption


def test_the_recipe_has_what_differs_from_the_defaults(outcome):
    section = recipe(outcome)
    assert rows_of(section) == [
        ["name", "first", ""],
        ["data", "halves.csv", ""],
        ["backbone", "compact_resnet", ""],
        ["seed", "5", "0"],
        ["epochs", "10", ""],
        ["learning_rate", "0.1", ""],
    ]
    assert "Command: mimika train my_halves.toml" in texts_of(section)


def test_files_and_transforms_are_shown_briefly(outcome):
    changes = {
        "teachers": ("/a/one.npz", "/b/two.npz"),
        "weights": "hub:in12k",
        "augmentation": ({"name": "blur"}, {"name": "noise"}),
    }
    changed = outcome.experiment.model_copy(update=changes)
    rows = {
        row[0]: row[1] for row in rows_of(recipe(replace(outcome, experiment=changed)))
    }
    assert rows["teachers"] == "one.npz, two.npz"
    assert rows["weights"] == "hub:in12k"
    assert rows["augmentation"] == "2 transforms"


def test_only_runs_on_the_classes_of_fer2013_are_compared(outcome):
    assert comparison(outcome) is None


def test_the_run_stands_among_published_figures_with_its_split(outcome):
    faces = with_classes(outcome, EMOTION.keys)
    section = comparison(faces)
    rows = rows_of(section)
    accuracies = [float(row[1].split()[0]) for row in rows]
    assert accuracies == sorted(accuracies, reverse=True)
    (own,) = (row for row in rows if row[0].startswith("this run"))
    assert own[1:4] == ["75.00 %", "PublicTest", "chosen on PublicTest"]
    assert "75.0 % here is to be read as about 76.2 % to 76.8 % there" in texts_of(
        section
    )
    assert {row[3] for row in rows} == {"clean", "not audited", "chosen on PublicTest"}
