from dataclasses import replace

import numpy as np
import pytest

from mimika.analysis.leakage import measure_copies, members_of_groups
from mimika.data.duplicates import find_duplicates
from mimika.data.samples import PRIVATE_TEST, PUBLIC_TEST, TRAINING


@pytest.fixture(scope="module")
def copied(drawn):
    """Known copies: 0=91 across, 1=2 inside with other labels, 3 mirrored as 92."""
    images, labels = drawn.images.copy(), drawn.labels.copy()
    splits = np.array([TRAINING] * 90 + [PUBLIC_TEST] * 20 + [PRIVATE_TEST] * 10)
    images[91], labels[91] = images[0], labels[0]
    images[2] = images[1]
    images[92], labels[92] = images[3, :, ::-1], labels[3]
    images[115] = images[4]
    labels[110:] = -1
    return replace(drawn, images=images, labels=labels, splits=splits)


def test_known_copies_give_known_figures(copied):
    found = measure_copies(copied, find_duplicates(copied.images))
    assert (found.exact.groups, found.exact.pictures, found.exact.redundant) == (
        3,
        6,
        3,
    )
    assert found.exact.conflicting == 1
    assert found.near.groups == 4
    public, private = found.splits
    assert (public.split, public.exact, public.near) == (PUBLIC_TEST, 1, 2)
    assert (private.split, private.exact, private.near) == (PRIVATE_TEST, 1, 1)
    assert {tuple(group.tolist()) for group in found.across} == {
        (0, 91),
        (3, 92),
        (4, 115),
    }
    assert [group.tolist() for group in found.conflicts] == [[1, 2]]
    assert [pair.tolist() for pair in found.changed] == [[3, 92]]


def test_leakage_by_class_counts_labelled_pictures_only(copied):
    public, private = measure_copies(copied, find_duplicates(copied.images)).splits
    members = (copied.labels == 0) & (copied.splits == PUBLIC_TEST)
    assert public.by_class[0] == pytest.approx(1 / members.sum())
    assert private.by_class == (None,) * 7


def test_a_label_beside_no_label_is_no_conflict(copied):
    found = measure_copies(copied, find_duplicates(copied.images))
    assert found.exact.labelled == 2


def test_groups_come_with_the_largest_first():
    groups = members_of_groups(np.array([0, 1, 2, 1, 3, 2, 2]))
    assert [group.tolist() for group in groups] == [[2, 5, 6], [1, 3]]
    assert members_of_groups(np.arange(3)) == []
