"""A supervised pool of worker processes.

A job first takes a place: there are as many as workers and places in the queue, and
when all are taken the caller is told to come back later. The deadline counts from the
moment the job is handed over, waiting included. A worker that is still busy at the
deadline is killed and replaced, because a running native call cannot be stopped
otherwise; so is one that dies. Its job is tried once more, on another worker, and given
up if that one dies as well: then it is the picture that kills them. A worker that holds
too much memory after a job is ended and replaced before the next.

(`concurrent.futures.ProcessPoolExecutor` stays broken after a death and cannot stop
one job, hence a pool of our own. It runs on the event loop and has no threads.)
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from mimika.core.errors import (
    MimikaError,
    ServiceBusyError,
    ServiceTimeoutError,
    ServiceUnavailableError,
    WorkerCrashedError,
)
from mimika.service.contract import DoJob, PoolStatus
from mimika.service.process import WorkerProcess, WorkerSpec, start_worker
from mimika.service.schemas import ModelInfo
from mimika.service.work import Done, Job

logger = logging.getLogger("mimika.service.pool")

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 10.0
NOTICE_S = 0.1  # until the ends of processes that died together are known
START_TIMEOUT_S = 60.0
CLOSE_TIMEOUT_S = 2.0


class WorkerPool:
    """A `Pool` of spawned processes, all alike."""

    def __init__(
        self,
        spec: WorkerSpec,
        size: int,
        queue_size: int,
        deadline_s: float,
        recycle_mb: int = 0,
    ) -> None:
        """Prepares a pool; no process is started yet.

        Args:
            spec: how a worker is started.
            size: how many workers, at least 1.
            queue_size: how many jobs may wait for one.
            deadline_s: longest time from handing a job over to its answer.
            recycle_mb: memory in MiB over which an idle worker is replaced; 0: never.
        """
        self._spec = spec
        self._size = size
        self._places = size + queue_size
        self._deadline_s = deadline_s
        self._recycle_mb = recycle_mb
        self._taken = 0
        self._running = 0
        self._restarts = 0
        self._stopping = False
        self._is_full = False
        self._models: tuple[ModelInfo, ...] = ()
        self._workers: set[WorkerProcess] = set()
        self._idle: asyncio.Queue[WorkerProcess] = asyncio.Queue()
        self._slots: list[asyncio.Task[None]] = []
        self._first: list[asyncio.Future[None]] = []

    @property
    def status(self) -> PoolStatus:
        """See `Pool`."""
        return PoolStatus(
            size=self._size,
            ready=sum(worker.ready for worker in self._workers),
            running=self._running,
            queued=self._taken - self._running,
            restarts=self._restarts,
            stopping=self._stopping,
        )

    @property
    def models(self) -> tuple[ModelInfo, ...]:
        """See `Pool`."""
        return self._models

    @contextmanager
    def place(self) -> Iterator[DoJob]:
        """See `Pool`."""
        if self._stopping:
            raise ServiceUnavailableError("the service is stopping; try again later")
        if self._taken >= self._places:
            self._say_full(is_full=True)
            raise ServiceBusyError(
                f"all {self._places} places are taken; try again in a second"
            )
        self._taken += 1
        try:
            yield self._do_in_time
        finally:
            self._taken -= 1
            if not self._taken:
                self._say_full(is_full=False)

    def _say_full(self, *, is_full: bool) -> None:
        """Logs the change: a line for each refusal would cost more than to refuse."""
        if is_full != self._is_full:
            self._is_full = is_full
            if is_full:
                logger.warning("all %d places are taken: refusing", self._places)
            else:
                logger.warning("all %d places are free again", self._places)

    async def start(self) -> None:
        """See `Pool`."""
        loop = asyncio.get_running_loop()
        self._first = [loop.create_future() for _ in range(self._size)]
        self._slots = [asyncio.create_task(self._keep(first)) for first in self._first]

    async def wait_ready(self) -> None:
        """See `Pool`."""
        await asyncio.gather(*self._first)

    def drain(self) -> None:
        """See `Pool`."""
        self._stopping = True

    def kill(self) -> None:
        """See `Pool`."""
        self.drain()
        for worker in self._workers:
            worker.kill()

    async def stop(self) -> None:
        """See `Pool`."""
        self.drain()
        for worker in self._workers:
            worker.close()
        if self._slots:
            await asyncio.wait(self._slots, timeout=CLOSE_TIMEOUT_S)
        for task in [*self._slots, *self._first]:
            task.cancel()
        await asyncio.gather(*self._slots, *self._first, return_exceptions=True)

    async def _do_in_time(self, job: Job) -> Done:
        """Does a job before its deadline."""
        try:
            async with asyncio.timeout(self._deadline_s):
                return await self._try_twice(job)
        except TimeoutError as error:
            raise ServiceTimeoutError(
                f"no answer within {self._deadline_s:g} s; try again later, or send a "
                "smaller picture"
            ) from error

    async def _try_twice(self, job: Job) -> Done:
        """Does a job on the first free worker, and if that one dies on the next."""
        try:
            return await self._do(await self._free_worker(), job)
        except WorkerCrashedError as error:
            logger.warning("%s; the job is tried once more", error)
        await asyncio.sleep(NOTICE_S)  # what died with it must not get the job
        try:
            return await self._do(await self._free_worker(), job)
        except WorkerCrashedError as error:
            raise WorkerCrashedError(
                "two worker processes died during this job; both are being replaced: "
                "send another picture, or this one later"
            ) from error

    async def _free_worker(self) -> WorkerProcess:
        while not (worker := await self._idle.get()).alive:
            pass  # it died while it was idle; its successor will join the queue
        return worker

    async def _do(self, worker: WorkerProcess, job: Job) -> Done:
        self._running += 1
        try:
            return await worker.do(job)
        except asyncio.CancelledError:  # the deadline, or the end of the service
            logger.warning("worker %d is killed in its job", worker.pid)
            worker.kill()
            raise
        finally:
            self._running -= 1
            self._retire_if_large(worker)
            self._idle.put_nowait(worker)  # passed over later if it is dead

    def _retire_if_large(self, worker: WorkerProcess) -> None:
        """Ends a worker that holds too much memory; its slot starts another."""
        if self._recycle_mb and worker.memory_mb > self._recycle_mb:
            logger.warning(
                "worker %d holds %d MiB and is replaced", worker.pid, worker.memory_mb
            )
            worker.close()

    async def _keep(self, first: asyncio.Future[None]) -> None:
        """Keeps one slot filled: starts a worker, and the next when it has ended."""
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                await self._live(first)
                pause_s = FIRST_PAUSE_S
            except (MimikaError, OSError) as error:
                if not first.done():
                    first.set_exception(error)
                    return
                logger.error("a worker cannot start: %s", error)
            if self._stopping:
                return
            self._restarts += 1
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _live(self, first: asyncio.Future[None]) -> None:
        """The life of one worker, from its start to its end."""
        worker = await start_worker(self._spec)
        self._workers.add(worker)
        try:
            await worker.become_ready(START_TIMEOUT_S)
            self._models = worker.models
            self._idle.put_nowait(worker)
            if not first.done():
                first.set_result(None)
            logger.info("worker %d is ready", worker.pid)
            code = await worker.watch()
            if not self._stopping:
                logger.warning("worker %d ended with code %d", worker.pid, code)
        finally:
            self._workers.discard(worker)
            await worker.end()
