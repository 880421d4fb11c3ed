"""Comparing all with all, some rows of the square at a time, on all processors.

Each thread multiplies matrices by itself. Left alone, the linear algebra library puts
all its threads on every product; those here take a millisecond, and waiting for each
other costs more than is won, a great deal more where other programs run as well.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from threadpoolctl import (  # type: ignore[import-untyped]  # it has no types
    threadpool_limits,
)

from mimika.core.cores import usable_cores

Progress = Callable[[float], None]
Result = TypeVar("Result")

TILE = 1024  # pictures a side of what is compared at once: 4 MB of products


def for_each_row(
    count: int,
    work: Callable[[int], Result],
    take: Callable[[Result], None],
    progress: Progress,
) -> None:
    """Does the work of all rows of tiles in threads.

    Args:
        count: number of pictures.
        work: called in a thread with the first picture of each row of tiles.
        take: called with each result, in the order of the rows.
        progress: called with the share that is done, 0..1, after each.

    Raises:
        Exception: whatever `work`, `take` or `progress` raise. Rows that have not
            begun by then never do.
    """
    starts = range(0, count, TILE)
    with (
        threadpool_limits(1, user_api="blas"),
        ThreadPoolExecutor(usable_cores()) as pool,
    ):
        futures = [pool.submit(work, start) for start in starts]
        try:
            for done, future in enumerate(futures, start=1):
                take(future.result())
                progress(done / len(futures))
        finally:
            for future in futures:
                future.cancel()
