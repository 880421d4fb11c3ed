import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from mimika.core.errors import ConfigError, DataError
from mimika.data.duplicates import Duplicates
from mimika.data.splits import by_usage, clean, holdout, kfold

Integers = NDArray[np.int64]
Labelled = tuple[Integers, Integers]

SEEDS = st.integers(0, 2**31 - 1)
FOLDS = st.integers(2, 7)
SHARES = st.floats(0.05, 0.95)


@st.composite
def grouped(draw: st.DrawFn) -> Labelled:
    """Labels and groups of any kind, in any order, with any numbers."""
    size = draw(st.integers(1, 120))
    labels = draw(st.lists(st.integers(-1, 4), min_size=size, max_size=size))
    groups = draw(st.lists(st.integers(-9, 60), min_size=size, max_size=size))
    return np.array(labels), np.array(groups) * 7


@st.composite
def with_few_copies(draw: st.DrawFn, parts: int) -> Labelled:
    """Labels and groups where, of no class, copies alone could fill a part.

    In each class the pictures of groups of two and more are fewer than its share of a
    part, so that the lone pictures can always even it out.
    """
    labels: list[int] = []
    groups: list[int] = []
    copies = draw(
        st.lists(
            st.lists(st.integers(0, 3), min_size=2, max_size=4), min_size=0, max_size=5
        )
    )
    for group, members in enumerate(copies):
        labels += members
        groups += [group] * len(members)
    for name in range(4):
        alone = labels.count(name) * (parts - 1) + draw(st.integers(0, 15))
        labels += [name] * alone
        groups += range(len(groups), len(groups) + alone)
    order = draw(st.randoms(use_true_random=False))
    both = list(zip(labels, groups, strict=True))
    order.shuffle(both)
    shuffled = np.array(both, int).reshape(-1, 2)
    return shuffled[:, 0], shuffled[:, 1]


def straddling(part: Integers, groups: Integers) -> list[int]:
    return [
        int(group)
        for group in np.unique(groups)
        if len(np.unique(part[groups == group])) > 1
    ]


@given(grouped(), FOLDS, SEEDS)
@settings(max_examples=200, deadline=None)
def test_every_picture_is_in_one_fold_and_no_group_straddles(
    data: Labelled, folds: int, seed: int
) -> None:
    labels, groups = data
    if len(np.unique(groups)) < folds:
        with pytest.raises(DataError, match=f"cannot fill {folds} folds"):
            kfold(labels, groups, folds, seed)
        return
    fold = kfold(labels, groups, folds, seed)
    assert fold.shape == labels.shape
    assert sorted(set(fold.tolist())) == list(range(folds))  # none is empty
    assert straddling(fold, groups) == []


@given(grouped(), SHARES, SEEDS)
@settings(max_examples=200, deadline=None)
def test_a_holdout_never_parts_a_group(data: Labelled, share: float, seed: int) -> None:
    labels, groups = data
    try:
        held = holdout(labels, groups, share, seed)
    except DataError:
        assume(False)  # too few pictures, or too large groups, for such a share
    assert held.dtype == np.bool_
    assert 0 < held.sum() < len(labels)
    assert straddling(held.astype(int), groups) == []


@given(st.data(), st.integers(2, 5), SEEDS)
@settings(max_examples=200, deadline=None)
def test_each_fold_has_its_share_of_every_class_within_a_picture(
    data: st.DataObject, folds: int, seed: int
) -> None:
    labels, groups = data.draw(with_few_copies(folds))
    if len(np.unique(groups)) < folds:
        return
    fold = kfold(labels, groups, folds, seed)
    for name in np.unique(labels):
        counts = np.bincount(fold[labels == name], minlength=folds)
        assert np.abs(counts - counts.sum() / folds).max() < 1 + 1e-4


@given(st.data(), st.integers(2, 6), SEEDS)
@settings(max_examples=200, deadline=None)
def test_a_holdout_has_its_share_of_every_class_within_a_picture(
    data: st.DataObject, parts: int, seed: int
) -> None:
    labels, groups = data.draw(with_few_copies(parts))
    if len(labels) < 2 * parts * 4:
        return
    held = holdout(labels, groups, 1 / parts, seed)
    for name in np.unique(labels):
        of_class = labels == name
        assert abs(held[of_class].sum() - of_class.sum() / parts) < 1 + 1e-4


def test_folds_of_lone_pictures_are_as_even_as_can_be() -> None:
    labels = np.random.default_rng(0).integers(0, 7, 1003)
    fold = kfold(labels, np.arange(1003), 5, seed=3)
    sizes = np.bincount(fold)
    assert sizes.max() - sizes.min() <= 1
    for name in range(7):
        counts = np.bincount(fold[labels == name], minlength=5)
        assert counts.max() - counts.min() <= 1


