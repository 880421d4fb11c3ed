from dataclasses import replace

import numpy as np
import pytest

from mimika.evaluation.judgement import Answers, judge
from mimika.evaluation.metrics import evaluate_probabilities


def same(one, other):
    return repr(one) == repr(other)


def test_plain_answers_alone_have_no_gain(answers):
    found = judge("Orchard", Answers(answers.labels, answers.plain))
    assert found.views is None
    assert same(found.plain, evaluate_probabilities(answers.plain, answers.labels))


def test_the_gain_is_the_difference_with_an_interval_of_paired_pictures(answers):
    found = judge("Orchard", answers)
    views = found.views
    assert views.kind == "flip"
    assert same(views.evaluation, evaluate_probabilities(answers.views, answers.labels))
    for name in ("accuracy", "balanced_accuracy", "macro_f1"):
        gain = getattr(views, f"{name}_gain")
        old, new = getattr(found.plain, name), getattr(views.evaluation, name)
        assert gain.value == pytest.approx(new.value - old.value)
        assert 0 < gain.low < gain.value < gain.high
    pairs = (answers.views.argmax(axis=1) == answers.labels).astype(float)
    pairs -= answers.plain.argmax(axis=1) == answers.labels
    width = 2 * 1.96 * pairs.std() / np.sqrt(len(pairs))
    assert views.accuracy_gain.high - views.accuracy_gain.low == pytest.approx(
        width, rel=0.15
    )


def test_the_same_answers_gain_nothing(answers):
    views = judge("Orchard", replace(answers, views=answers.plain)).views
    gain = views.macro_f1_gain
    assert (gain.low, gain.value, gain.high) == (0, 0, 0)


def test_some_of_the_answers_can_be_taken(answers):
    places = np.array([5, 2])
    part = answers.take(places)
    np.testing.assert_array_equal(part.views, answers.views[[5, 2]])
    assert part.labels.tolist() == [2, 2]
    assert Answers(answers.labels, answers.plain).take(places).views is None


def test_what_flatters_the_figures_is_noted(judgement):
    assert [note.split(" so that")[0] for note in judgement.notes] == [
        "The model was chosen on these pictures (best accuracy on Orchard),",
        "The card's temperature was fitted on these pictures,",
    ]
    elsewhere = judgement.card.model_copy(update={"calibrated_on": "another split"})
    chosen, *others = replace(judgement, card=elsewhere).notes
    assert chosen == judgement.notes[0]
    assert others == []
    assert replace(judgement, whole=judgement.clean).notes == ()
    fewer = replace(judgement.whole, plain=judgement.clean.plain)
    assert [note[:60] for note in replace(judgement, whole=fewer).notes] == [
        "The model was chosen on 90 pictures that are called Orchard "
    ]
    learned = replace(judgement, whole=replace(judgement.whole, name="Training"))
    assert [note[:29] for note in learned.notes] == ["These are Training pictures: "]
