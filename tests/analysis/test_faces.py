import numpy as np
import pytest

from mimika.analysis.faces import (
    measure_error,
    on_ground,
    search_faces,
    summarize,
)
from mimika.core.images import read_picture
from mimika.core.preprocess import resize, to_grey
from mimika.data.votes import Votes


def silent(share):
    pass


@pytest.fixture
def with_face(draw, photograph):
    """Three pictures of 48 x 48: stripes, a face cut close, the same face mirrored."""
    pictures = draw([0, 1, 1])
    pixels = to_grey(read_picture(photograph).pixels)
    face = resize(pixels[110:340, 155:385], 48, 48, 1)
    pictures.images[1], pictures.images[2] = face, face[:, ::-1]
    return pictures


def test_a_face_that_fills_its_picture_is_found(with_face):
    found = search_faces(with_face, np.array([], np.int64), 1, 0, silent)
    assert found.tolist() == [0, 1, 1]


def test_blank_pictures_are_not_searched_and_shares_are_by_class(with_face):
    found = search_faces(with_face, np.array([2]), 1, 0, silent)
    result = summarize(with_face, found, None)
    assert result.searched.tolist() == [0, 1]
    assert result.without.tolist() == [0]
    assert result.by_class[:3] == (1.0, 0.0, None)
    assert result.error is None


def test_the_margin_is_grey_and_as_wide_as_asked():
    picture = np.full((24, 48, 3), 200, np.uint8)
    framed = on_ground(picture, 96, 10)
    assert framed.shape == (48 + 20, 96 + 20, 3)
    assert (framed[:10] == 127).all()
    assert (framed[10:-10, 10:-10] == 200).all()


def test_the_error_is_that_of_pictures_people_are_sure_of():
    found = np.array([1, 0, 1, 0, -1])
    counts = np.array([[10], [10], [2], [0], [10]])
    no_face = np.array([0, 0, 8, 10, 0])
    votes = Votes(np.arange(5), counts, np.zeros(5, np.int64), no_face, "", 0)
    error = measure_error(found, votes)
    assert (error.faces, error.missed) == (2, 0.5)
    assert (error.others, error.found) == (2, 0.5)


def test_without_a_column_for_no_face_the_error_is_not_known():
    votes = Votes(np.arange(1), np.ones((1, 1)), np.zeros(1), None, "", 0)
    assert measure_error(np.array([1]), votes) is None


@pytest.mark.shared_data
def test_nearly_all_faces_of_fer2013_are_found(shared_data):
    from mimika.analysis.pictures import from_samples
    from mimika.core.tasks import EMOTION
    from mimika.data.reading import read_dataset

    samples = read_dataset(shared_data / "fer2013" / "fer2013.parquet")
    rng = np.random.default_rng(0)
    some = samples.take(np.sort(rng.permutation(len(samples))[:150]))
    pictures = from_samples(some, EMOTION.labels)
    found = search_faces(pictures, np.array([], np.int64), 1, 0, silent)
    assert (found == 1).mean() > 0.95
