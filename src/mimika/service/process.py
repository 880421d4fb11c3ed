"""One worker process, as its parent sees it."""

import asyncio
import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mimika.core.errors import (
    MimikaError,
    ServiceError,
    ServiceTimeoutError,
    WorkerCrashedError,
)
from mimika.service.frames import Frame, encode, receive_frame
from mimika.service.logs import handle_remote
from mimika.service.problems import to_error
from mimika.service.schemas import ModelInfo
from mimika.service.work import Done, Job

logger = logging.getLogger("mimika.service.pool")


@dataclass(frozen=True)
class WorkerSpec:
    """How a worker process is started.

    Attributes:
        target: `module:function` that builds its `Work` inside the process.
        options: what that function is given; JSON must be able to say it.
        memory_mb: bound of its address space in MiB; 0 is no bound.
        log_level: lowest level of the records that it sends.
    """

    target: str = "mimika.service.work:build_work"
    options: Mapping[str, Any] = field(default_factory=dict)
    memory_mb: int = 0
    log_level: str = "INFO"


class WorkerProcess:
    """A started process: becomes ready, does one job at a time, ends."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """Takes over a process that `start_worker` started."""
        self._process = process
        self._answer: asyncio.Future[Frame] | None = None
        self.models: tuple[ModelInfo, ...] = ()
        self.alive = True
        self.memory_mb = 0  # after its latest job

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def ready(self) -> bool:
        """Whether it takes jobs, or is doing one."""
        return self.alive and bool(self.models)

    async def become_ready(self, limit_s: float) -> None:
        """Waits until the worker has built its `Work`.

        Args:
            limit_s: longest wait.

        Raises:
            MimikaError: it cannot be built; the message says why.
            WorkerCrashedError: the process died before it was ready.
            ServiceTimeoutError: it took too long.
        """
        try:
            async with asyncio.timeout(limit_s):
                frame = await self._receive()
        except TimeoutError as error:
            raise ServiceTimeoutError(
                f"worker {self.pid} was not ready within {limit_s:g} s"
            ) from error
        if frame is None or frame.kind not in ("ready", "failed"):
            raise WorkerCrashedError(f"worker {self.pid} died before it was ready")
        if frame.kind == "failed":
            raise to_error(frame.header["slug"], frame.header["detail"])
        models = (ModelInfo.model_validate(x) for x in frame.header["models"])
        self.models = tuple(models)

    async def do(self, job: Job) -> Done:
        """Does a job.

        Cancelling this leaves the process in an unknown state: kill it then.

        Raises:
            MimikaError: what the work raised.
            WorkerCrashedError: the process died.
        """
        self._answer = asyncio.get_running_loop().create_future()
        try:
            if not self.alive:
                raise self._crashed()
            await self._send(Frame("job", job_header(job), job.data))
            frame = await self._answer
            self.memory_mb = frame.header.get("memory_mb", 0)
            return _parse(frame)
        except ConnectionError as error:
            self.alive = False
            raise self._crashed() from error
        finally:
            self._answer = None

    async def watch(self) -> int:
        """Passes on what the ready worker sends, until it has ended.

        Returns:
            Its exit code; minus the signal where one killed it.
        """
        while (frame := await self._receive()) is not None:
            if self._answer is not None and not self._answer.done():
                self._answer.set_result(frame)
        self.alive = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(self._crashed())
        return await self.end()  # it may have closed its pipe without ending

    def close(self) -> None:
        """Ends it after the job at hand."""
        self.alive = False
        if self._process.stdin is not None:
            self._process.stdin.close()

    def kill(self) -> None:
        """Ends it at once."""
        self.alive = False
        if self._process.returncode is None:
            self._process.kill()

    async def end(self) -> int:
        """Ends it at once, if it has not ended, and waits for that.

        Returns:
            Its exit code; minus the signal where one killed it.
        """
        self.kill()
        return await self._process.wait()

    async def setup(self, spec: WorkerSpec) -> None:
        """Tells the process what it is."""
        header = {
            "target": spec.target,
            "options": dict(spec.options),
            "memory_mb": spec.memory_mb,
            "log_level": spec.log_level,
        }
        await self._send(Frame("setup", header))

    async def _send(self, frame: Frame) -> None:
        stream = self._process.stdin
        if stream is None:
            raise ConnectionError("the worker has no pipe")
        stream.write(encode(frame))
        await stream.drain()

    async def _receive(self) -> Frame | None:
        """The next frame that is not a log record; None when there will be none."""
        stream = self._process.stdout
        while stream is not None:
            try:
                frame = await receive_frame(stream)
            except (ValueError, KeyError):
                logger.exception("worker %d sent something that is no frame", self.pid)
                return None
            if frame is None or frame.kind != "log":
                return frame
            handle_remote(frame.header)
        return None

    def _crashed(self) -> WorkerCrashedError:
        return WorkerCrashedError(
            f"the worker process {self.pid} died during this job; it is being replaced"
        )


async def start_worker(spec: WorkerSpec) -> WorkerProcess:
    """Starts a fresh interpreter; nothing of this process is copied into it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",  # the folder where the service was started is not searched for modules
        "-m",
        "mimika.service.worker",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )
    worker = WorkerProcess(process)
    try:
        await worker.setup(spec)
    except ConnectionError:
        logger.warning("worker %d died at its start", worker.pid)
    except BaseException:
        worker.kill()
        raise
    return worker


def job_header(job: Job) -> dict[str, Any]:
    """What a job's frame says beside the picture."""
    return {
        "wanted": job.options.kind,
        "options": job.options.model_dump(mode="json", round_trip=True),
        "request_id": job.request_id,
    }


def _parse(frame: Frame) -> Done:
    """What an answer says, or the error that it tells of."""
    if frame.kind == "error":
        error: MimikaError = to_error(frame.header["slug"], frame.header["detail"])
        raise error
    try:
        return Done(frame.body, frame.header["faces"], frame.header["seconds"])
    except KeyError as error:
        raise ServiceError("a worker answered something else") from error
