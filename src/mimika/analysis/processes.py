"""Spreads work on many pictures over processes."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

FEW = 256  # items for which starting processes takes longer than the work


def spread(
    work: Callable[[Sequence[Item]], list[Result]],
    items: Sequence[Item],
    workers: int,
    chunk: int,
) -> Iterator[Result]:
    """Calls `work` on chunks of items and yields its results in the items' order.

    Args:
        work: takes a chunk; defined in a module, so that other processes find it.
        items: what to work on.
        workers: processes; 1 works in this one. Processes are spawned, so a script
            that asks for more needs `if __name__ == "__main__":`.
        chunk: items at once.
    """
    chunks = [items[start : start + chunk] for start in range(0, len(items), chunk)]
    if workers == 1 or len(items) < FEW:
        for part in chunks:
            yield from work(part)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        try:
            for results in pool.map(work, chunks):
                yield from results
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
