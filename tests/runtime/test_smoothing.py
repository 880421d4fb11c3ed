"""One steady answer from many shaky ones."""

import numpy as np
import pytest

from mimika.runtime.smoothing import Smoother, SmootherSettings

RATE = 30


def leaning(label, certainty=0.6, classes=7):
    """An answer for a class, the rest spread evenly."""
    values = np.full(classes, (1 - certainty) / (classes - 1), np.float32)
    values[label] = certainty
    return values


def shaky(label, seed, seconds, spread=1.0, rate=RATE):
    """Answers around a class, each with noise on its logits."""
    rng = np.random.default_rng(seed)
    logits = np.log(leaning(label)) + rng.normal(0, spread, (round(seconds * rate), 7))
    powers = np.exp(logits)
    return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)


def labels_of(answers, rate=RATE, settings=None):
    smoother = Smoother(settings)
    return [smoother.update(row, k / rate).label for k, row in enumerate(answers)]


def changes(labels):
    return int((np.diff(labels) != 0).sum())


def test_the_first_answer_is_shown_as_it_is_and_is_not_sure_yet():
    smoother = Smoother()
    shown = smoother.update(leaning(3, 0.8), 12.0)
    assert shown.label == 3
    assert not shown.sure
    assert smoother.update(leaning(3, 0.8), 12.2).sure
    np.testing.assert_allclose(shown.probabilities, leaning(3, 0.8), atol=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_what_shakes_is_held_still(seed):
    answers = shaky(4, seed, seconds=20, spread=1.2)
    labels = labels_of(answers)
    assert changes(answers.argmax(axis=1)) > 100
    assert changes(labels) <= changes(answers.argmax(axis=1)) / 10
    assert np.mean(np.array(labels) == 4) > (answers.argmax(axis=1) == 4).mean()


@pytest.mark.parametrize("rate", [10, 30, 60])
def test_a_new_expression_is_shown_soon_at_any_number_of_frames(rate):
    before = [leaning(3, 0.9)] * (3 * rate)
    labels = labels_of(before + [leaning(5, 0.7)] * rate, rate)
    assert set(labels[: 3 * rate]) == {3}
    late_s = labels[3 * rate :].index(5) / rate
    assert late_s <= 0.2
    assert set(labels[3 * rate + round(0.2 * rate) :]) == {5}


def test_a_single_frame_that_is_off_changes_nothing():
    rows = [leaning(3, 0.9)] * 60
    rows[30] = leaning(0, 0.9)
    assert set(labels_of(rows)) == {3}


def test_two_classes_that_are_equal_do_not_take_turns():
    rows = [leaning(4, 0.40 + 0.02 * (-1) ** k) for k in range(90)]
    for k, row in enumerate(rows):
        row[6] = 0.42 - 0.02 * (-1) ** k
        row /= row.sum()
    assert changes(np.array(rows).argmax(axis=1)) > 40
    assert changes(labels_of(rows)) == 0


def test_an_answer_without_a_clear_class_is_unsure():
    smoother = Smoother()
    assert not smoother.update(leaning(2, 0.3), 0).sure
    for k in range(60):
        shown = smoother.update(leaning(2, 0.8), k / RATE)
    assert shown.sure


def test_an_answer_is_unsure_while_it_may_be_about_to_change():
    smoother = Smoother()
    for k in range(30):
        smoother.update(leaning(3, 0.9), k / RATE)
    assert not smoother.update(leaning(5, 0.9), 1.0).sure


def test_after_a_long_gap_the_present_counts():
    smoother = Smoother()
    for k in range(30):
        smoother.update(leaning(3, 0.9), k / RATE)
    for k in range(4):
        shown = smoother.update(leaning(0, 0.9), 10 + k / RATE)
    assert shown.label == 0


def test_probabilities_sum_to_one_whatever_comes():
    smoother = Smoother()
    for k, row in enumerate([*shaky(1, 0, 2), np.eye(7, dtype=np.float32)[2]]):
        shown = smoother.update(row, k / RATE)
        assert shown.probabilities.sum() == pytest.approx(1)
        assert np.isfinite(shown.probabilities).all()


def test_a_frame_at_the_same_time_is_no_problem():
    smoother = Smoother()
    smoother.update(leaning(3), 1.0)
    assert smoother.update(leaning(3), 1.0).label == 3


def test_the_margin_can_be_set():
    rows = [leaning(4, 0.6)] * 30
    slightly = leaning(4, 0.30)
    slightly[6] = 0.45
    rows += [slightly / slightly.sum()] * 90
    assert labels_of(rows)[-1] == 6
    assert labels_of(rows, settings=SmootherSettings(margin=0.3))[-1] == 4
