"""Single pictures, and their random numbers."""

import os
import pickle
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, Dataset

from mimika.augmentation import pipeline
from mimika.augmentation.pipeline import Augmenter
from mimika.augmentation.policies import parse_policy
from mimika.augmentation.transforms import ALLOWED, Step
from mimika.core.errors import ConfigError

NAMES = ["none", "flips", "simple", "rich"]


class Faces(Dataset):
    """Twelve copies of a picture, each changed as its own row."""

    def __init__(self, face, augment):
        self.face, self.augment = face, augment

    def __len__(self):
        return 12

    def __getitem__(self, row):
        return torch.from_numpy(self.augment(self.face, seed=5, epoch=2, row=row))


# newer Pythons warn of a fork beside threads, which the pictures do not use
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.parametrize("name", ["flips", "rich"])
def test_the_number_of_workers_changes_nothing(name, face):
    faces = Faces(face, parse_policy(name).build(48))
    batches = []
    for workers in (0, 1, 2):
        context = "fork" if workers else None
        loader = DataLoader(
            faces, 5, num_workers=workers, multiprocessing_context=context
        )
        batches.append(torch.cat(list(loader)))
    assert torch.equal(batches[0], batches[1])
    assert torch.equal(batches[0], batches[2])
    assert len({picture.numpy().tobytes() for picture in batches[0]}) > 2


@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_sent_to_another_process(name, face):
    augment = parse_policy(name).build(48)
    augment(face, seed=0, epoch=0, row=0)
    copy = pickle.loads(pickle.dumps(augment))  # noqa: S301  # our own bytes
    for row in range(5):
        here = augment(face, seed=1, epoch=1, row=row)
        assert np.array_equal(copy(face, seed=1, epoch=1, row=row), here)


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_depends_on_seed_epoch_and_row_alone(name, face):
    first, second = (parse_policy(name).build(48) for _ in range(2))
    rows = list(range(20))
    there = [first(face, seed=7, epoch=3, row=row) for row in rows]
    back = [second(face, seed=7, epoch=3, row=row) for row in reversed(rows)]
    assert all(map(np.array_equal, there, reversed(back)))


@pytest.mark.parametrize("changed", ["seed", "epoch", "row"])
def test_each_of_the_three_numbers_matters(changed, face):
    augment = parse_policy("simple").build(48)
    numbers = {"seed": 3, "epoch": 3, "row": 3}
    pictures = {
        augment(face, **numbers | {changed: value}).tobytes() for value in range(30)
    }
    assert len(pictures) == 30


def test_seed_epoch_and_row_are_not_taken_for_each_other(face):
    augment = parse_policy("simple").build(48)
    places = [(1, 2, 3), (1, 3, 2), (2, 1, 3), (2, 3, 1), (3, 1, 2), (3, 2, 1)]
    pictures = {augment(face, seed=s, epoch=e, row=r).tobytes() for s, e, r in places}
    assert len(pictures) == 6


def test_two_flips_of_the_same_probability_are_independent(face):
    kinds = {
        face.tobytes(): "none",
        face[:, ::-1].tobytes(): "columns",
        face[::-1].tobytes(): "rows",
        face[::-1, ::-1].tobytes(): "both",
    }
    augment = parse_policy("flips").build(48)
    found = Counter(
        kinds[augment(face, seed=0, epoch=0, row=row).tobytes()] for row in range(2000)
    )
    # 500 of each expected, with a deviation of 19
    assert all(400 < found[kind] < 600 for kind in kinds.values())


def test_neighbouring_rows_and_epochs_draw_independent_numbers(face):
    augment = parse_policy([{"name": "HorizontalFlip"}]).build(48)
    flipped = np.array(
        [
            [not np.array_equal(augment(face, seed=0, epoch=e, row=r), face)]
            for e in range(40)
            for r in range(40)
        ]
    ).reshape(40, 40)
    assert abs(flipped.mean() - 0.5) < 0.05
    assert abs((flipped[1:] == flipped[:-1]).mean() - 0.5) < 0.05
    assert abs((flipped[:, 1:] == flipped[:, :-1]).mean() - 0.5) < 0.05


