"""Policies in batched form, compared with albumentations at fixed parameters."""

import numpy as np
import pytest
import torch

from mimika.augmentation.batch_policy import CHANGES, MATRICES, NUMBERS, BatchAugmenter
from mimika.augmentation.named import NAMED
from mimika.augmentation.policies import augment_one, parse_policy
from mimika.augmentation.transforms import ALLOWED
from mimika.core.errors import ConfigError

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]


def batch_of(face, count):
    return torch.from_numpy(np.repeat(face[None, None], count, axis=0))


def change(policy, images, rows=None, seed=0, epoch=0):
    rows = torch.arange(len(images)) if rows is None else rows
    return BatchAugmenter(parse_policy(policy))(images, rows, seed=seed, epoch=epoch)


FIXED = [
    {"name": "HorizontalFlip"},
    {"name": "VerticalFlip"},
    {"name": "Affine", "rotate": [12, 12]},
    {"name": "Affine", "scale": [1.3, 1.3]},
    {"name": "Affine", "scale": [0.7, 0.7], "rotate": [-20, -20]},
    {"name": "Affine", "translate_percent": [0.125, 0.125]},
    {"name": "Affine", "shear": [10, 10]},
    {
        "name": "Affine",
        "rotate": [25, 25],
        "scale": [0.9, 0.9],
        "translate_percent": [-0.125, -0.125],
        "shear": [-8, -8],
    },
    {
        "name": "RandomBrightnessContrast",
        "brightness_limit": [0.1, 0.1],
        "contrast_limit": [0.3, 0.3],
    },
    {
        "name": "RandomBrightnessContrast",
        "brightness_limit": [-0.4, -0.4],
        "contrast_limit": [0, 0],
    },
    {"name": "RandomGamma", "gamma_limit": [70, 70]},
    {"name": "RandomGamma", "gamma_limit": [140, 140]},
    {"name": "GaussianBlur", "sigma_limit": [0.5, 0.5]},
    {"name": "GaussianBlur", "sigma_limit": [1.7, 1.7]},
    {"name": "Perspective", "scale": [0, 0]},
    {"name": "RandomResizedCrop", "scale": [1, 1], "ratio": [1, 1]},
    {"name": "GaussNoise", "std_range": [0, 0]},
]


@pytest.mark.parametrize("table", FIXED, ids=str)
def test_it_does_what_albumentations_does_with_the_same_parameters(table, face):
    policy = [table | {"p": 1}]
    single = augment_one(parse_policy(policy), face, 0, 0, 0).astype(float)
    batched = 255 * change(policy, batch_of(face, 1))[0, 0].numpy()
    difference = np.abs(single - batched)
    # rounding to grey values, and OpenCV's of places to 1/32 of a pixel
    assert difference.mean() < 0.8
    assert difference.max() < 8


def test_geometric_changes_are_done_in_the_order_of_the_policy(face):
    away = {"name": "Affine", "translate_percent": [0.25, 0.25], "p": 1}
    smaller = {"name": "Affine", "scale": [0.5, 0.5], "p": 1}
    for policy in ([away, smaller], [smaller, away]):
        single = augment_one(parse_policy(policy), face, 0, 0, 0).astype(float)
        batched = 255 * change(policy, batch_of(face, 1))[0, 0].numpy()
        # what the first moved out of the picture is still there for the second
        inside = batched[12:30, 12:30] if policy[0] is away else batched
        expected = single[12:30, 12:30] if policy[0] is away else single
        assert np.abs(inside - expected).mean() < 2


@pytest.mark.parametrize(
    "table",
    [
        {"name": "Affine", "rotate": [-30, 30]},
        {"name": "Affine", "scale": [0.6, 1.5]},
        {"name": "Perspective", "scale": [0.05, 0.1]},
        {"name": "RandomResizedCrop", "scale": [0.5, 0.8], "ratio": [0.9, 1.1]},
        {"name": "RandomBrightnessContrast"},
        {"name": "RandomGamma", "gamma_limit": [50, 200]},
        {"name": "GaussianBlur", "sigma_limit": [0.3, 2.0]},
        {"name": "GaussNoise", "std_range": [0.02, 0.1]},
        {"name": "CoarseDropout", "num_holes_range": [1, 3]},
    ],
    ids=lambda table: table["name"],
)
@pytest.mark.parametrize("p", [0.5, 1.0])
def test_many_draws_are_spread_like_those_of_albumentations(table, p, face):
    policy, count = parse_policy([table | {"p": p}]), 1000
    augment = policy.build(48)
    single = np.array([augment(face, seed=0, epoch=0, row=row) for row in range(count)])
    batched = 255 * change(policy.to_data(), batch_of(face, count))[:, 0].numpy()
    # 1 for rounding to grey values and places, the rest for having drawn so few
    expected = 1 + np.sqrt((single.var(0) + batched.var(0)) / count)
    assert (np.abs(single.mean(0) - batched.mean(0)) / expected).mean() < 2
    assert np.abs(single.std(0) - batched.std(0)).mean() < 2.5