def test_many_small_classes_add_up_to_the_share() -> None:
    labels = np.repeat(np.arange(100), 4)
    held = holdout(labels, np.arange(400), 0.1, seed=0)
    assert held.sum() == 40
    assert np.bincount(labels[held]).max() == 1
    assert holdout(np.arange(10) // 2, np.arange(10), 0.1, seed=0).sum() == 1


@given(st.lists(st.integers(0, 6), min_size=10, max_size=150), FOLDS, SEEDS, st.data())
@settings(max_examples=200, deadline=None)
def test_parts_of_lone_pictures_differ_by_one_picture_at_most(
    names: list[int], folds: int, seed: int, data: st.DataObject
) -> None:
    labels, groups = np.array(names), np.arange(len(names))
    sizes = np.bincount(kfold(labels, groups, folds, seed), minlength=folds)
    assert sizes.max() - sizes.min() <= 1
    share = data.draw(st.floats(2 / len(names), 0.8))
    held = holdout(labels, groups, share, seed)
    assert abs(held.sum() - share * len(names)) < 1


def test_the_seed_alone_decides() -> None:
    labels = np.random.default_rng(0).integers(0, 3, 90)
    groups = np.random.default_rng(1).integers(0, 60, 90)
    first = kfold(labels, groups, 4, seed=1)
    assert first.tolist() == kfold(labels, groups, 4, seed=1).tolist()
    assert first.tolist() != kfold(labels, groups, 4, seed=2).tolist()
    held = holdout(labels, groups, 0.2, seed=1)
    assert held.tolist() == holdout(labels, groups, 0.2, seed=1).tolist()
    assert held.tolist() != holdout(labels, groups, 0.2, seed=2).tolist()


def test_the_names_of_groups_and_classes_do_not_matter() -> None:
    labels = np.random.default_rng(0).integers(0, 3, 90)
    groups = np.random.default_rng(1).integers(0, 60, 90)
    plain = kfold(labels, groups, 4, seed=1)
    assert plain.tolist() == kfold(labels * 5 - 1, groups * 3 - 9, 4, seed=1).tolist()


@pytest.mark.parametrize("seed", range(5))
def test_folds_are_no_less_even_than_those_of_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels = rng.choice(7, 2000, p=[0.14, 0.02, 0.14, 0.25, 0.17, 0.11, 0.17])
    groups = np.where(rng.random(2000) < 0.3, rng.integers(0, 150, 2000), 0)
    groups = np.where(groups > 0, groups, np.arange(2000) + 150)
    theirs = np.empty(2000, int)
    splitter = StratifiedGroupKFold(5, shuffle=True, random_state=seed)
    for number, (_, places) in enumerate(splitter.split(labels, labels, groups)):
        theirs[places] = number
    ours = kfold(labels, groups, 5, seed)

    def unevenness(fold: Integers) -> float:
        table = np.zeros((5, 7))
        np.add.at(table, (fold, labels), 1)
        return float(np.abs(table - table.mean(axis=0)).max())

    assert unevenness(ours) <= unevenness(theirs)
    assert unevenness(ours) < 1


def test_a_class_of_one_picture_is_in_one_fold() -> None:
    labels = np.array([0] * 10 + [1])
    fold = kfold(labels, np.arange(11), 3, seed=0)
    assert 0 <= fold[10] < 3
    assert not holdout(labels, np.arange(11), 0.2, seed=0)[10]


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, 7.0, float("nan")])
def test_an_impossible_share_is_refused(share: float) -> None:
    with pytest.raises(ConfigError, match="expected one between 0 and 1"):
        holdout(np.zeros(4, int), np.arange(4), share, 0)


def test_ten_thousand_classes_are_parted_in_no_time() -> None:
    labels = np.arange(30_000) // 3
    held = holdout(labels, np.arange(30_000), 1 / 3, seed=0)
    assert np.bincount(labels[held]).tolist() == [1] * 10_000


def test_one_fold_is_refused() -> None:
    with pytest.raises(ConfigError, match="1 folds; expected at least 2"):
        kfold(np.zeros(4, int), np.arange(4), 1, 0)


def test_copies_of_a_single_picture_cannot_be_parted() -> None:
    with pytest.raises(DataError, match="4 pictures in 1 groups of copies cannot"):
        holdout(np.zeros(4, int), np.zeros(4, int), 0.5, 0)
    with pytest.raises(DataError, match="in 0 groups"):
        holdout(np.zeros(0, int), np.zeros(0, int), 0.5, 0)


def test_labels_and_groups_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="3 labels, but 4 groups"):
        kfold(np.zeros(3, int), np.arange(4), 2, 0)


SPLITS = np.array(["PublicTest", "Training", "PublicTest", "PrivateTest", "Training"])


def test_splits_by_usage_come_in_their_order() -> None:
    parts = by_usage(SPLITS)
    assert {name: places.tolist() for name, places in parts.items()} == {
        "PublicTest": [0, 2],
        "Training": [1, 4],
        "PrivateTest": [3],
    }
    assert list(parts) == ["PublicTest", "Training", "PrivateTest"]


def test_a_clean_subset_is_without_copies_of_training() -> None:
    found = Duplicates(
        groups=np.array([0, 0, 2, 3, 4]),
        exact_groups=np.arange(5),
        pairs=np.array([[0, 1]]),
        similarity=np.ones(1, np.float32),
        kinds=np.array(["shifted"]),
        blank=np.zeros(5, bool),
    )
    assert clean(found, SPLITS, "PublicTest").tolist() == [2]
    assert clean(found, SPLITS, "PrivateTest").tolist() == [3]
    assert clean(found, SPLITS, "Training", against="PublicTest").tolist() == [4]
