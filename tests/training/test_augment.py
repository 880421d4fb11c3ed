"""Augmentation of a batch."""

import pytest
import torch

from mimika.training.augment import BatchAugmentation

NOTHING = {
    "flip": False,
    "shift": 0.0,
    "rotation_degrees": 0.0,
    "zoom": 0.0,
    "contrast": 0.0,
    "brightness": 0.0,
    "erase": 0.0,
    "soften": 0.0,
}


def changed(images, seed=0, **settings):
    generator = torch.Generator().manual_seed(seed)
    changes = BatchAugmentation(**NOTHING | settings).draw(len(images), generator)
    return changes.apply(images)


@pytest.fixture
def images():
    return torch.randn(64, 1, 48, 48, generator=torch.Generator().manual_seed(7))


def test_with_everything_off_pictures_stay_as_they_are(images):
    assert torch.allclose(changed(images), images, atol=1e-4)


def test_about_half_are_mirrored_and_the_rest_untouched(images):
    result = changed(images, flip=True)
    mirrored = torch.isclose(result, images.flip(3), atol=1e-3).all(dim=(1, 2, 3))
    same = torch.isclose(result, images, atol=1e-3).all(dim=(1, 2, 3))
    assert (mirrored ^ same).all()
    assert 16 < int(mirrored.sum()) < 48


def test_a_shift_moves_a_dot_by_at_most_the_share_of_the_size():
    images = torch.zeros(64, 1, 48, 48)
    images[:, :, 24, 24] = 1
    moved = changed(images, shift=0.25)
    places = moved.flatten(1).argmax(dim=1)
    rows, columns = places // 48 - 24, places % 48 - 24
    assert int(rows.abs().max()) <= 12
    assert int(columns.abs().max()) <= 12
    assert int(rows.abs().max()) > 6


def test_a_quarter_turn_is_a_rotation_without_distortion():
    images = torch.zeros(32, 1, 48, 48)
    images[:, :, 22:26, 4:44] = 1  # a bar through the centre
    turned = changed(images, rotation_degrees=90.0)
    assert torch.allclose(
        turned.sum(dim=(1, 2, 3)), torch.full((32,), 160.0), rtol=0.05
    )


def test_zoom_makes_a_square_larger_and_smaller_by_at_most_its_share():
    images = torch.zeros(64, 1, 48, 48)
    images[:, :, 12:36, 12:36] = 1
    sides = changed(images, zoom=0.25).sum(dim=(1, 2, 3)).sqrt() / 24
    assert 0.74 < float(sides.min()) < 0.85
    assert 1.15 < float(sides.max()) < 1.26


def test_contrast_and_brightness_are_one_gain_and_offset_a_picture(images):
    result = changed(images, contrast=0.3, brightness=0.5)
    for before, after in zip(images, result, strict=True):
        x, y = before.flatten(), after.flatten()
        gain = ((x - x.mean()) * (y - y.mean())).mean() / x.var(unbiased=False)
        assert 0.7 <= float(gain) <= 1.3
        assert torch.allclose(y, gain * (x - x.mean()) + y.mean(), atol=1e-3)


def test_an_erased_rectangle_holds_the_mean_and_is_of_the_stated_size(images):
    result = changed(images + 10, erase=1.0)
    erased = result == 0
    shares = erased.float().mean(dim=(1, 2, 3))
    assert float(shares.max()) <= 0.42**2
    assert float((shares > 0).float().mean()) > 0.95
    rows = erased.any(dim=3).sum(dim=2)
    columns = erased.any(dim=2).sum(dim=2)
    assert torch.equal((rows * columns).squeeze(1), erased.sum(dim=(1, 2, 3)))


def test_the_same_generator_gives_the_same_pictures(images):
    settings = {"flip": True, "shift": 0.1, "zoom": 0.1, "erase": 0.5}
    assert torch.equal(changed(images, 3, **settings), changed(images, 3, **settings))
    other = changed(images, 4, **settings)
    assert not torch.equal(changed(images, 3, **settings), other)


