import numpy as np
import pytest

from mimika.core.errors import DataError
from mimika.data.samples import BadRow, Samples, join, split_of_usage


@pytest.fixture
def samples() -> Samples:
    images = np.arange(4, dtype=np.uint8).repeat(48 * 48).reshape(4, 48, 48)
    splits = np.array(["Training", "PublicTest", "Training", "PrivateTest"])
    labels = np.array([3, 1, 0, -1])
    return Samples(images, labels, splits, np.arange(4), "here", (BadRow("x", "y"),))


def test_arrays_of_different_lengths_are_refused(samples: Samples) -> None:
    with pytest.raises(ValueError, match="different lengths"):
        Samples(samples.images, samples.labels[:3], samples.splits, samples.rows, "a")


def test_a_split_is_taken_with_its_labels_and_rows(samples: Samples) -> None:
    training = samples.split("Training")
    assert len(training) == 2
    assert training.labels.tolist() == [3, 0]
    assert training.rows.tolist() == [0, 2]
    assert training.images[:, 0, 0].tolist() == [0, 2]
    assert training.skipped == samples.skipped


def test_a_split_that_is_not_there_is_named_with_those_that_are(
    samples: Samples,
) -> None:
    with pytest.raises(DataError, match=r"'Test'; it has Training \(2\), PublicTest"):
        samples.split("Test")


def test_pictures_without_label_are_left_out(samples: Samples) -> None:
    assert samples.labelled().rows.tolist() == [0, 1, 2]
    with pytest.raises(DataError, match="none of the 1 pictures has a label"):
        samples.split("PrivateTest").labelled()


def test_pictures_are_taken_by_position(samples: Samples) -> None:
    assert samples.take(np.array([3, 0])).labels.tolist() == [-1, 3]


def test_joining_keeps_order_and_bad_rows(samples: Samples) -> None:
    both = join([samples, samples.split("PublicTest")], "both")
    assert both.labels.tolist() == [3, 1, 0, -1, 1]
    assert both.source == "both"
    assert len(both.skipped) == 2


@pytest.mark.parametrize("usage", ["PublicTest", "publictest", " PUBLICTEST "])
def test_usage_is_read_in_any_letter_case(usage: str) -> None:
    assert split_of_usage(usage) == "PublicTest"


@pytest.mark.parametrize("usage", ["", "Public", "Test", "Trai"])
def test_no_other_usage_is_guessed(usage: str) -> None:
    assert split_of_usage(usage) is None
