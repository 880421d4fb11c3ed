"""Each rule on the answers just on both sides of each threshold."""

from dataclasses import replace

import pytest

from mimika.evaluation.confusions import FEW, MORE_OFTEN, Confusion, Direction
from mimika.evaluation.evidence import ClassEvidence, Recipe
from mimika.evaluation.intervals import Interval, wilson_interval
from mimika.evaluation.rules_answers import (
    COARSE,
    MOST_WEAK,
    OVERSURE,
    PAIR,
    RARE,
    UNCALIBRATED,
    UNDERSURE,
    UNEVEN,
    WEAK,
    about_classes,
    about_evenness,
    about_pair,
    about_precision,
    about_remaining_error,
    about_sureness,
)

BIT = 1e-6
EVERYTHING = Recipe(*[True] * 10)


def said(rule, evidence):
    return [f"{proposal.what} {proposal.why}" for proposal in rule(evidence)]


def with_class(evidence, recall, *, high=0.6, training=(4000,) * 3, recipe=None):
    weak = ClassEvidence(0, Interval(recall, 0.3, high), 496)
    changed = replace(evidence, classes=(weak, *evidence.classes[1:]))
    return replace(changed, training=training, recipe=recipe or Recipe())


def with_pair(evidence, more, less, mistakes):
    ways = [
        Direction(true, answer, k, 500, wilson_interval(k, 500))
        for true, answer, k in ((0, 1, more), (1, 0, less))
    ]
    pair = Confusion(*ways, 0.5, 0.5)
    return replace(evidence, confusion=pair, mistakes=mistakes)


def with_sureness(evidence, recipe=None, **changes):
    sureness = replace(evidence.sureness, **changes)
    return replace(evidence, sureness=sureness, recipe=recipe or Recipe())


@pytest.mark.parametrize(("more", "fires"), [(-BIT, True), (BIT, False)])
def test_a_class_far_below_the_mean_is_weak(evidence, more, fires):
    texts = said(about_classes, with_class(evidence, 0.70 - WEAK + more))
    assert len(texts) == fires
    assert all("Recall is 55.0 % on 496 pictures" in text for text in texts)


@pytest.mark.parametrize(("high", "fires"), [(0.70 - BIT, True), (0.70, False)])
def test_a_weak_class_may_be_chance(evidence, high, fires):
    assert len(said(about_classes, with_class(evidence, 0.4, high=high))) == fires


@pytest.mark.parametrize(
    ("less", "recipe", "words"),
    [
        (1, Recipe(), 'loss = "balanced"'),
        (1, Recipe(balanced=True), "so it is rare: bring more pictures of it."),
        (0, Recipe(), "Look at the labels of Fear. "),
        (0, Recipe(votes=True), "Crowd votes are used already"),
    ],
)
def test_the_share_of_a_weak_class_decides_what_helps(evidence, less, recipe, words):
    rare = round(RARE / 3 * 6000)
    training = (rare - less, 2500 + less, 2500)
    found = with_class(evidence, 0.4, training=training, recipe=recipe)
    (text,) = said(about_classes, found)
    assert words in text


def test_the_weakest_classes_are_named_and_not_all(evidence):
    weak = tuple(ClassEvidence(k, Interval(k / 100, 0, 0.3), 50) for k in range(30))
    names = tuple(f"c{k}" for k in range(30))
    found = replace(evidence, names=names, training=(1,) * 29 + (900,))
    texts = said(about_classes, replace(found, classes=weak[::-1]))
    assert len(texts) == MOST_WEAK
    assert [text.split()[1] for text in texts] == ["c0", "c1", "c2"]


@pytest.mark.parametrize(("mistakes", "fires"), [(499, True), (500, False)])
def test_a_pair_with_many_of_the_mistakes_is_told(evidence, mistakes, fires):
    texts = said(about_pair, with_pair(evidence, 26, 24, round(mistakes * PAIR / 0.1)))
    assert len(texts) == fires
    assert all("Help the network to tell Fear from Sad." in text for text in texts)
    assert all("50 of 499 mistakes (10.0 %)" in text for text in texts)


@pytest.mark.parametrize(("less", "fires"), [(0, True), (1, False)])
def test_few_mistakes_say_nothing(evidence, less, fires):
    found = with_pair(evidence, FEW // 2 - less, FEW // 2, 40)
    assert len(said(about_pair, found)) == fires


def test_no_mistakes_are_no_pair(evidence):
    assert said(about_pair, replace(evidence, confusion=None, mistakes=0)) == []


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        (Recipe(), 'loss = "balanced"'),
        (
            Recipe(balanced=True),
            "1.5 times the training pictures: add pictures of Fear.",
        ),
    ],
)
def test_a_one_sided_pair_is_a_matter_of_weights(evidence, recipe, words):
    found = replace(with_pair(evidence, 90, 20, 400), recipe=recipe)
    frequent = replace(found, training=(1000, round(1000 * MORE_OFTEN), 1000))
    (text,) = said(about_pair, frequent)
    assert "Move the border between Fear and Sad." in text
    assert "18.0 % of Fear is taken for Sad, 4.0 % the other way round" in text
    assert words in text


