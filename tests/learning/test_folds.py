"""Repeated stratified folds, grouped by copies."""

from dataclasses import replace

import numpy as np
import pytest

from mimika.core.errors import DataError
from mimika.learning.folds import fold_count, plan_folds


def test_every_picture_judges_once_a_repeat_and_never_teaches_then(material):
    folds = list(plan_folds(material.pool, 4, 3, 7))
    assert len(folds) == 12
    for repeat in range(3):
        own = [fold for fold in folds if fold.repeat == repeat]
        judged = np.sort(np.concatenate([fold.judge for fold in own]))
        np.testing.assert_array_equal(judged, np.arange(24))
        assert {fold.seed for fold in own} == {7 + repeat}
        for fold in own:
            assert not set(fold.teach) & set(fold.judge)
            assert np.bincount(material.pool.labels[fold.judge]).tolist() == [3, 3]
    assert not np.array_equal(folds[0].judge, folds[4].judge)


def test_copies_stay_on_one_side(material):
    groups = material.pool.groups.copy()
    groups[:6] = groups[0]
    pool = replace(material.pool, groups=groups)
    for fold in plan_folds(pool, 4, 2, 1):
        assert len(set(fold.judge) & set(range(6))) in (0, 6)


def test_there_are_no_more_folds_than_the_smallest_class_fills(material):
    assert fold_count(material.pool, 5) == 5
    assert fold_count(material.pool, 40) == 12
    labels = np.array([0] * 21 + [1] * 3)
    assert fold_count(replace(material.pool, labels=labels), 5) == 3
    groups = np.array([*range(21), 30, 30, 30])
    pool = replace(material.pool, labels=labels, groups=groups)
    with pytest.raises(DataError, match="copies of one another"):
        fold_count(pool, 5)
