"""The memory of this process, as the system sees it."""

import mmap

import psutil
import pytest

from mimika.core.memory import peak_mb, resident_mb


def test_the_memory_is_what_the_process_holds_now() -> None:
    before = resident_mb()
    with mmap.mmap(-1, 100 * 2**20) as held:  # nothing that was freed is used again
        for place in range(0, len(held), mmap.PAGESIZE):
            held[place] = 1
        assert resident_mb() - before == pytest.approx(100, abs=10)
    assert resident_mb() - before < 30
    assert before == pytest.approx(psutil.Process().memory_info().rss / 2**20, abs=40)


def test_the_peak_is_not_below_what_is_held_now() -> None:
    peak = peak_mb()
    assert peak is not None
    assert resident_mb() - 2 <= peak < 100_000
