"""Each rule on figures made for it: what it says, and when it is silent."""

from dataclasses import replace

import numpy as np
import pytest

from mimika.analysis.conclusions import RULES, conclude
from mimika.analysis.faces import FaceError, FaceSearch
from mimika.analysis.label_quality import LabelQuality
from mimika.analysis.run import Silent, examine
from mimika.analysis.votes import Agreement, SuspectsCheck
from mimika.data.samples import BadRow


@pytest.fixture(scope="module")
def clean(drawn):
    """Findings of a set without copies, blanks or votes; faces are all found."""
    found = examine(drawn, None, 0, 1, Silent())
    faces = FaceSearch(np.arange(120), np.array([], np.int64), (0.0,) * 7, None)
    return replace(found, faces=faces, labels=None)


def said(pictures, findings, level=None):
    remarks = conclude(pictures, findings)
    return " ".join(r.text for r in remarks if level in (None, r.level))


def balanced(findings, **changes):
    training = replace(findings.balance.splits[0], **changes)
    splits = (training, *findings.balance.splits[1:])
    return replace(findings, balance=replace(findings.balance, splits=splits))


def quality(accuracy, suspects=3):
    places, shares = np.arange(suspects), np.full(suspects, 0.01, np.float32)
    return LabelQuality(
        (0, 1),
        (),
        np.arange(100),
        accuracy,
        0.5,
        np.array([[40, 1], [9, 50]]),
        places,
        places * 0 + 1,
        shares,
        1 - shares,
    )


def test_a_clean_set_gets_good_words_only(drawn, clean):
    assert {remark.level for remark in conclude(drawn, clean)} == {"good"}
    assert "No picture stands in the data set twice" in said(drawn, clean)


@pytest.mark.parametrize(
    ("ratio", "level", "words"),
    [
        (1.2, "good", "Accuracy speaks for all classes"),
        (2.0, "note", "Report macro-F1 beside accuracy"),
        (5.0, "warning", "weigh the loss by class"),
        (16.5, "warning", "square root"),
    ],
)
def test_the_imbalance_decides_metric_and_weights(drawn, clean, ratio, level, words):
    assert words in said(drawn, balanced(clean, ratio=ratio), level)


def test_a_set_without_labels_says_that_there_is_nothing_to_learn(drawn, clean):
    bare = balanced(clean, ratio=None, majority=None)
    assert "nothing to learn from" in said(drawn, bare, "warning")


def test_a_single_class_is_nothing_to_tell_apart(drawn, clean):
    one = balanced(clean, counts=(90, 0, 0, 0, 0, 0, 0), ratio=1.0)
    assert "single class" in said(drawn, one, "warning")


@pytest.mark.parametrize(("near", "level"), [(10, "warning"), (0, "good")])
def test_leakage_is_told_with_its_worst_class(drawn, clean, near, level):
    split = clean.copies.splits[0]
    shares = (0.1, 0.0, 0.6, 0.0, 0.0, 0.0, 0.0)
    leaking = replace(split, near=near, exact=2, by_class=shares)
    found = replace(clean, copies=replace(clean.copies, splits=(leaking,)))
    text = said(drawn, found, level)
    assert ("10 of 30 pictures of PublicTest (33.3 %)" in text) == bool(near)
    assert ("most of all in Fear, 60.0 %" in text) == bool(near)


def test_copies_with_several_labels_are_a_warning(drawn, clean):
    near = replace(clean.copies.near, groups=9, pictures=20, labelled=8, conflicting=2)
    found = replace(clean, copies=replace(clean.copies, near=near))
    assert "2 of 8 groups" in said(drawn, found, "warning")
    assert "Split by group" in said(drawn, found, "note")


def test_broken_files_and_odd_classes_are_named(drawn, clean):
    pictures = replace(drawn, broken=(BadRow("a.jpg", "cut"),))
    balance = replace(
        clean.balance,
        empty=("bees",),
        single=("wasps", "flies"),
        same_but_case=(("Ants", "ants"),),
    )
    text = said(pictures, replace(clean, balance=balance), "warning")
    assert "1 of 121 pictures or rows" in text
    assert "Ants, ants differ in letter case only" in text
    assert "1 class is without any picture" in text
    assert "2 classes are there with a single picture (wasps, flies)" in text


@pytest.mark.parametrize(("by_chance", "is_told"), [(0.01, True), (0.15, False)])
def test_class_shares_are_told_where_they_differ_more_than_by_chance(
    drawn, clean, by_chance, is_told
):
    public = replace(clean.balance.splits[1], distance=0.2, by_chance=by_chance)
    splits = (clean.balance.splits[0], public)
    found = replace(clean, balance=replace(clean.balance, splits=splits))
    text = said(drawn, found, "warning")
    assert ("total variation distance 20.0 %" in text) == is_told


def test_blank_pictures_are_counted_with_their_labels(drawn, clean):
    appearance = replace(clean.appearance, blank=np.array([1, 2]))
    text = said(drawn, replace(clean, appearance=appearance), "warning")
    assert "2 pictures are blank, all of them with a label" in text


@pytest.mark.parametrize(
    ("without", "level", "words"),
    [
        (1, "note", "In 1 of 120 pictures"),
        (12, "warning", "misses 0.9 %"),
        (110, "note", "no data set of faces"),
    ],
)
def test_the_share_without_a_face_decides_what_is_said(
    drawn, clean, without, level, words
):
    error = FaceError(1000, 0.009, 10, 0.4)
    faces = replace(clean.faces, without=np.arange(without), error=error)
    assert words in said(drawn, replace(clean, faces=faces), level)


def test_a_model_that_learns_nothing_suspects_nothing(drawn, clean):
    found = replace(clean, labels=quality(0.52))
    assert "too little to suspect single labels" in said(drawn, found, "note")


def test_suspects_are_told_with_what_raters_say(drawn, clean):
    check = SuspectsCheck(500, 0.7, 0.35)
    found = replace(clean, labels=quality(0.9), suspects_checked=check)
    text = said(drawn, found, "warning")
    assert "3 of 100 labels are clearly suspect" in text
    assert "takes Disgust for Angry" in text
    assert "on 70.0 % of the first 500, and on 35.0 % of all" in text


@pytest.mark.parametrize(("share", "level"), [(0.63, "warning"), (0.9, "good")])
def test_agreement_decides_whether_labels_are_noisy(drawn, clean, share, level):
    agreement = Agreement(100, share, {}, 0, None, 0.1, np.eye(7))
    text = said(drawn, replace(clean, agreement=agreement), level)
    assert f"label on {100 * share:.1f} % of 100 pictures" in text
    assert ("soft labels" in text) == (level == "warning")


def test_warnings_come_first(drawn, clean):
    found = balanced(clean, ratio=20.0)
    levels = [remark.level for remark in conclude(drawn, found)]
    assert levels == sorted(levels, key=["warning", "note", "good"].index)


def test_every_rule_is_in_use():
    assert len(RULES) == len(set(RULES)) == 9