def test_later_numbers_of_a_row_are_not_the_first_ones_of_the_next(face):
    # four numbers are a block of Philox, by which a counter rises
    two = {"name": "RandomBrightnessContrast", "p": 1}
    two |= {"brightness_limit": [0, 0], "contrast_limit": [0, 0]}
    early = parse_policy([{"name": "HorizontalFlip"}]).build(48)
    late = parse_policy([two, two, {"name": "HorizontalFlip"}]).build(48)
    agree = [
        np.array_equal(
            early(face, seed=0, epoch=0, row=row + 1),
            late(face, seed=0, epoch=0, row=row),
        )
        for row in range(400)
    ]
    assert 0.4 < np.mean(agree) < 0.6


@pytest.mark.parametrize("name", NAMES)
def test_the_given_picture_stays_and_the_answer_is_a_copy(name, face):
    given = face.copy()
    augment = parse_policy(name).build(48)
    for row in range(30):
        changed = augment(given, seed=0, epoch=0, row=row)
        changed[:] = 0
    assert np.array_equal(given, face)


def test_the_random_state_of_numpy_and_python_is_left_alone(face):
    import random

    before = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002  # the global state is what is tested
    augment = parse_policy("rich").build(48)
    for row in range(20):
        augment(face, seed=0, epoch=0, row=row)
    assert before[0] == random.getstate()
    assert before[1] == np.random.get_state()[1].tolist()  # noqa: NPY002  # as above


@pytest.mark.parametrize("shape", [(47, 48), (48, 48, 3), (1, 1)])
def test_a_picture_of_another_size_is_refused(shape):
    augment = parse_policy("simple").build(48)
    with pytest.raises(ValueError, match=r"expected a uint8 picture \(48, 48\)"):
        augment(np.zeros(shape, np.uint8), seed=0, epoch=0, row=0)


@pytest.mark.parametrize("row", [-1, 2**32])
def test_a_number_out_of_range_is_refused(row, face):
    with pytest.raises(ValueError, match="expected seed, epoch and row"):
        parse_policy("none").build(48)(face, seed=0, epoch=0, row=row)


@pytest.mark.parametrize("size", [16, 96])
def test_other_sizes_work(size):
    picture = np.random.default_rng(0).integers(0, 256, (size, size), np.uint8)
    policy = parse_policy([{"name": "RandomResizedCrop", "p": 1}, {"name": "Affine"}])
    for row in range(10):
        changed = policy.build(size)(picture, seed=0, epoch=0, row=row)
        assert changed.shape == (size, size)


def test_a_changed_perspective_leaves_the_face_in_the_middle():
    spot = np.zeros((48, 48), np.uint8)
    spot[22:26, 22:26] = 240
    policy = parse_policy([{"name": "Perspective", "scale": [0.06, 0.06], "p": 1}])
    augment = policy.build(48)

    places = []
    for row in range(300):
        changed = augment(spot, seed=0, epoch=0, row=row).astype(float)
        rows, columns = np.mgrid[:48, :48]
        weight = changed / changed.sum()
        places.append([(weight * rows).sum(), (weight * columns).sum()])
    assert np.abs(np.mean(places, axis=0) - 23.5).max() < 0.5


def test_what_the_library_refuses_is_an_error_of_ours():
    wrong = Step("RandomGamma", 0.5, (("gamma_limit", (80, 120)), ("gama", (1, 2))))
    with pytest.raises(ConfigError, match=r"refuses a transform.*gama"):
        Augmenter([wrong], 48)


def test_a_missing_library_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "albumentations", None)
    parse_policy("none").build(48)
    with pytest.raises(ConfigError, match=r'pip install "mimika\[train\]"'):
        parse_policy("flips").build(48)


def test_the_library_is_imported_when_it_is_needed_and_asks_no_server():
    program = (
        "import sys, socket\n"
        "def refuse(*a, **k): raise SystemExit('a socket was opened')\n"
        "socket.socket.connect = refuse\n"
        "from mimika.augmentation.policies import parse_policy\n"
        "assert not {'albumentations', 'torch'} & set(sys.modules)\n"
        "parse_policy('flips').build(48)\n"
        "assert 'albumentations' in sys.modules"
    )
    environment = {k: v for k, v in os.environ.items() if "ALBUMENTATIONS" not in k}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)


def test_every_fixed_value_belongs_to_an_allowed_transform():
    assert pipeline.FIXED.keys() <= ALLOWED.keys()
    for name, fixed in pipeline.FIXED.items():
        assert not fixed.keys() & ALLOWED[name].keys()
