"""What pictures are to be answered with, by hand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from mimika.core.errors import DataError
from mimika.data.samples import TRAINING, Samples
from mimika.evaluation.predictions import Predictions, save_predictions
from mimika.training.config import Experiment
from mimika.training.targets import make_targets, taught_by

KEYS = ("angry", "happy", "sad")
ROWS = (7, 3, 9, 4)
CPU = torch.device("cpu")


@pytest.fixture
def training():
    """Four pictures of the classes 0, 1, 2, 1 in rows that are not in order."""
    return Samples(
        np.zeros((4, 48, 48), np.uint8),
        np.array([0, 1, 2, 1]),
        np.array([TRAINING] * 4),
        np.array(ROWS),
        "faces.csv",
    )


def experiment(**changes):
    values = {
        "name": "a",
        "data": "none",
        "backbone": "b",
        "epochs": 9,
        "learning_rate": 0.1,
        "label_smoothing": 0.0,
    }
    return Experiment.model_validate(values | changes)


@pytest.fixture
def votes(tmp_path):
    path = tmp_path / "votes.csv"
    path.write_text(
        "row,sadness,anger,happiness,contempt,NF\n"
        "4,1,0,4,5,0\n"
        "7,0,3,1,0,6\n"
        "9,0,0,0,2,8\n"  # nobody saw one of the classes
        "88,9,0,0,0,0\n"  # of no training picture
    )
    return str(path)


def teacher(probabilities, rows=ROWS, classes=KEYS):
    count = len(rows)
    return Predictions(
        np.array(probabilities, np.float32),
        np.full(count, -1),
        np.array(rows),
        tuple(classes),
        "Training",
        "sha256:0",
        "teacher",
        "sha256:1",
    )


@pytest.fixture
def save(tmp_path):
    def write(name, predictions):
        save_predictions(tmp_path / name, predictions)
        return str(tmp_path / name)

    return write


def test_labels_alone_are_smoothed_and_counted(training):
    found = make_targets(training, KEYS, experiment(label_smoothing=0.3))
    expected = [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8], [0.1, 0.8, 0.1]]
    assert torch.allclose(found.own, torch.tensor(expected))
    assert found.taught is None
    assert found.counts.tolist() == [1, 2, 1]


def test_a_class_without_pictures_has_a_count_of_zero(training):
    found = make_targets(training, (*KEYS, "neutral"), experiment())
    assert found.counts.tolist() == [1, 2, 1, 0]
    assert found.own.shape == (4, 4)


def test_votes_are_joined_by_row_and_take_their_share(training, votes):
    setting = experiment(label_smoothing=0.3, votes=votes, votes_share=0.25)
    found = make_targets(training, KEYS, setting).own
    expected = [
        [0.75 * 0.8 + 0.25 * 0.75, 0.75 * 0.1 + 0.25 * 0.25, 0.75 * 0.1],
        [0.1, 0.8, 0.1],  # not in the file
        [0.1, 0.1, 0.8],  # no votes for a class
        [0.75 * 0.1, 0.75 * 0.8 + 0.25 * 0.8, 0.75 * 0.1 + 0.25 * 0.2],
    ]
    assert torch.allclose(found, torch.tensor(expected), atol=1e-6)
    assert torch.allclose(found.sum(dim=1), torch.ones(4))


def test_votes_with_the_whole_share_replace_the_labels(training, votes):
    found = make_targets(training, KEYS, experiment(votes=votes, votes_share=1.0)).own
    expected = [[0.75, 0.25, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.8, 0.2]]
    assert torch.allclose(found, torch.tensor(expected))


def test_votes_can_speak_of_labels_that_go_with_them(tmp_path):
    """Raters who call each class by the next one's name are understood."""
    labels = np.arange(90) % 3
    pictures = Samples(
        np.zeros((90, 48, 48), np.uint8),
        labels,
        np.array([TRAINING] * 90),
        np.arange(90),
        "faces.csv",
    )
    lines = ["row,angry,happy,sad"]
    for row, label in enumerate(labels):
        counts = np.roll([9, 1, 0], label + 1) if row else (0, 0, 0)
        lines.append(",".join(map(str, [row, *counts])))
    path = tmp_path / "votes.csv"
    path.write_text("\n".join(lines))
    setting = experiment(votes=str(path), votes_share=0.5, votes_as="labels")
    found = make_targets(pictures, KEYS, setting).own
    assert found[0].tolist() == [1, 0, 0]  # nobody voted
    np.testing.assert_allclose(found[1:], np.eye(3)[labels[1:]], atol=0.05)
    plain = experiment(votes=str(path), votes_share=1.0)
    cast = make_targets(pictures, KEYS, plain).own
    assert cast.argmax(dim=1)[1:].tolist() == ((labels[1:] + 1) % 3).tolist()