def test_weights_that_favour_a_rare_class_are_to_be_milder(evidence):
    found = replace(with_pair(evidence, 90, 20, 400), recipe=Recipe(balanced=True))
    rare = replace(found, training=(round(1000 * MORE_OFTEN), 1000, 1000))
    (text,) = said(about_pair, rare)
    assert "Weigh Sad less." in text
    assert "milder ones (balance) or none" in text


def test_weights_do_not_mend_a_pair_that_numbers_do_not_explain(evidence):
    found = with_pair(evidence, 90, 20, 400)
    training = (1000, round(1000 * MORE_OFTEN) - 1, 1000)
    (text,) = said(about_pair, replace(found, training=training))
    assert "would only move the mistakes" in text


@pytest.mark.parametrize(("more", "fires"), [(90, True), (21, False)])
def test_of_two_classes_all_mistakes_are_between_them(evidence, more, fires):
    found = replace(with_pair(evidence, more, 20, more + 20), names=("Fear", "Sad"))
    assert len(said(about_pair, found)) == fires


@pytest.mark.parametrize(("more", "fires"), [(-BIT, True), (BIT, False)])
def test_macro_f1_far_below_the_accuracy_is_told(evidence, more, fires):
    texts = said(about_evenness, replace(evidence, macro_f1=0.70 - UNEVEN + more))
    assert len(texts) == fires
    assert all("5.0 points below the accuracy" in text for text in texts)


def test_macro_f1_is_helped_by_what_was_not_used(evidence):
    uneven = replace(evidence, macro_f1=0.5)
    assert 'macro-f1") and weigh' in said(about_evenness, uneven)[0]
    found = replace(uneven, recipe=EVERYTHING)
    assert "bring more pictures of the small ones" in said(about_evenness, found)[0]


@pytest.mark.parametrize(("more", "fires"), [(BIT, True), (-BIT, False)])
def test_an_error_that_scaling_leaves_is_measured_from_chance(evidence, more, fires):
    after = 0.015 + UNCALIBRATED + more
    found = with_sureness(evidence, after=after)
    assert len(said(about_remaining_error, found)) == fires


@pytest.mark.parametrize(
    ("temperature", "words"),
    [
        (OVERSURE + BIT, "they are too high"),
        (OVERSURE, None),
        (UNDERSURE, None),
        (UNDERSURE - BIT, "they are too low"),
    ],
)
def test_the_temperature_says_which_way_probabilities_are_off(
    evidence, temperature, words
):
    found = with_sureness(evidence, temperature=temperature, before=0.1)
    texts = said(about_sureness, found)
    assert len(texts) == (words is not None)
    assert all(words in text for text in texts)


@pytest.mark.parametrize(("more", "fires"), [(BIT, True), (-BIT, False)])
def test_a_temperature_matters_where_probabilities_are_off(evidence, more, fires):
    before = 0.015 + UNCALIBRATED + more
    found = with_sureness(evidence, temperature=2.0, before=before)
    assert len(said(about_sureness, found)) == fires


@pytest.mark.parametrize(
    ("temperature", "recipe", "words"),
    [
        (2.0, Recipe(), "try label_smoothing, mixup or cutmix, averaged weights"),
        (2.0, EVERYTHING, "try more weight_decay."),
        (0.5, Recipe(smoothed=True), "try less label_smoothing."),
        (0.5, EVERYTHING, "try less label_smoothing or less mixup or cutmix."),
        (0.5, Recipe(), "try more epochs or weaker augmentation."),
    ],
)
def test_sureness_is_changed_by_what_the_recipe_leaves(
    evidence, temperature, recipe, words
):
    found = with_sureness(evidence, recipe, temperature=temperature, before=0.1)
    (text,) = said(about_sureness, found)
    assert words in text


def test_too_few_pictures_to_calibrate_on_say_nothing(evidence):
    found = replace(evidence, sureness=None)
    assert said(about_sureness, found) == said(about_remaining_error, found) == []


@pytest.mark.parametrize(("more", "fires"), [(BIT, True), (-BIT, False)])
def test_a_wide_interval_is_told(evidence, more, fires):
    half = COARSE + more
    accuracy = Interval(0.7, 0.7 - half, 0.7 + half)
    texts = said(about_precision, replace(evidence, accuracy=accuracy))
    assert len(texts) == fires
    assert all("With 1,500 pictures" in t and "± 2.0 points" in t for t in texts)
