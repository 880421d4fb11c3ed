"""A judged model of three fruits, and a run at which no rule finds anything."""

import numpy as np
import pytest

from mimika.core.card import Metric
from mimika.evaluation.calibration import calibrate
from mimika.evaluation.cost import Cost
from mimika.evaluation.crowd import against_votes
from mimika.evaluation.evidence import (
    ClassEvidence,
    Course,
    Evidence,
    Recipe,
    Sureness,
)
from mimika.evaluation.intervals import Interval
from mimika.evaluation.judgement import Answers, Judgement, judge
from mimika.evaluation.mistakes import confident_mistakes
from mimika.evaluation.reliability import error_by_chance, reliability

PICTURES = 90


def drawn_answers(labels, share, rng):
    """float32 (N, 3), right on about that share of the pictures."""
    wrong = (labels + rng.integers(1, 3, len(labels))) % 3
    answers = np.where(rng.random(len(labels)) < share, labels, wrong)
    noise = rng.random((len(labels), 3))
    raw = np.eye(3)[answers] * (1 + rng.random((len(labels), 1))) + 0.8 * noise
    return np.asarray(raw / raw.sum(axis=1, keepdims=True), np.float32)


@pytest.fixture(scope="session")
def card(make_card):
    """Of a model that was chosen on Orchard."""
    metric = Metric(value=0.6, low=0.5, high=0.7, split="Orchard", images=PICTURES)
    return make_card(
        name="fruit-test",
        task="fruit",
        labels=("apple", "pear", "red_currant"),
        selection="best accuracy on Orchard",
        metrics={"accuracy": metric},
        temperature=2.0,
        limits="tests <only>",
        digest="sha256:0",
    )


@pytest.fixture(scope="session")
def pictures():
    """uint8 (90, 48, 48), drawn."""
    rng = np.random.default_rng(1)
    return rng.integers(0, 256, (PICTURES, 48, 48)).astype(np.uint8)


@pytest.fixture(scope="session")
def answers():
    """About 90 pictures, 30 of each class; several views are right more often."""
    rng = np.random.default_rng(0)
    labels = np.arange(PICTURES) % 3
    plain = drawn_answers(labels, 0.6, rng)
    return Answers(labels, plain, drawn_answers(labels, 0.9, rng), "flip")


@pytest.fixture(scope="session")
def judgement(card, answers):
    """With everything that can be asked for; the first 60 pictures are clean."""
    clean = answers.take(np.arange(60))
    rows = 1000 + np.arange(PICTURES)
    return Judgement(
        card=card,
        source="fruits.csv",
        whole=judge("Orchard", answers),
        clean=judge("clean Orchard", clean),
        bins=reliability(answers.plain, answers.labels),
        ece_by_chance=error_by_chance(answers.plain),
        calibration=calibrate("clean Orchard", clean.plain, clean.labels),
        crowd=against_votes(
            answers.plain, answers.labels, 9 * np.eye(3, dtype=np.int64)[answers.labels]
        ),
        mistakes=confident_mistakes(answers.plain, answers.labels, rows),
        cost=Cost(1_000_000, 40_000_000, 0.25, 0.125),
    )


@pytest.fixture
def evidence():
    """Three classes of equal size, 70 % right, nothing striking."""
    classes = tuple(
        ClassEvidence(number, Interval(0.70, 0.66, 0.74), 500) for number in range(3)
    )
    return Evidence(
        course=Course(
            epochs=40,
            best=38,
            training=0.75,
            selection=0.70,
            late=0.699,
            before=0.697,
            rate_left=0.0,
        ),
        recipe=Recipe(),
        accuracy=Interval(0.70, 0.685, 0.715),
        balanced_accuracy=0.70,
        macro_f1=0.69,
        classes=classes,
        names=("Fear", "Sad", "Happy"),
        training=(4000, 4000, 4000),
        confusion=None,
        mistakes=450,
        images=1500,
        mirror_gain=Interval(0.002, -0.002, 0.006),
        sureness=Sureness(1.1, 0.03, 0.02, 0.015),
    )