def test_votes_for_other_pictures_are_refused(training, tmp_path):
    path = tmp_path / "votes.csv"
    path.write_text("row,sad,angry,happy\n55,1,0,0\n")
    with pytest.raises(DataError, match="none of its rows"):
        make_targets(training, KEYS, experiment(votes=str(path), votes_share=0.5))


def test_a_teachers_classes_are_matched_by_name(training):
    known = teacher(
        [[0.1, 0.2, 0.7], [0.3, 0.3, 0.4], [0.5, 0.4, 0.1], [0.0, 1.0, 0.0]],
        classes=("sad", "angry", "happy"),
    )
    found = taught_by(known, Path("t.npz"), training, KEYS)
    expected = [[0.2, 0.7, 0.1], [0.3, 0.4, 0.3], [0.4, 0.1, 0.5], [1.0, 0.0, 0.0]]
    assert found.tolist() == np.array(expected, np.float32).tolist()


def test_a_teachers_pictures_are_matched_by_row(training):
    rows = (9, 100, 4, 3, 7)
    known = teacher([[k / 10, 1 - k / 10, 0.0] for k in range(5)], rows)
    found = taught_by(known, Path("t.npz"), training, KEYS)
    assert found[:, 0].tolist() == pytest.approx([0.4, 0.3, 0.0, 0.2])


def test_pictures_that_a_teacher_does_not_know_are_named(training):
    known = teacher([[1.0, 0.0, 0.0]] * 2, rows=(7, 4))
    message = r"t\.npz: says nothing about 2 of the 4 .* first in row 3; predict"
    with pytest.raises(DataError, match=message):
        taught_by(known, Path("t.npz"), training, KEYS)


@pytest.mark.parametrize("classes", [("angry", "happy", "fear"), ("angry", "happy")])
def test_a_teacher_of_other_classes_is_refused(training, classes):
    known = teacher(np.full((4, len(classes)), 1 / len(classes)), classes=classes)
    message = f"classes {', '.join(classes)}; expected angry, happy, sad"
    with pytest.raises(DataError, match=message):
        taught_by(known, Path("t.npz"), training, KEYS)


def test_a_row_number_of_two_pictures_cannot_be_matched(training):
    both = teacher([[1.0, 0.0, 0.0]] * 5, rows=(7, 3, 9, 4, 3))
    with pytest.raises(DataError, match="several pictures, there or in faces"):
        taught_by(both, Path("t.npz"), training, KEYS)
    joined = training.take(np.array([0, 1, 1]))
    with pytest.raises(DataError, match="several pictures"):
        taught_by(teacher([[1.0, 0.0, 0.0]] * 4), Path("t.npz"), joined, KEYS)


def test_several_teachers_are_averaged_and_softened(training, save):
    first = save("a.npz", teacher([[0.8, 0.1, 0.1]] * 4))
    other = save("b.npz", teacher([[0.2, 0.6, 0.2]] * 4, (3, 4, 7, 9)))
    setting = experiment(
        teachers=[first, other], teachers_share=0.5, teachers_temperature=2.0
    )
    found = make_targets(training, KEYS, setting).taught
    roots = np.sqrt([0.5, 0.35, 0.15])  # the softmax of halved logits
    expected = np.tile(roots / roots.sum(), (4, 1))
    assert found.dtype == torch.float32
    np.testing.assert_allclose(found, expected, atol=1e-3)  # kept as float16


def test_what_teachers_were_learned_from_is_passed_on(training, save):
    first = teacher([[0.8, 0.1, 0.1]] * 4)
    files = [
        save("a.npz", replace(first, sources="faces; votes")),
        save("b.npz", first),
    ]
    setting = experiment(teachers=files, teachers_share=0.5)
    found = make_targets(training, KEYS, setting).teachers
    assert found == "a.npz, from faces, votes; b.npz"


def test_a_teacher_that_is_not_there_is_named(training, tmp_path):
    file = str(tmp_path / "gone.npz")
    with pytest.raises(DataError, match=r"gone\.npz"):
        make_targets(training, KEYS, experiment(teachers=[file], teachers_share=0.5))


def test_a_batch_gets_its_own_targets_and_the_teachers_if_there_are_any(training, save):
    batch = torch.tensor([3, 0])
    plain = make_targets(training, KEYS, experiment())
    (own,) = plain.of(batch, CPU)
    assert own.tolist() == [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    file = save("a.npz", teacher([[k / 4, 1 - k / 4, 0.0] for k in range(4)]))
    taught = make_targets(
        training, KEYS, experiment(teachers=[file], teachers_share=0.5)
    )
    own, soft = taught.of(batch, CPU)
    assert own.tolist() == [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    np.testing.assert_allclose(soft, [[0.75, 0.25, 0], [0, 1, 0]], atol=1e-3)
