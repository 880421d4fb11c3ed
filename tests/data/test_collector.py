import numpy as np
import pytest

from mimika.core.errors import DataError
from mimika.data.collector import BLOCK, Collector, quote


@pytest.mark.parametrize("count", [1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK])
def test_everything_comes_back_in_order_over_the_edges_of_blocks(count: int) -> None:
    collector = Collector("here", skip_bad=False)
    for row in range(count):
        collector.add(np.full((48, 48), row % 251, np.uint8), row % 7, "Training", row)
    samples = collector.samples()
    assert samples.images.shape == (count, 48, 48)
    assert samples.images[:, 7, 7].tolist() == [row % 251 for row in range(count)]
    assert samples.labels.tolist() == [row % 7 for row in range(count)]
    assert samples.rows.tolist() == list(range(count))


def test_pictures_are_copied() -> None:
    collector = Collector("here", skip_bad=False)
    image = np.zeros((48, 48), np.uint8)
    collector.add(image, 0, "Training", 0)
    image[:] = 9
    assert collector.samples().images.max() == 0


def test_a_bad_row_stops_and_tells_how_to_go_on() -> None:
    with pytest.raises(DataError, match=r"^row 3: torn; .*--skip-bad"):
        Collector("here", skip_bad=False).reject("row 3", "torn")


def test_a_bad_row_is_kept_when_asked_for() -> None:
    collector = Collector("here", skip_bad=True)
    collector.add(np.zeros((48, 48), np.uint8), 0, "Training", 0)
    collector.reject("row 3", "torn")
    (bad,) = collector.samples().skipped
    assert (bad.where, bad.cause) == ("row 3", "torn")


def test_nothing_is_an_error() -> None:
    with pytest.raises(DataError, match="here: no pictures in it"):
        Collector("here", skip_bad=False).samples()


def test_quotes_are_short_and_harmless() -> None:
    assert quote(b"\xff\x1b[31m" + b"a" * 100).isascii() is False
    assert "\x1b" not in quote(b"\x1b[31m")
    assert len(quote("a" * 1000)) < 50
    assert quote(None) == "'None'"