def test_a_part_of_a_batch_is_changed_as_it_would_be_in_the_whole(images):
    generator = torch.Generator().manual_seed(2)
    augmentation = BatchAugmentation(
        flip=True,
        shift=0.1,
        rotation_degrees=10.0,
        zoom=0.1,
        contrast=0.2,
        brightness=0.2,
        erase=0.5,
    )
    changes = augmentation.draw(len(images), generator)
    whole = changes.apply(images)
    for part in (slice(0, None, 2), slice(1, None, 2), slice(5, 9)):
        found = changes[part].apply(images[part])
        assert torch.allclose(found, whole[part], atol=1e-5)


def test_changes_are_drawn_for_each_picture_within_their_ranges():
    augmentation = BatchAugmentation(
        **NOTHING | {"contrast": 0.3, "brightness": 0.5, "erase": 0.25}
    )
    changes = augmentation.draw(4000, torch.Generator().manual_seed(1))
    assert changes.matrices.shape == (4000, 2, 3)
    for values, low, high in (
        (changes.gain, 0.7, 1.3),
        (changes.offset, -0.5, 0.5),
        (changes.share, 0.1, 0.4),
        (changes.centre, 0.0, 1.0),
    ):
        assert low <= float(values.min()) < low + 0.01
        assert high - 0.01 < float(values.max()) <= high
    assert float(changes.chosen.float().mean()) == pytest.approx(0.25, abs=0.02)


def test_three_channels_are_changed_alike(images):
    settings = {"flip": True, "shift": 0.1, "contrast": 0.2, "erase": 0.5}
    grey = changed(images, 3, **settings)
    coloured = changed(images.expand(-1, 3, -1, -1), 3, **settings)
    assert coloured.shape == (64, 3, 48, 48)
    assert torch.allclose(coloured, grey.expand(-1, 3, -1, -1), atol=1e-5)


def test_pictures_that_came_stay_as_they_are(images):
    kept = images.clone()
    changed(images, flip=True, contrast=0.5, erase=1.0)
    assert torch.equal(images, kept)


def test_torchs_own_random_state_is_left_alone(images):
    before = torch.random.get_rng_state()
    changed(images, flip=True, shift=0.1, erase=0.5)
    assert torch.equal(before, torch.random.get_rng_state())


def test_softened_pictures_are_blurred_each_by_its_own_deviation(images):
    soft = changed(images, soften=2.0)
    rough = images.diff(dim=3).std(dim=(1, 2, 3))
    left = soft.diff(dim=3).std(dim=(1, 2, 3)) / rough
    assert float(left.max()) > 0.9
    assert float(left.min()) < 0.2
    assert torch.allclose(soft.mean(), images.mean(), atol=0.01)


def test_a_part_of_a_softened_batch_is_blurred_as_in_the_whole(images):
    settings = NOTHING | {"soften": 1.5, "shift": 0.1}
    generator = torch.Generator().manual_seed(3)
    changes = BatchAugmentation(**settings).draw(len(images), generator)
    part = changes[10:20].apply(images[10:20])
    assert torch.allclose(part, changes.apply(images)[10:20], atol=1e-5)


def test_calm_pictures_are_changed_in_part_and_never_erased(images):
    settings = dict.fromkeys(NOTHING, 0.3) | {"flip": False, "erase": 1.0}
    calm = BatchAugmentation(**settings).calmed(0.4, None, None)
    generator = torch.Generator().manual_seed(0)
    result = calm.draw(len(images), generator).apply(images)
    same = torch.isclose(result, images, atol=1e-4).all(dim=(1, 2, 3))
    assert 26 <= int(same.sum()) <= 50
    assert not (result == 0).any()
    still = BatchAugmentation(**settings).calmed(0.0, None, None)
    untouched = still.draw(len(images), generator).apply(images)
    assert torch.allclose(untouched, images, atol=1e-4)


def test_calm_pictures_may_be_zoomed_and_softened_by_ranges_of_their_own():
    settings = dict.fromkeys(NOTHING, 0.3) | {"flip": True}
    same = BatchAugmentation(**settings).calmed(0.4, None, None)
    assert (same.zoom, same.soften, same.shift, same.share) == (0.3, 0.3, 0.3, 0.4)
    other = BatchAugmentation(**settings).calmed(0.4, 0.1, 1.5)
    assert (other.zoom, other.soften, other.shift, other.share) == (0.1, 1.5, 0.3, 0.4)
