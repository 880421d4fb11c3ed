"""A pool without processes, for tests and for trying the API out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mimika.core.errors import ServiceBusyError, ServiceUnavailableError
from mimika.core.results import Analysis
from mimika.service.contract import DoJob, PoolStatus
from mimika.service.schemas import ModelInfo
from mimika.service.work import Done, Job, done_with


class InMemoryPool:
    """A `Pool` that does each job at once, in the process of the caller."""

    def __init__(
        self,
        work: Callable[[Job], Analysis | Done],
        models: tuple[ModelInfo, ...] = (),
        places: int = 4,
    ) -> None:
        """Prepares the pool.

        Args:
            work: does a job, or raises what a worker or its pool would raise.
            models: what `models` gives once the pool has been started.
            places: how many jobs are accepted at a time.
        """
        self._work = work
        self._offered = models
        self._places = places
        self._taken = 0
        self._started = False
        self._stopping = False

    @property
    def status(self) -> PoolStatus:
        """See `Pool`."""
        return PoolStatus(
            size=1,
            ready=int(self._started),
            running=0,
            queued=self._taken,
            restarts=0,
            stopping=self._stopping,
        )

    @property
    def models(self) -> tuple[ModelInfo, ...]:
        """See `Pool`."""
        return self._offered if self._started else ()

    @contextmanager
    def place(self) -> Iterator[DoJob]:
        """See `Pool`."""
        if self._stopping:
            raise ServiceUnavailableError("the service is stopping; try again later")
        if self._taken >= self._places:
            raise ServiceBusyError(f"all {self._places} places are taken")
        self._taken += 1
        try:
            yield self._do
        finally:
            self._taken -= 1

    async def start(self) -> None:
        """See `Pool`."""
        self._started = True

    async def wait_ready(self) -> None:
        """See `Pool`."""

    def drain(self) -> None:
        """See `Pool`."""
        self._stopping = True

    def kill(self) -> None:
        """See `Pool`."""

    async def stop(self) -> None:
        """See `Pool`."""
        self.drain()
        self._started = False

    async def _do(self, job: Job) -> Done:
        answer = self._work(job)
        return answer if isinstance(answer, Done) else done_with(answer, {})
