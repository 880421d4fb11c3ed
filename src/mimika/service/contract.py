"""What a pool of workers promises, whether it has processes or is a twin in memory."""

from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from mimika.service.schemas import ModelInfo
from mimika.service.work import Done, Job

DoJob = Callable[[Job], Coroutine[Any, Any, Done]]


@dataclass(frozen=True)
class PoolStatus:
    """What a pool is doing.

    Attributes:
        size: how many workers there should be.
        ready: how many are ready or at work.
        running: how many are at work.
        queued: how many jobs hold a place without being at work.
        restarts: how many workers have been replaced.
        stopping: whether new jobs are refused.
    """

    size: int
    ready: int
    running: int
    queued: int
    restarts: int
    stopping: bool

    @property
    def is_ready(self) -> bool:
        """Whether every worker is ready and jobs are accepted."""
        return self.ready == self.size and not self.stopping


class Pool(Protocol):
    """What does the jobs; `service.twins.InMemoryPool` is one without processes."""

    @property
    def status(self) -> PoolStatus:
        """What it is doing at the moment."""
        ...

    @property
    def models(self) -> tuple[ModelInfo, ...]:
        """The models that it offers; empty before the first worker is ready."""
        ...

    def place(self) -> AbstractContextManager[DoJob]:
        """Takes a place, and gives it back at the end of the `with` block.

        Returns:
            A context whose value does one job. It raises what the job raises, and
            ServiceTimeoutError (the deadline passed) or WorkerCrashedError.

        Raises:
            ServiceBusyError: all places are taken.
            ServiceUnavailableError: the pool is stopping.
        """
        ...

    async def start(self) -> None:
        """Starts the workers without waiting for them to be ready."""
        ...

    async def wait_ready(self) -> None:
        """Waits until every worker has been ready once.

        Raises:
            MimikaError: a worker cannot start, so that none will.
        """
        ...

    def drain(self) -> None:
        """Refuses new jobs from now on."""
        ...

    def kill(self) -> None:
        """Ends all workers at once, so that `stop` has nothing to wait for."""
        ...

    async def stop(self) -> None:
        """Ends all workers; a job that goes on for more than 2 s is lost."""
        ...
