"""Curves, classes, confusions, calibration and proposals of a run's report."""

from dataclasses import replace

import numpy as np
import pytest

from mimika.evaluation.intervals import Interval
from mimika.evaluation.metrics import evaluate_probabilities
from mimika.training.evidence import gather
from mimika.training.sections_figures import (
    NOTHING,
    about_course,
    calibration,
    classes,
    confused,
    curves,
    proposals,
)


def kinds(section):
    return [block.kind for block in section.blocks]


def texts_of(section):
    return " ".join(block.text for block in section.blocks if hasattr(block, "text"))


def always_right(outcome):
    labels = outcome.division.selection.labels
    sure = np.eye(2, dtype=np.float32)[labels]
    judged = replace(
        outcome.judged,
        probabilities=sure,
        evaluation=evaluate_probabilities(sure, labels),
    )
    return replace(outcome, judged=judged)


def test_the_curves_say_where_the_best_epoch_lies(outcome):
    section = curves(outcome, gather(outcome).course)
    text = texts_of(section)
    assert "The best epoch is 8 of 10, with 75.0 % right on the selection set." in text
    assert "66.0 % were right: 9.0 points less." in text
    assert "no longer rising: its mean over the last epochs is 2.5 points below" in text
    assert section.blocks[-1].name == "curves"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"training": None}, "mixed in pairs"),
        ({"training": 0.9}, "15.0 points more"),
        ({"before": None}, "too few epochs"),
        ({"before": 0.6}, "was still rising"),
    ],
)
def test_what_the_curves_say_follows_from_the_figures(outcome, changes, words):
    course = replace(gather(outcome).course, **changes)
    assert words in " ".join(about_course(course))


def test_every_class_says_what_it_is_taken_for(outcome):
    (table,) = classes(outcome).blocks
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["Left", "0.750", "0.750", "0.750", "16", "Right (25.0 %)"],
        ["Right", "0.750", "0.750", "0.750", "16", "Left (25.0 %)"],
    ]


def test_a_class_that_is_always_found_is_taken_for_nothing(outcome):
    (table,) = classes(always_right(outcome)).blocks
    assert [row[-1].text for row in table.rows] == ["\u2013", "\u2013"]


def test_pairs_follow_the_matrix_with_shares_and_reasons(outcome):
    section = confused(outcome)
    assert kinds(section) == ["figure", "heading", "text", "text"]
    assert section.blocks[0].name == "confusion"
    text = texts_of(section)
    assert "Together these are 8 of 8 mistakes (100.0 %)." in text
    assert "too few mistakes" in text


def test_without_a_mistake_there_is_no_pair(outcome):
    section = confused(always_right(outcome))
    assert kinds(section) == ["figure", "text"]
    assert "Every answer is right." in texts_of(section)


def test_calibration_stands_before_and_after(outcome):
    section = calibration(outcome)
    assert kinds(section) == ["text", "table", "figure"]
    found = outcome.judged.calibration
    cells = [[cell.text for cell in row] for row in section.blocks[1].rows]
    assert cells[1][1:] == [f"{found.nll_before:.4f}", f"{found.nll_after:.4f}"]
    assert f"{found.temperature:.3f}" in texts_of(section)


def test_too_few_pictures_to_calibrate_on_are_said_to_be(outcome):
    judged = replace(outcome.judged, calibration=None)
    section = calibration(replace(outcome, judged=judged))
    assert kinds(section) == ["text"]
    assert "too few different pictures" in texts_of(section)


def test_proposals_are_ranked_with_their_reasons(outcome):
    section = proposals(gather(outcome))
    assert kinds(section)[:3] == ["text", "heading", "text"]
    assert section.blocks[1].text.startswith("1. ")
    assert section.blocks[3].text.startswith("2. ")


def test_a_run_with_nothing_striking_is_said_to_have_nothing(outcome):
    evidence = gather(outcome)
    course = replace(evidence.course, training=0.8, rate_left=0.0)
    quiet = replace(
        evidence,
        course=course,
        confusion=None,
        mirror_gain=Interval(0, 0, 0),
        accuracy=Interval(0.75, 0.74, 0.76),
        sureness=None,
    )
    section = proposals(quiet)
    assert texts_of(section) == NOTHING
