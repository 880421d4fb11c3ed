"""All rules together: their order, and what is said where none has anything."""

from dataclasses import replace

from mimika.evaluation.evidence import Recipe, Sureness
from mimika.evaluation.intervals import Interval
from mimika.evaluation.proposals import RULES, propose


def test_a_run_with_nothing_striking_gets_no_proposal(evidence):
    assert propose(evidence) == ()


def test_measured_gains_come_first_and_doubts_about_measuring_last(evidence):
    found = replace(
        evidence,
        mirror_gain=Interval(0.01, 0.005, 0.015),
        course=replace(evidence.course, training=0.95, best=40),
        sureness=Sureness(1.8, 0.12, 0.02, 0.015),
        accuracy=Interval(0.7, 0.6, 0.8),
    )
    assert [proposal.what for proposal in propose(found)] == [
        "Look at each picture twice, as it is and mirrored.",
        "Regularise more: the network learns training pictures by heart.",
        "Train longer.",
        "Train for less certain answers.",
        "Measure on more pictures before you compare recipes.",
    ]


def test_every_proposal_has_figures(evidence):
    found = replace(
        evidence,
        course=replace(evidence.course, training=0.95, best=40, rate_left=0.5),
        recipe=Recipe(augmented=False),
        macro_f1=0.5,
    )
    proposals = propose(found)
    assert len(proposals) == 4
    assert all(any(sign.isdigit() for sign in p.why) for p in proposals)
    assert all(p.what.endswith(".") and p.why.endswith(".") for p in proposals)


def test_every_rule_is_in_use():
    assert len(RULES) == len(set(RULES)) == 10
