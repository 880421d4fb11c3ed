"""What a run learns from and selects on."""

import cv2
import numpy as np
import pytest
import torch

from mimika.core.errors import DataError
from mimika.data.samples import PRIVATE_TEST, PUBLIC_TEST, TRAINING, Samples
from mimika.training.loaders import (
    batches_an_epoch,
    check_classes,
    divide,
    enlarged,
    measure_spec,
    shuffled_batches,
)


def make_samples(splits, labels):
    count = len(splits)
    images = np.random.default_rng(0).integers(0, 256, (count, 48, 48), np.uint8)
    return Samples(
        images, np.array(labels), np.array(splits), np.arange(count), "drawn"
    )


def test_public_test_is_selected_on_and_private_test_never_touched():
    samples = make_samples(
        [TRAINING] * 4 + [PUBLIC_TEST] * 2 + [PRIVATE_TEST] * 2,
        [0, 1, 0, 1, 1, 0, 1, 1],
    )
    division = divide(samples, 0.1)
    assert division.training.rows.tolist() == [0, 1, 2, 3]
    assert division.selection.rows.tolist() == [4, 5]
    assert division.selected_on == "PublicTest"


def test_without_labels_on_public_test_a_stratified_share_is_held_out():
    samples = make_samples(
        [TRAINING] * 100 + [PUBLIC_TEST] * 5, [0] * 80 + [1] * 20 + [-1] * 5
    )
    division = divide(samples, 0.1)
    assert np.bincount(division.selection.labels).tolist() == [8, 2]
    together = np.concatenate([division.training.rows, division.selection.rows])
    assert sorted(together.tolist()) == list(range(100))
    assert division.selected_on == "10 % of Training, held out"
    again = divide(samples, 0.1)
    assert (again.selection.rows == division.selection.rows).all()


def test_pixel_copies_are_held_out_together():
    samples = make_samples([TRAINING] * 60, [0] * 60)
    samples.images[30:] = samples.images[:30]
    division = divide(samples, 0.2)
    held = {image.tobytes() for image in division.selection.images}
    learned = {image.tobytes() for image in division.training.images}
    assert len(division.selection) == 12
    assert not held & learned


def test_too_few_pictures_to_hold_some_out_is_said():
    with pytest.raises(DataError, match="cannot be held out"):
        divide(make_samples([TRAINING], [0]), 0.1)


def test_without_labelled_training_pictures_there_is_nothing_to_train_on():
    with pytest.raises(DataError, match="has a label"):
        divide(make_samples([TRAINING] * 3, [-1, -1, -1]), 0.1)


def test_the_measured_mean_and_deviation_are_those_of_numpy():
    images = make_samples([TRAINING] * 9, [0] * 9).images
    spec = measure_spec(images, 48, 3)
    assert spec.mean == pytest.approx([images.mean() / 255] * 3, abs=1e-4)
    assert spec.std == pytest.approx([images.std() / 255] * 3, abs=1e-4)


def test_pictures_of_one_grey_do_not_give_a_deviation_of_zero():
    assert measure_spec(np.zeros((2, 48, 48), np.uint8), 48, 1).std[0] > 0


def test_pictures_are_enlarged_once_and_stay_bytes():
    samples = make_samples([TRAINING] * 5, list(range(5)))
    spec = measure_spec(samples.images, 96, 3, "bicubic")
    found = enlarged(samples.images, spec)
    assert found.dtype == torch.uint8
    expected = [
        cv2.resize(image, (96, 96), interpolation=cv2.INTER_CUBIC)
        for image in samples.images
    ]
    assert np.array_equal(found.numpy()[:, 0], np.stack(expected))


def test_a_class_without_training_pictures_is_named():
    division = divide(make_samples([TRAINING] * 8 + [PUBLIC_TEST], [0] * 9), 0.1)
    check_classes(division, ["Angry"])
    with pytest.raises(DataError, match="no training picture of Fear, Happy; bring"):
        check_classes(division, ["Angry", "Fear", "Happy"])


@pytest.mark.parametrize(("count", "size"), [(10, 4), (8, 4), (3, 4), (128, 128)])
def test_an_epoch_shows_each_picture_at_most_once_in_full_batches(count, size):
    generator = torch.Generator().manual_seed(0)
    batches = list(shuffled_batches(count, size, generator))
    assert len(batches) == batches_an_epoch(count, size)
    seen = torch.cat(batches).tolist()
    assert len(set(seen)) == len(seen)
    assert {len(batch) for batch in batches} == {min(size, count)}


def test_the_order_follows_from_the_generator():
    one, two, three = (
        torch.cat(list(shuffled_batches(50, 5, torch.Generator().manual_seed(s))))
        for s in (1, 1, 2)
    )
    assert torch.equal(one, two)
    assert not torch.equal(one, three)
