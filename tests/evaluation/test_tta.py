"""Views by hand, and mean answers of a predictor that is a formula."""

import numpy as np
import pytest

from mimika.core.errors import ConfigError
from mimika.core.preprocess import preprocess
from mimika.evaluation.tta import (
    CHANGES,
    GREY,
    KINDS,
    Crop,
    Turn,
    mirrored,
    tta,
    views_of,
)
from mimika.runtime.classifier import OnnxClassifier
from mimika.runtime.pipeline import DEFAULT_MODEL


@pytest.fixture(scope="module")
def shipped():
    return OnnxClassifier(DEFAULT_MODEL)


@pytest.fixture
def images():
    return np.random.default_rng(1).integers(0, 256, (5, 48, 48), np.uint8)


def test_flip_is_the_mean_of_a_picture_and_its_mirror_image(shipped, images):
    expected = (shipped.predict(images) + shipped.predict(images[:, :, ::-1])) / 2
    np.testing.assert_allclose(tta(shipped, images, "flip"), expected, atol=1e-6)


def test_ten_crop_is_the_mean_of_corners_and_centre_each_mirrored(shipped, images):
    starts = ((0, 0), (0, 4), (4, 0), (4, 4), (2, 2))
    crops = [images[:, y : y + 44, x : x + 44] for y, x in starts]
    views = [*crops, *(crop[:, :, ::-1] for crop in crops)]
    expected = np.mean([shipped.predict(view) for view in views], axis=0)
    np.testing.assert_allclose(tta(shipped, images, "ten-crop"), expected, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_answers_are_probabilities_and_the_same_for_a_mirrored_picture(
    shipped, images, kind
):
    found = tta(shipped, images, kind)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)
    other = tta(shipped, images[:, :, ::-1], kind)
    np.testing.assert_allclose(other, found, atol=0.02)  # turned the other way round
    assert np.array_equal(tta(shipped, images, kind), found)


def test_kinds_have_2_10_and_24_views_none_of_them_twice(images):
    assert [views_of(kind) for kind in KINDS] == [2, 10, 24]
    for changes in CHANGES.values():
        views = [change(images[0]) for change in changes]
        kept = {
            (v.shape, v.tobytes()) for view in views for v in (view, mirrored(view))
        }
        assert len(kept) == 2 * len(changes)


def test_pictures_of_different_sizes_are_answered_as_each_by_itself(shipped):
    rng = np.random.default_rng(2)
    shapes = [(48, 48), (100, 60, 3), (1, 1), (7, 30)]
    pictures = [rng.integers(0, 256, shape, np.uint8) for shape in shapes]
    together = tta(shipped, pictures, "rich")
    alone = [tta(shipped, [picture], "rich")[0] for picture in pictures]
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_no_pictures_have_no_answers(shipped, images):
    assert tta(shipped, images[:0], "rich").shape == (0, 7)


def test_progress_rises_to_the_end(shipped, images):
    seen = []
    tta(shipped, images[:1], "ten-crop", seen.append)
    assert seen == sorted(seen)
    assert (len(seen), seen[-1]) == (5, 1.0)


def test_unknown_views_are_refused(shipped, images):
    with pytest.raises(ConfigError, match="expected one of flip, ten-crop, rich"):
        tta(shipped, images, "twenty")


def test_a_crop_of_any_proportions_lies_where_it_is_said_to():
    image = np.arange(24 * 48).reshape(24, 48).astype(np.uint8)
    found = Crop(0.5, across=1, down=0)(image)
    np.testing.assert_array_equal(found, image[:12, 24:])
    assert Crop(0.5, 0, 0)(image[:1, :1]).shape == (1, 1)


@pytest.mark.parametrize("shape", [(48, 48), (48, 48, 3)])
def test_a_quarter_turn_goes_anticlockwise_and_a_smaller_picture_has_a_grey_border(
    shape,
):
    image = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    np.testing.assert_allclose(Turn(90)(image), np.rot90(image), atol=1)
    smaller = Turn(scale=0.5)(image)
    assert smaller.shape == shape
    assert (smaller[0] == GREY[0]).all()
    assert smaller[24, 24].mean() != GREY[0]


def test_crops_are_enlarged_only_by_preprocessing(shipped, images):
    class Seen:
        card = shipped.card

        def predict(self, views):
            assert {view.shape for view in views} == {(44, 44)}
            assert preprocess(views, self.card.preprocess).shape[2:] == (48, 48)
            return np.full((len(views), 7), 1 / 7, np.float32)

    tta(Seen(), images, "ten-crop")
