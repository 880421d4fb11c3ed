"""From an analysed data set to what is learned from."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mimika.core.errors import DataError, ModelError
from mimika.core.tasks import EMOTION
from mimika.data.duplicates import Duplicates
from mimika.learning.photographs import (
    class_counts,
    gather,
    groups_of,
    key_of,
    name_of,
)


def test_training_pictures_and_held_out_ones_are_parted(material):
    assert (len(material.pool), [len(test) for test in material.tests]) == (24, [6])
    assert class_counts(material.pool.labels, material.task) == [
        ("Round", 12),
        ("Square", 12),
    ]
    assert all("train" in path.parts for path in material.pool.paths)
    assert material.pool.longest_px == 80
    assert len(np.unique(material.pool.groups)) == 24
    assert len({material.pool.digest(), material.tests[0].digest()}) == 2


def test_pictures_that_all_look_alike_are_grouped_by_exact_copies():
    near, exact = np.array([0, 0, 0, 0, 4, 5]), np.array([0, 0, 2, 3, 4, 5])
    kinds = np.array(["exact"])
    pairs, none = np.zeros((1, 2), int), np.zeros(6, bool)
    found = Duplicates(near, exact, pairs, np.ones(1, np.float32), kinds, none)
    assert groups_of(found)[0] is near
    alike = replace(found, groups=np.zeros(6, int))
    assert groups_of(alike) == (exact, False)


def test_classes_need_two_pictures_each(tmp_path, analysed, draw_folder):
    root = draw_folder(tmp_path / "a", {"round": 4, "square": 1})
    with pytest.raises(DataError, match=r"too few pictures of Square \(1\)"):
        gather(*analysed(root), "a")
    root = draw_folder(tmp_path / "b", {"round": 4})
    with pytest.raises(DataError, match=r"a single class \(round\)"):
        gather(*analysed(root), "b")


def test_folders_of_all_emotions_are_that_task(tmp_path, analysed, draw_folder):
    root = draw_folder(tmp_path / "faces", dict.fromkeys(EMOTION.keys, 2))
    assert gather(*analysed(root), "faces").task is EMOTION
    root = draw_folder(tmp_path / "two", {"round": 2, "square": 2})
    with pytest.raises(ModelError, match="task 'emotion' has the classes"):
        gather(*analysed(root), "emotion")


def test_classes_that_differ_in_signs_alone_are_refused(
    tmp_path, analysed, draw_folder
):
    root = draw_folder(tmp_path / "a", {"round-1": 2, "round 1": 2})
    with pytest.raises(DataError, match="several class folders are called round_1"):
        gather(*analysed(root), "a")


def test_names_become_keys():
    assert key_of(" Small Parts-2 ") == "small_parts_2"
    assert key_of("größe") == "größe"
    assert key_of("!!") == "class"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("/x/ants_bees/train", "ants_bees"),
        ("/x/My Parts", "my_parts"),
        ("/data/train", "task"),
    ],
)
def test_a_task_is_called_after_its_data(data, name):
    assert name_of(Path(data)) == name
