"""Mixup and cutmix, on batches whose mixtures can be read off."""

import numpy as np
import pytest
import torch
from scipy.stats import kstest

from mimika.training.config import Experiment
from mimika.training.mixing import Mixing, cut_box, make_mixing

COUNT, SIDE = 5, 16


@pytest.fixture
def images():
    """Each picture holds its number everywhere."""
    numbers = torch.arange(COUNT, dtype=torch.float32)[:, None, None, None]
    return numbers.expand(COUNT, 3, SIDE, SIDE).clone()


@pytest.fixture
def targets():
    return [torch.eye(COUNT), torch.full((COUNT, COUNT), 0.1) + torch.eye(COUNT) / 2]


def mixed(images, targets, seed=0, mixup=0.0, cutmix=0.0):
    generator = torch.Generator().manual_seed(seed)
    return Mixing(mixup, cutmix)(images, targets, generator)


def is_cut(images):
    return len(images[0].unique()) > 1


def shares_of(images, targets, **alphas):
    """Share of the first picture in batches of 400 seeds."""
    return [
        float(mixed(images, targets, seed, **alphas)[1][0][0, 0]) for seed in range(400)
    ]


def test_mixup_mixes_pictures_and_targets_by_the_same_share(images, targets):
    for seed in range(20):
        found, (first, second) = mixed(images, targets, seed, mixup=0.4)
        share = first[0, 0]
        numbers = torch.arange(COUNT, dtype=torch.float32)
        expected = share * numbers + (1 - share) * numbers.flip(0)
        whole = expected[:, None, None, None].expand_as(found)
        assert torch.allclose(found, whole, atol=1e-5)
        opposite = share * torch.eye(COUNT) + (1 - share) * torch.eye(COUNT).flip(0)
        assert torch.allclose(first, opposite, atol=1e-6)
        assert torch.allclose(second, 0.1 + opposite / 2, atol=1e-6)


def test_a_cut_mixes_targets_by_the_area_of_the_rectangle(images, targets):
    for seed in range(20):
        found, (first, _) = mixed(images, targets, seed, cutmix=1.0)
        for number, picture in enumerate(found):
            opposite = COUNT - 1 - number
            assert set(picture.unique().tolist()) <= {number, opposite}
            assert torch.equal(picture[0], picture[1])
            own = float((picture[0] == number).float().mean())
            assert float(first[number, number]) == pytest.approx(own)
        strange = found[0, 0] != 0
        rows, columns = strange.any(dim=1).sum(), strange.any(dim=0).sum()
        assert int(strange.sum()) == int(rows * columns)


def test_the_middle_of_an_odd_batch_is_paired_with_itself(images, targets):
    for alphas in ({"mixup": 1.0}, {"cutmix": 1.0}):
        found, (first, _) = mixed(images, targets, 1, **alphas)
        assert torch.allclose(found[2], images[2])
        assert torch.allclose(first[2], targets[0][2])


def test_all_targets_stay_shares(images, targets):
    for seed in range(20):
        _, found = mixed(images, targets, seed, mixup=0.2, cutmix=1.0)
        for before, after in zip(targets, found, strict=True):
            assert torch.allclose(after.sum(dim=1), before.sum(dim=1))
            assert bool((after >= 0).all())


def test_off_it_gives_back_what_came_and_draws_nothing(images, targets):
    generator = torch.Generator().manual_seed(3)
    before = generator.get_state()
    found, same = Mixing(0.0, 0.0)(images, targets, generator)
    assert found is images
    assert same is targets
    assert torch.equal(generator.get_state(), before)


@pytest.mark.parametrize("alphas", [{"mixup": 0.4}, {"cutmix": 1.0}])
def test_what_came_stays_as_it_was(images, targets, alphas):
    kept, kept_targets = images.clone(), [t.clone() for t in targets]
    mixed(images, targets, **alphas)
    assert torch.equal(images, kept)
    assert all(torch.equal(a, b) for a, b in zip(targets, kept_targets, strict=True))


def test_with_both_each_batch_takes_one_of_them_by_lot(images, targets):
    cuts = [
        is_cut(mixed(images, targets, seed, mixup=1.0, cutmix=1.0)[0])
        for seed in range(200)
    ]
    assert 70 < sum(cuts) < 130


@pytest.mark.parametrize("alpha", [0.2, 1.0, 4.0])
def test_mixups_shares_are_drawn_from_its_beta_distribution(images, targets, alpha):
    shares = shares_of(images, targets, mixup=alpha)
    assert kstest(shares, "beta", args=(alpha, alpha)).pvalue > 0.01


def test_only_the_generator_decides(images, targets):
    state, torchs = np.random.get_state()[1].copy(), torch.random.get_rng_state()  # noqa: NPY002  the state that must not move
    alphas = {"mixup": 0.4, "cutmix": 1.0}
    for seed in range(8):
        first, again = (mixed(images, targets, seed, **alphas) for _ in range(2))
        assert torch.equal(first[0], again[0])
        assert torch.equal(first[1][0], again[1][0])
    assert not torch.equal(
        mixed(images, targets, 1, mixup=0.4)[0], mixed(images, targets, 2, mixup=0.4)[0]
    )
    assert np.array_equal(np.random.get_state()[1], state)  # noqa: NPY002  the state that must not move
    assert torch.equal(torch.random.get_rng_state(), torchs)


def test_a_batch_after_another_is_mixed_otherwise(images, targets):
    generator = torch.Generator().manual_seed(0)
    mixing = Mixing(1.0, 0.0)
    first, second = (mixing(images, targets, generator)[0] for _ in range(2))
    assert not torch.equal(first, second)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9])
def test_away_from_the_borders_a_box_has_the_other_share_of_the_area(share):
    rng = np.random.default_rng(0)
    inside = 0
    for _ in range(1000):
        top, bottom, left, right = cut_box((48, 96), share, rng)
        assert 0 <= top <= bottom <= 48
        assert 0 <= left <= right <= 96
        if min(top, left) > 0 and bottom < 48 and right < 96:
            inside += 1
            assert abs((bottom - top) - 48 * (1 - share) ** 0.5) <= 1
            assert abs((right - left) - 96 * (1 - share) ** 0.5) <= 1
    assert inside > 0


def test_at_the_borders_a_box_is_cut_but_its_centre_lies_in_the_picture():
    rng = np.random.default_rng(1)
    boxes = np.array([cut_box((48, 48), 0.0, rng) for _ in range(500)])
    areas = (boxes[:, 1] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 2])
    assert areas.max() <= 48 * 48
    assert areas.min() >= 24 * 24  # a centre in a corner leaves a quarter


def test_a_box_of_no_area_cuts_nothing():
    top, bottom, left, right = cut_box((48, 48), 1.0, np.random.default_rng(2))
    assert (bottom - top) * (right - left) == 0


def test_calm_epochs_at_the_end_are_not_mixed():
    setting = Experiment(
        name="a",
        data="none",
        backbone="b",
        epochs=5,
        learning_rate=0.1,
        mixup=0.2,
        cutmix=1.0,
        calm_epochs=2,
    )
    assert make_mixing(setting, 3) == Mixing(0.2, 1.0)
    assert make_mixing(setting, 4) == make_mixing(setting, 5) == Mixing(0.0, 0.0)
