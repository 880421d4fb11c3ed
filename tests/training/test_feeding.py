"""From positions to the inputs of a batch."""

import numpy as np
import pytest
import torch

from mimika.core.errors import ConfigError
from mimika.core.preprocess import preprocess
from mimika.training.config import Experiment
from mimika.training.feeding import Normalizer, PlainFeeder, make_feeder
from mimika.training.loaders import prepare

BATCH = torch.tensor([5, 0, 17])


def experiment(**changes):
    values = {
        "name": "a",
        "data": "none",
        "backbone": "compact_resnet",
        "epochs": 1,
        "learning_rate": 0.1,
        "accelerator": "cpu",
    }
    return Experiment.model_validate(values | changes)


def fed(samples, epoch=1, batch=BATCH, seed=0, part=None, **changes):
    setting = experiment(**changes)
    feeder = make_feeder(prepare(samples, setting), setting, torch.device("cpu"))
    part = slice(None) if part is None else part
    return feeder(batch, part, epoch, torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("place", ["cpu", "device"])
@pytest.mark.parametrize(("size", "channels"), [(48, 1), (48, 3), (64, 1)])
def test_without_augmentation_inputs_are_those_of_the_one_preprocessing(
    samples, place, size, channels
):
    changes = {"size": size, "channels": channels}
    found = fed(samples, augmentation="none", augmented_on=place, **changes)
    spec = prepare(samples, experiment(**changes)).spec
    expected = preprocess(samples.images[BATCH.numpy()], spec)
    # on the device grey values are not rounded after enlarging
    tolerance = 1e-5 if size == 48 or place == "cpu" else 0.8 / 255 / spec.std[0]
    np.testing.assert_allclose(found.numpy(), expected, atol=tolerance)


@pytest.mark.parametrize("place", ["cpu", "device"])
@pytest.mark.parametrize("policy", ["flips", "simple", "rich"])
def test_a_policys_numbers_follow_from_seed_epoch_and_row_alone(samples, policy, place):
    changes = {"augmentation": policy, "augmented_on": place}
    whole = fed(samples, seed=1, **changes)
    again = fed(samples, seed=2, **changes)
    assert torch.equal(whole, again)
    alone = fed(samples, batch=BATCH[1:2], **changes)
    assert torch.allclose(whole[1:2], alone, atol=1e-5)
    assert not torch.equal(whole, fed(samples, epoch=2, **changes))


def test_ranges_draw_from_the_epochs_generator(samples):
    assert torch.equal(fed(samples, seed=1), fed(samples, seed=1))
    assert not torch.equal(fed(samples, seed=1), fed(samples, seed=2))


def test_calm_epochs_at_the_end_show_pictures_at_most_mirrored(samples):
    changes = {"epochs": 5, "calm_epochs": 2}
    plain = fed(samples, augmentation="none")
    for epoch, is_calm in [(3, False), (4, True), (5, True)]:
        found = fed(samples, epoch, **changes)
        mirrored = [
            torch.allclose(new, old, atol=1e-4)
            or torch.allclose(new, old.flip(2), atol=1e-4)
            for new, old in zip(found, plain, strict=True)
        ]
        assert all(mirrored) == is_calm
    still = fed(samples, 5, flip=False, **changes)
    assert torch.allclose(still, plain, atol=1e-4)


def test_a_share_of_the_pictures_may_be_changed_in_calm_epochs(samples):
    batch = torch.arange(100)
    ranges = {"flip": False, "epochs": 5, "calm_epochs": 1, "batch": batch}
    plain = fed(samples, 5, **ranges)
    mixed = fed(samples, 5, calm_share=0.5, **ranges)
    same = torch.isclose(mixed, plain, atol=1e-4).all(dim=3).all(dim=2).all(dim=1)
    assert 0.2 * len(batch) < int(same.sum()) < 0.8 * len(batch)


def test_an_enlargement_without_a_form_on_the_device_is_named(samples):
    with pytest.raises(ConfigError, match=r"lanczos.*bicubic"):
        fed(
            samples,
            augmentation="flips",
            augmented_on="device",
            upscaling="lanczos",
            size=96,
        )


@pytest.mark.parametrize(
    "changes",
    [
        {"augmentation": "ranges"},
        {"augmentation": "simple"},
        {"augmentation": "simple", "augmented_on": "device"},
    ],
)
def test_the_parts_of_several_processes_are_those_of_one_process(samples, changes):
    whole = fed(samples, seed=3, **changes)
    for rank in range(2):
        part = fed(samples, seed=3, part=slice(rank, None, 2), **changes)
        assert torch.allclose(part, whole[rank::2], atol=1e-5)


@pytest.mark.parametrize(("size", "channels"), [(48, 1), (48, 3), (64, 3)])
def test_the_selection_set_is_fed_exactly_as_the_one_preprocessing_does(
    samples, size, channels
):
    data = prepare(samples, experiment(size=size, channels=channels))
    plain = PlainFeeder(data.selection, data.spec, torch.device("cpu"))
    expected = preprocess(data.division.selection.images[3:9], data.spec)
    np.testing.assert_array_equal(plain(slice(3, 9)).numpy(), expected)
    assert len(plain) == len(data.division.selection)


def test_bytes_and_shares_are_normalised_alike(samples):
    spec = prepare(samples, experiment()).spec
    normalize = Normalizer(spec, torch.device("cpu"))
    images = torch.from_numpy(samples.images[:3])[:, None]
    assert torch.equal(normalize(images), normalize(images.float() / 255))
