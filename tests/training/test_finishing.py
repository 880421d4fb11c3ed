"""What a finished run leaves in its folder."""

import json
from dataclasses import replace

import numpy as np
import pytest

from mimika.core.card import parse_card
from mimika.data.split_file import picture_digest
from mimika.evaluation.predictions import load_predictions
from mimika.models.catalogue import create_network
from mimika.models.checkpoint import weights_digest
from mimika.models.spec import NetworkSpec
from mimika.training.finishing import (
    Origin,
    describe_data,
    describe_selection,
    finish,
    make_card,
)
from mimika.training.loaders import prepare

FACTS = {
    "machine": {
        "system": "Linux",
        "processor": "Drawn CPU",
        "cores": 8,
        "threads": 4,
        "device": "cpu",
        "processes": 1,
    },
    "versions": {"mimika": "1", "torch": "2", "python": "3"},
    "git_revision": None,
}


@pytest.fixture(scope="module")
def finished(outcome, tmp_path_factory):
    o, folder = outcome, tmp_path_factory.mktemp("finished")
    (folder / "run.json").write_text(json.dumps(FACTS))
    finish(folder, o.experiment, o.card, o.division, o.judged, o.history)
    return folder


def test_the_folder_has_answers_card_and_report(finished):
    assert {path.name for path in finished.iterdir()} == {
        "card.json",
        "confusion.png",
        "curves.png",
        "predictions.npz",
        "reliability.png",
        "report.html",
        "report.md",
        "run.json",
    }


def test_the_answers_are_calibrated_and_say_about_what_they_are(finished, outcome):
    kept = load_predictions(finished / "predictions.npz")
    calibrated = outcome.judged.probabilities
    np.testing.assert_allclose(kept.probabilities, calibrated, atol=1e-6)
    selection = outcome.division.selection
    np.testing.assert_array_equal(kept.labels, selection.labels)
    assert kept.digest == picture_digest(selection.images)
    assert (kept.split, kept.model, kept.weights) == (
        "PublicTest",
        "halves-first",
        outcome.card.digest,
    )


def test_the_card_is_read_back(finished, outcome):
    assert parse_card((finished / "card.json").read_text(), "card.json") == outcome.card


def test_the_report_says_where_it_was_trained(finished):
    assert "Drawn CPU, 4 of 8 cores" in (finished / "report.md").read_text()


def test_the_card_says_what_it_was_trained_chosen_and_measured_on(
    outcome, samples, task
):
    network = create_network(
        NetworkSpec(backbone="compact_resnet", size=48, channels=1, classes=2)
    )
    data = prepare(samples, outcome.experiment)
    card = make_card(
        outcome.experiment,
        network,
        task,
        data,
        outcome.judged,
        Origin("mimika train a.toml", "MIT AND x"),
    )
    assert card.digest == weights_digest(network.state_dict())
    assert card.training_data == "128 Training pictures of halves.csv"
    assert card.selection == "best accuracy on PublicTest"
    assert (card.licence, card.calibrated_on) == ("MIT AND x", "PublicTest")
    assert (card.recipe, card.seed) == ("mimika train a.toml", 5)
    assert card.temperature == outcome.judged.temperature
    metric = card.metrics["accuracy"]
    assert (metric.value, metric.split, metric.images) == (0.75, "PublicTest", 32)


def test_votes_teachers_and_weights_are_told_in_the_card(outcome):
    changes = {"votes": "/a/votes.csv", "weights": "/c/net.pth"}
    experiment = outcome.experiment.model_copy(update=changes)
    assert describe_data(experiment, outcome.division, "one.npz, two.npz") == (
        "128 Training pictures of halves.csv; crowd votes (votes.csv); teachers' "
        "predictions (one.npz, two.npz); pretrained weights (net.pth)"
    )
    hub = experiment.model_copy(update={"weights": "hub:a/b"})
    assert describe_data(hub, outcome.division, "").endswith("weights (hub:a/b)")


def test_the_rule_of_a_second_phase_is_told(outcome):
    division = replace(outcome.division, selected_on="part a of split b")
    switched = {"switch_epoch": 6, "switch_metric": "loss"}
    experiment = outcome.experiment.model_copy(update=switched)
    text = describe_selection(experiment, division)
    assert text == "lowest loss on part a of split b from epoch 6 on"
