import asyncio
import logging
import logging.handlers
import os
import queue
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from mimika.core.errors import (
    BrokenImageError,
    ImageTooLargeError,
    ModelError,
    ServiceBusyError,
    ServiceError,
    ServiceTimeoutError,
    ServiceUnavailableError,
    WorkerCrashedError,
)
from mimika.core.results import Analysis
from mimika.service.pool import WorkerPool
from mimika.service.process import WorkerSpec
from mimika.service.schemas import AnalyzeOptions
from mimika.service.work import Job

pytestmark = pytest.mark.anyio

MakeSpec = Callable[..., WorkerSpec]


@asynccontextmanager
async def running(
    spec: WorkerSpec,
    size: int = 1,
    queue_size: int = 4,
    deadline_s: float = 20.0,
    recycle_mb: int = 0,
) -> AsyncIterator[WorkerPool]:
    pool = WorkerPool(spec, size, queue_size, deadline_s, recycle_mb)
    await pool.start()
    try:
        await pool.wait_ready()
        yield pool
    finally:
        await pool.stop()
        assert worker_ids() == set()


async def do(pool: WorkerPool, data: bytes = b"", request_id: str = "-") -> int:
    """Does one job; the id of the process that did it."""
    with pool.place() as analyze:
        done = await analyze(Job(data, AnalyzeOptions(), request_id))
        assert done.seconds == {"decode": 0.25}
        return Analysis.model_validate_json(done.body).width


def worker_ids() -> set[int]:
    children = psutil.Process().children(recursive=True)
    return {x.pid for x in children if "mimika.service.worker" in x.cmdline()}


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.02)


async def test_jobs_are_done_by_several_processes_at_the_same_time(
    spec: MakeSpec,
) -> None:
    async with running(spec(), size=2) as pool:
        assert pool.status.is_ready
        assert pool.models[0].name == "double"
        done = set(await asyncio.gather(do(pool, b"nap"), do(pool, b"nap")))
        assert done == worker_ids()
        assert len(done) == 2
        assert os.getpid() not in done


async def test_what_the_work_raises_is_raised_here(spec: MakeSpec) -> None:
    async with running(spec()) as pool:
        with pytest.raises(BrokenImageError, match="picture is cut short"):
            await do(pool, b"refuse")
        assert pool.status.restarts == 0


async def test_an_unforeseen_error_is_logged_with_its_request_and_not_told(
    spec: MakeSpec,
) -> None:
    records = logging.handlers.QueueHandler(queue.SimpleQueue())
    told_to = logging.getLogger("mimika.service.worker")
    told_to.addHandler(records)
    try:
        async with running(spec()) as pool:
            with pytest.raises(ServiceError, match="unforeseen") as told:
                await do(pool, b"stumble", "abc")
    finally:
        told_to.removeHandler(records)
    assert "secret" not in str(told.value)
    record = records.queue.get_nowait()
    assert record.request_id == "abc"
    assert record.getMessage().startswith("unforeseen error in a job\nTraceback")
    assert "ZeroDivisionError: a secret of the inside" in record.getMessage()


async def test_what_a_library_prints_does_not_disturb_the_answers(
    spec: MakeSpec,
) -> None:
    async with running(spec()) as pool:
        assert await do(pool, b"chat") == await do(pool)


async def test_a_job_that_wants_too_much_memory_is_refused_and_its_worker_lives(
    spec: MakeSpec,
) -> None:
    async with running(spec()) as pool:
        with pytest.raises(ImageTooLargeError, match="more memory"):
            await do(pool, b"swallow")
        assert pool.status.restarts == 0


