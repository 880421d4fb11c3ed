"""Arrays by picture and view, in one file."""

import numpy as np
import pytest

from mimika.core.errors import DataError
from mimika.learning.kept import Keeper


def rows(count):
    rng = np.random.default_rng(count)
    return [
        (rng.normal(size=5).astype(np.float16), rng.normal(size=(2, 3)).astype("f2"))
        for _ in range(count)
    ]


def test_what_was_kept_is_read_again_by_another_keeper(tmp_path):
    path = tmp_path / "features" / "a.sqlite"
    keys = [("a", 0), ("a", 1), ("b", 0)]
    kept = rows(3)
    Keeper(path).keep(zip(keys, kept, strict=True))
    again = Keeper(path)
    assert again.has([*keys, ("b", 1)]) == [True, True, True, False]
    found = again.read(keys[::-1], 1)
    np.testing.assert_array_equal(found, np.stack([row[1] for row in kept[::-1]]))
    assert again.read(keys, 0).dtype == np.float16
    with pytest.raises(KeyError, match="nothing is kept of"):
        again.read([("b", 1)], 0)


def test_a_row_can_be_written_again(tmp_path):
    keeper = Keeper(tmp_path / "a.sqlite")
    first, second = rows(2)
    keeper.keep([(("a", 0), first)])
    keeper.keep([(("a", 0), second)])
    np.testing.assert_array_equal(keeper.read([("a", 0)], 0)[0], second[0])


def test_a_file_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "a.sqlite"
    path.write_text("no database" * 100)
    with pytest.raises(DataError, match="features cannot be kept there"):
        Keeper(path)
