"""Figures of entries and their differences, against worked examples and SciPy."""

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import f1_score

from mimika.core.errors import DataError
from mimika.evaluation.comparison import compare
from mimika.evaluation.contestants import enter, load_contestant
from mimika.evaluation.intervals import Z95
from mimika.evaluation.metrics import evaluate_probabilities


def load(*folders):
    return enter([load_contestant(folder) for folder in folders])


def hits(entry):
    return [
        (m.predictions.probabilities.argmax(axis=1) == m.predictions.labels)
        for m in entry.members
    ]


@pytest.fixture
def single(keep_run):
    return load(keep_run("a"), keep_run("b", 0.7, config={"size": 96}))


@pytest.fixture
def pooled(keep_run):
    wide = {"size": 96}
    return load(
        keep_run("a"),
        *(keep_run(f"wide-s{s}", 0.7, s, config=wide) for s in (1, 2, 3)),
    )


def test_single_runs_have_the_figures_of_evaluation(single):
    found = compare(single)
    assert (found.images, found.split, found.baseline) == (600, "PublicTest", "a")
    for line in found.lines:
        (member,) = line.entry.members
        expected = evaluate_probabilities(
            member.predictions.probabilities, member.predictions.labels
        )
        assert (line.accuracy, line.macro_f1) == (
            expected.accuracy,
            expected.macro_f1,
        )
        assert line.accuracy_deviation is line.macro_f1_deviation is None
    assert found.lines[0].difference is None


def test_a_difference_has_the_interval_of_paired_samples_and_mcnemars_test(single):
    gap = compare(single).lines[1].difference
    first, second = (hits(entry)[0] for entry in single)
    pairs = second.astype(float) - first
    error = pairs.std() / np.sqrt(len(pairs))
    assert gap.accuracy.value == pytest.approx(pairs.mean())
    ends = [gap.accuracy.low, gap.accuracy.high]
    expected = pairs.mean() + Z95 * error * np.array([-1, 1])
    assert ends == pytest.approx(expected, abs=0.2 * error)
    assert gap.only_this_right == (second & ~first).sum()
    assert gap.only_baseline_right == (first & ~second).sum()
    count = gap.only_this_right + gap.only_baseline_right
    test = binomtest(gap.only_this_right, count)
    assert gap.mcnemar_p == pytest.approx(test.pvalue)
    assert gap.macro_f1.low < gap.macro_f1.value < gap.macro_f1.high


def test_several_seeds_are_pooled_as_mean_and_deviation(pooled):
    line = compare(pooled).lines[1]
    shares = [hit.mean() for hit in hits(pooled[1])]
    f1 = [
        f1_score(
            m.predictions.labels, m.predictions.probabilities.argmax(1), average="macro"
        )
        for m in pooled[1].members
    ]
    assert line.entry.name == "wide"
    assert line.accuracy.value == pytest.approx(np.mean(shares))
    assert line.accuracy_deviation == pytest.approx(np.std(shares, ddof=1))
    assert line.macro_f1.value == pytest.approx(np.mean(f1))
    assert line.macro_f1_deviation == pytest.approx(np.std(f1, ddof=1))


def test_pooled_intervals_are_those_of_the_mean_of_each_picture(pooled):
    line = compare(pooled).lines[1]
    base, mean = hits(pooled[0])[0], np.mean(hits(pooled[1]), axis=0)
    for figure, pictures in (
        (line.accuracy, mean),
        (line.difference.accuracy, mean - base),
    ):
        error = pictures.std() / np.sqrt(len(pictures))
        ends = pictures.mean() + Z95 * error * np.array([-1, 1])
        assert figure.value == pytest.approx(pictures.mean())
        assert [figure.low, figure.high] == pytest.approx(ends, abs=0.2 * error)
    assert line.difference.mcnemar_p is None
    assert line.difference.only_this_right is None


@pytest.mark.parametrize("by_path", [False, True])
def test_any_entry_can_be_the_baseline(single, by_path):
    wanted = str(single[1].members[0].path) if by_path else "b"
    found = compare(single, wanted)
    assert found.baseline == "b"
    assert found.lines[1].difference is None
    forward = compare(single).lines[1].difference.accuracy
    backward = found.lines[0].difference.accuracy
    assert backward.value == pytest.approx(-forward.value)
    assert backward.low == pytest.approx(-forward.high)


def test_an_unknown_baseline_is_refused(single):
    with pytest.raises(DataError, match="no baseline 'c'; choose one of a, b"):
        compare(single, "c")


def test_the_same_comparison_twice_is_the_same(pooled):
    first, again = compare(pooled), compare(pooled)
    assert first.lines[1].difference == again.lines[1].difference