async def test_a_full_queue_refuses_at_once_and_takes_jobs_again_later(
    spec: MakeSpec, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(spec(), queue_size=1) as pool:
        taken = [asyncio.create_task(do(pool, b"nap")) for _ in range(2)]
        await asyncio.sleep(0)
        for _ in range(3):
            with pytest.raises(ServiceBusyError, match="all 2 places") as busy:
                await do(pool)
            assert busy.value.retry_after_s == 1
        await asyncio.gather(*taken)
        assert pool.status.queued == 0
        await do(pool)
    assert caplog.text.count("all 2 places are taken: refusing") == 1
    assert caplog.text.count("all 2 places are free again") == 1


async def test_a_job_past_its_deadline_loses_its_worker_and_the_next_gets_another(
    spec: MakeSpec,
) -> None:
    async with running(spec(), deadline_s=2) as pool:
        slow = await do(pool)
        with pytest.raises(ServiceTimeoutError, match="within 2 s"):
            await do(pool, b"sleep")
        await until(lambda: pool.status.is_ready)  # starting takes of the deadline, too
        assert await do(pool) != slow
        assert pool.status.restarts == 1


async def test_waiting_for_a_worker_counts_to_the_deadline(spec: MakeSpec) -> None:
    async with running(spec(), deadline_s=1) as pool:
        jobs = [do(pool, b"sleep"), do(pool)]
        first, second = await asyncio.gather(*jobs, return_exceptions=True)
        assert isinstance(first, ServiceTimeoutError)
        assert isinstance(second, ServiceTimeoutError)


async def test_a_picture_that_kills_two_workers_is_given_up_and_both_are_replaced(
    spec: MakeSpec,
) -> None:
    async with running(spec(), size=3) as pool:
        jobs = [do(pool, b"nap"), do(pool, b"die")]
        survivor, victim = await asyncio.gather(*jobs, return_exceptions=True)
        assert isinstance(victim, WorkerCrashedError)
        assert "two worker processes died" in str(victim)
        assert survivor in worker_ids()
        await until(lambda: pool.status.is_ready)
        assert pool.status.restarts == 2
        assert len(worker_ids()) == 3


@pytest.mark.parametrize("size", [1, 2])
async def test_the_job_of_a_worker_that_dies_is_done_by_another(
    spec: MakeSpec, tmp_path: Path, size: int
) -> None:
    async with running(spec(), size=size) as pool:
        before = worker_ids()
        done_by = await do(pool, f"die once {tmp_path / 'mark'}".encode())
        assert len(before - worker_ids()) == 1
        assert done_by in worker_ids()
        await until(lambda: pool.status.is_ready)
        assert pool.status.restarts == 1


async def test_a_worker_that_holds_too_much_memory_is_replaced_between_jobs(
    spec: MakeSpec,
) -> None:
    async with running(spec(), recycle_mb=190) as pool:
        first = await do(pool)
        assert await do(pool, b"hold") == first
        assert await do(pool) != first
        assert pool.status.restarts == 1
    async with running(spec()) as pool:
        assert await do(pool, b"hold") == await do(pool)


async def test_an_idle_worker_that_is_killed_is_replaced_before_the_next_job(
    spec: MakeSpec,
) -> None:
    async with running(spec()) as pool:
        killed = await do(pool)
        os.kill(killed, signal.SIGKILL)
        await until(lambda: pool.status.ready == 0)
        assert await do(pool) != killed


async def test_a_worker_leaves_the_signals_of_a_terminal_to_its_parent(
    spec: MakeSpec,
) -> None:
    async with running(spec()) as pool:
        worker = await do(pool)
        os.kill(worker, signal.SIGINT)
        os.kill(worker, signal.SIGTERM)
        assert await do(pool) == worker


async def test_a_draining_pool_refuses_new_jobs_and_finishes_the_running_one(
    spec: MakeSpec,
) -> None:
    async with running(spec()) as pool:
        running_job = asyncio.create_task(do(pool, b"nap"))
        await asyncio.sleep(0)
        pool.drain()
        with pytest.raises(ServiceUnavailableError, match="stopping"):
            await do(pool)
        assert not pool.status.is_ready
        assert await running_job in worker_ids()


async def test_a_pool_stops_while_a_worker_still_starts(spec: MakeSpec) -> None:
    pool = WorkerPool(spec(), 1, 1, 1.0)
    await pool.start()
    await until(lambda: bool(worker_ids()))
    await pool.stop()
    assert worker_ids() == set()


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"fail": True}, ModelError, "the model is not a model"),
        ({"cold": True}, ModelError, "the model does not run"),
        ({"die": True}, WorkerCrashedError, "died before it was ready"),
    ],
)
async def test_a_worker_that_cannot_start_says_why(
    spec: MakeSpec, options: dict[str, bool], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        async with running(spec(**options)):
            pass


async def test_a_target_that_does_not_exist_is_named(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL)
    with pytest.raises(ServiceError, match="No module named 'nowhere'"):
        async with running(WorkerSpec("nowhere:build")):
            pass
