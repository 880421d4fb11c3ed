"""Runs the service: socket, signals, and an end that leaves no process behind."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import asdict
from types import FrameType

import uvicorn

from mimika.core.errors import MimikaError
from mimika.core.listening import address_of, listen
from mimika.service.api import create_app
from mimika.service.connections import protocol_with
from mimika.service.contract import Pool
from mimika.service.logs import configure_logging
from mimika.service.pool import WorkerPool
from mimika.service.process import WorkerSpec
from mimika.service.settings import ServiceSettings


def run_service(settings: ServiceSettings, announce: Callable[[str], None]) -> None:
    """Serves until SIGTERM or SIGINT.

    Args:
        settings: how.
        announce: is given the address once connections are accepted.

    Raises:
        ConfigError: the log cannot be written.
        ServiceError: the port cannot be had, or the service failed to start.
        ModelError: the model cannot be used.
        KeyboardInterrupt: a second SIGINT came before the end.
    """
    configure_logging(settings.home, settings.log_level)
    pool = WorkerPool(
        worker_spec(settings),
        settings.workers,
        settings.queue_size,
        settings.deadline_s,
        settings.recycle_mb,
    )
    config = uvicorn.Config(
        create_app(settings, pool),
        http=protocol_with(settings.header_s),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=settings.grace_s,
    )
    with listen(settings.host, settings.port) as listener:
        server = Server(config, pool, lambda: announce(address_of(listener)))
        asyncio.run(server.serve(sockets=[listener]))
    if server.failure is not None:
        raise server.failure
    if server.force_exit:
        raise KeyboardInterrupt


def worker_spec(settings: ServiceSettings) -> WorkerSpec:
    """How the settings say that a worker is started."""
    model = settings.model
    return WorkerSpec(
        options={
            "model": None if model is None else str(model.absolute()),
            "name": settings.model_name,
            "max_bytes": settings.max_bytes,
            "hardware": asdict(settings.hardware),
            "home": str(settings.shelf_home.absolute()),
            "models_mb": settings.models_mb,
        },
        memory_mb=settings.worker_memory_mb,
        log_level=settings.log_level,
    )


class Server(uvicorn.Server):
    """uvicorn's server, which also looks after the pool.

    Attributes:
        failure: why the service could not start, if so.
    """

    def __init__(
        self, config: uvicorn.Config, pool: Pool, announce: Callable[[], None]
    ) -> None:
        """Prepares the server.

        Args:
            config: of uvicorn.
            pool: the pool of its application.
            announce: is called once connections are accepted.
        """
        super().__init__(config)
        self.failure: MimikaError | OSError | None = None
        self._pool = pool
        self._announce = announce
        self._waiting: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts to accept connections and says so."""
        await super().startup(sockets)
        self._announce()
        self._waiting = asyncio.create_task(self._await_workers())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends the connections and the pool; in a hurry, the pool without mercy."""
        await super().shutdown(sockets)
        if self.force_exit:  # uvicorn leaves the application as it is
            self._pool.kill()
            await self.lifespan.shutdown()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begins the end at the first signal, and hurries at a second Ctrl-C.

        Unlike uvicorn's own, it does not raise the signal again afterwards: an end
        that was asked for is a success, with exit code 0.
        """
        self._pool.drain()
        super().handle_exit(sig, frame)
        self._captured_signals.clear()

    async def _await_workers(self) -> None:
        try:
            await self._pool.wait_ready()
        except (MimikaError, OSError) as error:
            self.failure = error
            self.should_exit = True
