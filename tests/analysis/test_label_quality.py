from dataclasses import replace

import numpy as np
import pytest

from mimika.analysis.features import describe_pictures
from mimika.analysis.label_quality import confident_joint, judge_labels, rank


def silent(share):
    pass


def joint_by_loops(shares, labels):
    """The paper's definition, one picture at a time."""
    width = shares.shape[1]
    limits = [shares[labels == k, k].mean() for k in range(width)]
    joint = np.zeros((width, width), int)
    for row, label in zip(shares, labels, strict=True):
        over = [k for k in range(width) if row[k] >= limits[k]]
        if over:
            joint[label, max(over, key=lambda k: row[k])] += 1
    return joint


def test_the_confident_joint_is_that_of_the_paper():
    rng = np.random.default_rng(1)
    shares = rng.dirichlet(np.ones(4), 200).astype(np.float32)
    labels = rng.integers(0, 4, 200)
    joint, counted = confident_joint(shares, labels)
    assert (joint == joint_by_loops(shares.astype(np.float64), labels)).all()
    assert (counted >= 0).sum() == joint.sum()


def test_suspects_are_ranked_by_the_margin():
    shares = np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.1, 0.9]], np.float32)
    labels, counted = np.array([0, 0, 0, 1]), np.array([0, 1, 1, 1])
    assert rank(shares, labels, counted).tolist() == [1, 2]


def test_swapped_labels_come_first(draw):
    true = np.arange(210) % 7
    pictures = draw(true)
    labels = true.copy()
    swapped = [3, 50, 100, 150, 200]
    labels[swapped] = (labels[swapped] + 3) % 7
    wrong = replace(pictures, labels=labels)
    features = describe_pictures(pictures.images, 0, silent)
    found = judge_labels(wrong, features, np.arange(210), 0, silent)
    assert found.accuracy > 0.8
    assert set(swapped) <= set(found.suspects[:8].tolist())
    first = int(found.suspects[0])
    assert found.suggested[0] == true[first]
    assert found.given_share[0] < found.suggested_share[0]


def test_rare_classes_and_unlabelled_pictures_are_left_out(draw):
    pictures = draw([0] * 20 + [1] * 20 + [2] * 3 + [-1] * 5)
    features = describe_pictures(pictures.images, 0, silent)
    found = judge_labels(pictures, features, np.arange(48), 0, silent)
    assert found.classes == (0, 1)
    assert found.judged.max() < 40
    assert "Fear" in found.left_out


@pytest.mark.parametrize("labels", [[-1] * 12, [0] * 30, [0] * 9 + [1] * 9])
def test_without_two_classes_nothing_is_judged(draw, labels):
    pictures = draw(labels)
    features = describe_pictures(pictures.images, 0, silent)
    assert judge_labels(pictures, features, np.arange(len(labels)), 0, silent) is None
