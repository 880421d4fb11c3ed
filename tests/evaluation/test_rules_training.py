"""Each rule on training just on both sides of each threshold."""

from dataclasses import replace

import pytest

from mimika.evaluation.evidence import Recipe
from mimika.evaluation.intervals import Interval
from mimika.evaluation.rules_training import (
    EARLY,
    FALLING,
    FITTED,
    NARROW_GAP,
    RATE_LEFT,
    RISING,
    WIDE_GAP,
    about_fit,
    about_length,
    about_mirrors,
    about_rate,
)

BIT = 1e-6


def said(rule, evidence):
    return [f"{proposal.what} {proposal.why}" for proposal in rule(evidence)]


def on_course(evidence, **changes):
    return replace(evidence, course=replace(evidence.course, **changes))


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (BIT, 0.02, "Look at each picture twice"),
        (0.0, 0.02, None),
        (-0.02, 0.0, None),
        (-0.02, -BIT, "flip = false"),
    ],
)
def test_mirrors_are_proposed_where_the_gain_is_not_chance(evidence, low, high, words):
    gain = Interval((low + high) / 2, low, high)
    found = said(about_mirrors, replace(evidence, mirror_gain=gain))
    assert len(found) == (words is not None)
    assert all(words in text for text in found)


def test_a_network_that_never_saw_mirror_images_may_fail_on_them(evidence):
    worse = replace(evidence, mirror_gain=Interval(-0.2, -0.3, -0.1))
    assert said(about_mirrors, replace(worse, recipe=Recipe(mirrored=False))) == []


def test_the_gain_is_told_with_its_interval(evidence):
    gain = Interval(0.0084, 0.0011, 0.0153)
    (text,) = said(about_mirrors, replace(evidence, mirror_gain=gain))
    assert "gains +0.8 points (+0.1 to +1.5)" in text


@pytest.mark.parametrize(("more", "fires"), [(BIT, True), (-BIT, False)])
def test_a_wide_gap_is_learning_by_heart(evidence, more, fires):
    found = on_course(evidence, training=0.7 + WIDE_GAP + more)
    texts = said(about_fit, found)
    assert len(texts) == fires
    assert all("Regularise more" in t and "10.0 points less" in t for t in texts)


@pytest.mark.parametrize(("more", "fires"), [(-BIT, True), (BIT, False)])
def test_a_narrow_gap_is_too_little_learning(evidence, more, fires):
    texts = said(about_fit, on_course(evidence, training=0.7 + NARROW_GAP + more))
    assert len(texts) == fires
    assert all("more to fit with" in text for text in texts)


@pytest.mark.parametrize(("more", "fires"), [(-BIT, True), (BIT, False)])
def test_what_is_fitted_well_needs_no_larger_network(evidence, more, fires):
    found = on_course(evidence, training=FITTED + more, selection=FITTED)
    assert len(said(about_fit, found)) == fires


def test_mixed_pictures_say_nothing_about_the_fit(evidence):
    assert said(about_fit, on_course(evidence, training=None)) == []


@pytest.mark.parametrize(
    ("recipe", "words", "absent"),
    [
        (Recipe(augmented=False), "Try augmentation, mixup", "stronger"),
        (Recipe(), "Try mixup or cutmix, dropout", "Try augmentation"),
        (Recipe(mixed=True, dropout=True), "Try label_smoothing", "mixup"),
        (Recipe(averaged=True, smoothed=True), "stronger augmentation", "ema"),
        (Recipe(only_head=True), "Try dropout", "mixup"),
    ],
)
def test_nothing_is_proposed_that_the_run_had(evidence, recipe, words, absent):
    found = replace(on_course(evidence, training=0.95), recipe=recipe)
    (text,) = said(about_fit, found)
    assert words in text
    assert absent not in text


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        (Recipe(), "weaker augmentation"),
        (Recipe(augmented=False), "less weight_decay"),
        (Recipe(only_head=True), 'strategy = "fine-tune"'),
    ],
)
def test_what_gives_more_to_fit_with_depends_on_the_recipe(evidence, recipe, words):
    (text,) = said(about_fit, replace(on_course(evidence, training=0.7), recipe=recipe))
    assert words in text


@pytest.mark.parametrize(("best", "fires"), [(40, True), (39, False)])
def test_a_best_epoch_at_the_end_asks_for_more(evidence, best, fires):
    texts = said(about_length, on_course(evidence, best=best))
    assert len(texts) == fires
    assert all("The best epoch is 40 of 40. The rate has come" in t for t in texts)


@pytest.mark.parametrize(("more", "fires"), [(BIT, True), (-BIT, False)])
def test_accuracy_that_still_rises_asks_for_more(evidence, more, fires):
    found = on_course(evidence, before=0.65, late=0.65 + RISING + more)
    texts = said(about_length, found)
    assert len(texts) == fires
    assert all("0.5 points above those before" in text for text in texts)


@pytest.mark.parametrize(("more", "words"), [(BIT, "longer"), (0, "from the start")])
def test_more_epochs_are_added_or_planned_by_the_rate_that_is_left(
    evidence, more, words
):
    (text,) = said(
        about_length, on_course(evidence, best=40, rate_left=RATE_LEFT + more)
    )
    assert words in text
    assert ("from the start" in text) == (more == 0)


def test_a_single_epoch_is_the_best_and_the_last(evidence):
    (text,) = said(about_length, on_course(evidence, epochs=1, best=1, before=None))
    assert "The best epoch is 1 of 1." in text


@pytest.mark.parametrize(
    ("best", "more", "fires"),
    [
        (EARLY * 40, BIT, True),
        (EARLY * 40, -BIT, False),
        (EARLY * 40 + 1, BIT, False),
    ],
)
def test_an_early_best_epoch_asks_for_fewer(evidence, best, more, fires):
    found = on_course(evidence, best=int(best), late=0.7 - FALLING - more)
    texts = said(about_length, found)
    assert len(texts) == fires
    assert all("20 of 40 already; the last ones are 1.0 points" in t for t in texts)


def test_weights_that_were_averaged_are_not_to_be_averaged(evidence):
    found = on_course(evidence, best=5, late=0.6)
    assert "(ema)" in said(about_length, found)[0]
    found = replace(found, recipe=Recipe(averaged=True))
    assert "(ema)" not in said(about_length, found)[0]


@pytest.mark.parametrize(("more", "fires"), [(BIT, True), (0, False)])
def test_a_rate_that_is_left_is_told(evidence, more, fires):
    texts = said(about_rate, on_course(evidence, rate_left=RATE_LEFT + more))
    assert len(texts) == fires
    assert all("still 1.0 % of its peak" in text for text in texts)
