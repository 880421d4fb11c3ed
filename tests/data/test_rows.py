import threading
import time

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from mimika.data.rows import TILE, for_each_row


def blas_threads() -> set[int]:
    return {
        library["num_threads"]
        for library in threadpool_info()
        if library["user_api"] == "blas"
    }


def test_results_come_in_the_order_of_the_rows_with_the_share_done() -> None:
    taken: list[int] = []
    shares: list[float] = []
    for_each_row(2 * TILE + 1, lambda row: row, taken.append, shares.append)
    assert taken == [0, TILE, 2 * TILE]
    assert shares == pytest.approx([1 / 3, 2 / 3, 1])


def test_products_take_one_thread_each_and_all_threads_afterwards() -> None:
    np.ones((2, 2)) @ np.ones((2, 2))
    before = blas_threads()
    inside: list[set[int]] = []
    for_each_row(1, lambda row: blas_threads(), inside.append, lambda share: None)
    assert inside == [{1}]
    assert blas_threads() == before


def test_after_an_error_no_further_row_begins() -> None:
    begun: list[int] = []
    lock = threading.Lock()

    def work(row: int) -> int:
        with lock:
            begun.append(row)
        if row:
            time.sleep(0.05)  # all of them take half a minute, refusing the first none
        return row

    def refuse(row: int) -> None:
        raise LookupError(f"row {row}")

    with pytest.raises(LookupError, match="row 0"):
        for_each_row(1_000 * TILE, work, refuse, lambda share: None)
    assert len(begun) < 1_000


def test_an_error_in_a_thread_is_raised() -> None:
    def work(row: int) -> None:
        raise LookupError("in a thread")

    with pytest.raises(LookupError, match="in a thread"):
        for_each_row(1, work, lambda result: None, lambda share: None)


def test_no_pictures_are_no_work() -> None:
    calls: list[float] = []
    for_each_row(0, lambda row: row, calls.append, calls.append)
    assert calls == []