@pytest.mark.parametrize("name", NAMED)
def test_a_picture_does_not_depend_on_its_batch(name, face):
    images, rows = batch_of(face, 6), torch.tensor([3, 1, 4, 15, 9, 2])
    together = change(name, images, rows, seed=8, epoch=3)
    order = torch.tensor([5, 0, 3])
    apart = change(name, images[order], rows[order], seed=8, epoch=3)
    assert torch.allclose(apart, together[order], atol=1e-6)
    alone = change(name, images[:1], rows[:1], seed=8, epoch=3)
    assert torch.allclose(alone, together[:1], atol=1e-6)


@pytest.mark.parametrize("changed", ["seed", "epoch"])
def test_another_seed_or_epoch_draws_other_numbers(changed, face):
    images, numbers = batch_of(face, 4), {"seed": 1, "epoch": 1}
    first = change("simple", images, **numbers)
    second = change("simple", images, **numbers | {changed: 2})
    assert all(not torch.equal(a, b) for a, b in zip(first, second, strict=True))
    assert torch.equal(first, change("simple", images, **numbers))


def test_flips_are_exact_and_independent(face):
    images = batch_of(face, 2000)
    changed = (255 * change("flips", images)).round().to(torch.uint8)
    kinds = [images, images.flip(3), images.flip(2), images.flip(2, 3)]
    counts = [int((changed == kind).all(dim=(1, 2, 3)).sum()) for kind in kinds]
    assert sum(counts) == 2000
    assert all(400 < count < 600 for count in counts)


def test_none_changes_nothing_but_the_type(face):
    images = batch_of(face, 3)
    assert torch.equal(change("none", images), images / 255)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("name", NAMED)
def test_all_channels_change_alike_on_any_device(name, device, face):
    grey = batch_of(face, 4)
    rows = torch.arange(4)
    here = change(name, grey, rows)
    three = change(name, grey.expand(4, 3, 48, 48).to(device), rows.to(device)).cpu()
    assert three.dtype == torch.float32
    assert 0 <= float(three.min()) <= float(three.max()) <= 1
    for channel in range(3):
        assert torch.allclose(three[:, channel : channel + 1], here, atol=1e-4)


def test_holes_are_whole_pixels_inside_of_the_picture(face):
    table = {"name": "CoarseDropout", "p": 1, "num_holes_range": [1, 1]}
    images = torch.full((200, 1, 48, 48), 255, dtype=torch.uint8)
    erased = change([table], images)[:, 0] < 1
    heights, widths = erased.any(dim=2).sum(dim=1), erased.any(dim=1).sum(dim=1)
    assert torch.equal(heights * widths, erased.sum(dim=(1, 2)))
    assert {int(v) for v in (heights.min(), widths.min())} == {4}  # 0.1 of 48
    assert {int(v) for v in (heights.max(), widths.max())} == {14}  # 0.3 of 48
    assert bool(erased[:, 0].any())
    assert bool(erased[:, -1].any())


def test_as_many_holes_are_erased_as_were_asked_for():
    side = [4.5 / 48, 4.5 / 48]  # 4 pixels
    table = {"name": "CoarseDropout", "p": 1, "num_holes_range": [1, 3]}
    table |= {"hole_height_range": side, "hole_width_range": side}
    images = torch.full((600, 1, 48, 48), 255, dtype=torch.uint8)
    holes = (change([table], images) < 1).sum(dim=(1, 2, 3)) / 16
    counts = [int((holes == number).sum()) for number in (1, 2, 3)]
    # 200 of each expected; some holes lie on each other
    assert min(counts) > 150
    assert float(holes.max()) == 3


def test_a_policy_without_a_batched_form_names_what_lacks_one():
    policy = parse_policy([{"name": n} for n in ("CLAHE", "Affine", "Downscale")])
    with pytest.raises(ConfigError, match="no batched form of CLAHE, Downscale;"):
        BatchAugmenter(policy)


def test_every_batched_form_is_of_an_allowed_transform():
    assert MATRICES.keys() | CHANGES.keys() == NUMBERS.keys()
    assert not MATRICES.keys() & CHANGES.keys()
    assert NUMBERS.keys() <= ALLOWED.keys()


@pytest.mark.parametrize(
    ("shape", "dtype", "rows"),
    [
        ((2, 48, 48), torch.uint8, 2),
        ((2, 1, 48, 40), torch.uint8, 2),
        ((2, 1, 48, 48), torch.float32, 2),
        ((2, 1, 48, 48), torch.uint8, 3),
    ],
)
def test_pictures_of_another_form_are_refused(shape, dtype, rows):
    with pytest.raises(ValueError, match="expected uint8 pictures"):
        change("simple", torch.zeros(shape, dtype=dtype), torch.arange(rows))


def test_the_random_state_of_torch_is_left_alone(face):
    before = torch.random.get_rng_state()
    change("rich", batch_of(face, 4))
    assert torch.equal(before, torch.random.get_rng_state())
