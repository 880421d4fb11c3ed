"""Judging strategies on folds, and going on where it was interrupted."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from mimika.learning.folds import plan_folds
from mimika.learning.search import Ledger, key_of_search


@dataclass
class Echo:
    """Answers each picture with its number; counts, and may stop."""

    calls: list = field(default_factory=list)
    stops_at: int = 99

    def answers(self, teach, judge, seed):
        if len(self.calls) == self.stops_at:
            raise KeyboardInterrupt
        self.calls.append(seed)
        return np.stack([judge, judge + 1], axis=1).astype(np.float32)


def test_every_picture_is_answered_in_its_place(material, tmp_path):
    folds = list(plan_folds(material.pool, 4, 2, 1))
    shares = []
    found = Ledger(tmp_path).logits(Echo(), "echo", folds, shares.append)
    assert found.shape == (2, 24, 2)
    np.testing.assert_array_equal(found[:, :, 0], np.arange(24)[None].repeat(2, 0))
    assert shares == [pytest.approx(n / 8) for n in range(1, 9)]


def test_an_interrupted_search_goes_on(material, tmp_path):
    folds = list(plan_folds(material.pool, 4, 2, 1))
    first, second = Echo(stops_at=3), Echo()
    with pytest.raises(KeyboardInterrupt):
        Ledger(tmp_path).logits(first, "echo", folds, lambda share: None)
    Ledger(tmp_path).logits(second, "echo", folds, lambda share: None)
    assert (len(first.calls), len(second.calls)) == (3, 5)


def test_a_damaged_file_is_computed_again(material, tmp_path, caplog):
    folds = list(plan_folds(material.pool, 2, 1, 1))
    Ledger(tmp_path).logits(Echo(), "echo", folds, lambda share: None)
    for file in tmp_path.glob("*.npy"):
        file.write_bytes(b"half")
    again = Echo()
    Ledger(tmp_path).logits(again, "echo", folds, lambda share: None)
    assert len(again.calls) == 2
    assert "is damaged and is computed again" in caplog.text


def test_other_pictures_or_settings_are_another_search():
    assert len({key_of_search("a", "crop"), key_of_search("a", "pad")}) == 2
    assert key_of_search("a", "crop") == key_of_search("a", "crop")
