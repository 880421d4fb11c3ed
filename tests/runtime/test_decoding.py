"""How large a picture is decoded: for models that keep the scale, and for others."""

import io
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from mimika.core.card import ModelCard
from mimika.core.errors import ImageTooLargeError
from mimika.core.images import Limits, read_picture
from mimika.core.preprocess import PreprocessSpec, fitted
from mimika.core.results import Face
from mimika.runtime.decoding import REDUCE_TO, read_for
from mimika.runtime.pipeline import Analyzer, load_analyzer

SCALE = 1 / 50
SIDE = 5000  # a half of it is more than is needed to find faces


@pytest.fixture
def analyzer(
    make_model: Callable[..., Path], make_card: Callable[..., ModelCard]
) -> Analyzer:
    """Sees the middle 400 pixels of a picture as 8."""
    fields = make_card().preprocess.model_dump()
    spec = PreprocessSpec(**fields, fit="keep-scale", scale=SCALE)
    return load_analyzer(make_model(make_card(preprocess=spec)))


@pytest.fixture(scope="module")
def jpeg() -> bytes:
    """A large square picture of coarse patches, one of them in each input pixel."""
    patches = np.random.default_rng(8).integers(0, 256, (100, 60, 3), np.uint8)
    image = Image.fromarray(patches).resize(
        (SIDE * 60 // 100, SIDE), Image.Resampling.BOX
    )
    file = io.BytesIO()
    image.save(file, "JPEG", quality=90)
    return file.getvalue()


def values(analyzer: Analyzer, source: bytes | NDArray[np.uint8]) -> list[float]:
    (face,) = analyzer.analyze(source).faces
    return list(face.probabilities.values())


def test_a_model_that_stretches_has_a_large_jpeg_decoded_smaller(
    make_card: Callable[..., ModelCard], jpeg: bytes
) -> None:
    picture = read_for(make_card(), jpeg, Limits())
    assert picture.pixels.shape[0] == SIDE // 2
    assert (picture.height, picture.width) == (SIDE, SIDE * 60 // 100)


def test_a_large_jpeg_is_judged_at_its_own_size(
    analyzer: Analyzer, jpeg: bytes
) -> None:
    assert SIDE >= 2 * REDUCE_TO  # others are decoded at a half of that
    pixels = read_picture(jpeg).pixels
    assert pixels.shape[0] == SIDE
    assert values(analyzer, jpeg) == values(analyzer, pixels)
    half = read_picture(jpeg, reduce_to=REDUCE_TO).pixels
    assert half.shape[0] == SIDE // 2
    assert not np.allclose(values(analyzer, jpeg), values(analyzer, half), atol=0.01)


def test_a_crop_is_what_the_network_saw(analyzer: Analyzer, jpeg: bytes) -> None:
    (face,) = analyzer.analyze(jpeg).faces
    spec = analyzer.card.preprocess.model_copy(update={"channels": 3})
    expected = fitted([read_picture(jpeg).pixels], spec)[0]
    assert face.crop is not None
    assert np.array_equal(face.crop, expected)
    assert face.box == (0, 0, SIDE * 60 // 100, SIDE)


def test_an_explanation_is_of_the_same_crop_and_answer(
    analyzer: Analyzer, jpeg: bytes
) -> None:
    (face,) = analyzer.analyze(jpeg).faces
    found = analyzer.explain(face)
    assert face.crop is not None
    assert np.array_equal(found.crop, face.crop)
    stored = Face.model_validate_json(face.model_dump_json())
    again = analyzer.explain(stored, jpeg)
    assert np.array_equal(again.crop, found.crop)
    assert np.array_equal(again.map, found.map)
    assert np.ptp(found.map) > 0.05  # a crop scaled twice is a speck in grey


def test_what_lies_outside_the_input_says_nothing(analyzer: Analyzer) -> None:
    image = np.random.default_rng(4).integers(0, 256, (900, 700, 3), np.uint8)
    other = image.copy()
    other[:200], other[:, 600:] = 0, 255
    assert values(analyzer, image) == values(analyzer, other)


def test_more_than_fits_into_memory_whole_is_refused(
    analyzer: Analyzer, jpeg: bytes
) -> None:
    """The limit for JPEG counts on their being decoded smaller."""
    few = Limits(max_jpeg_pixels=50_000_000, max_pixels=14_000_000)
    read_picture(jpeg, few)
    with pytest.raises(
        ImageTooLargeError, match=r"cut the picture instead .*15\.0 meg"
    ):
        analyzer.analyze(jpeg, limits=few)
    (face,) = analyzer.analyze(jpeg).faces
    with pytest.raises(ImageTooLargeError, match="at most 14 megapixels"):
        analyzer.explain(face, jpeg, limits=few)


def test_only_one_copy_of_the_pixels_is_made(analyzer: Analyzer, jpeg: bytes) -> None:
    tracemalloc.start()
    analyzer.analyze(jpeg)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 2.2 * 3 * SIDE * SIDE * 60 // 100
