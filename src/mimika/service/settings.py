"""The settings of the processing service, from the environment."""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from mimika.core.cores import usable_cores
from mimika.core.errors import ConfigError
from mimika.core.images import DEFAULT_LIMITS
from mimika.runtime.hardware import Hardware, Provider
from mimika.service.work import DEFAULT_MODELS_MB

PREFIX = "MIMIKA_SERVICE_"
PORT, DEMO_PORT = 8100, 8200
MOST_WORKERS_BY_DEFAULT = 4


def default_workers() -> int:
    """One worker for each core that may be used, at most 4."""
    return min(usable_cores(), MOST_WORKERS_BY_DEFAULT)


class ServiceSettings(BaseSettings):
    """Settings; each is `MIMIKA_SERVICE_` and its name in capitals.

    Attributes:
        home: folder of all state; `MIMIKA_HOME`, without the prefix.
        host: address to listen on; only this machine by default, since the service
            has no accounts.
        port: port to listen on; 0 picks a free one.
        workers: number of worker processes.
        queue_size: how many more requests may wait; the next gets 503.
        deadline_s: longest time from a received picture to its answer; then 504.
        upload_s: longest time for receiving a picture; then 408.
        grace_s: how long running requests may go on after SIGTERM.
        max_bytes: largest picture file.
        model: path of the model; the one in the package by default.
        model_name: what answers are to call that model; the name in its card where
            there is none.
        threads: threads that one network of one worker may use.
        provider: what the networks run on (see `runtime.hardware`).
        require: whether to refuse to start where that does not work.
        arena: whether networks keep the memory of a run for the next one.
        key: what clients have to send as `X-API-Key`; without one all are served.
        header_s: longest time for the header of a request.
        idle_s: longest pause while a picture arrives.
        recycle_mb: resident memory in MiB over which a worker is replaced between
            jobs; 0 is never.
        worker_memory_mb: bound of a worker's address space in MiB; 0 is none.
        models_mb: MiB that the models that were added may hold together in one worker;
            those that were not used for longest go.
        admin_key: what has to be sent as `X-Admin-Key` to add and remove models;
            without one nobody can do so over HTTP.
        demo: whether a page to try the model is served at `/`.
        log_level: lowest level that is logged.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", populate_by_name=True
    )

    home: Path = Field(
        default_factory=lambda: Path.home() / ".mimika", validation_alias="MIMIKA_HOME"
    )
    host: str = "127.0.0.1"
    port: int = Field(default=PORT, ge=0, le=65535)
    workers: int = Field(default_factory=default_workers, ge=1, le=64)
    queue_size: int = Field(default=16, ge=0, le=1000)
    deadline_s: float = Field(default=20.0, gt=0)
    upload_s: float = Field(default=30.0, gt=0)
    grace_s: int = Field(default=10, ge=0)
    max_bytes: int = Field(default=DEFAULT_LIMITS.max_bytes, ge=1, le=1_000_000_000)
    model: Path | None = None
    model_name: str | None = None
    threads: int = Field(default=1, ge=1, le=256)
    provider: Provider = "auto"
    require: bool = False
    arena: bool = True
    key: SecretStr | None = None
    header_s: float = Field(default=10.0, gt=0)
    idle_s: float = Field(default=10.0, gt=0)
    recycle_mb: int = Field(default=384, ge=0)
    worker_memory_mb: int = Field(default=2048, ge=0)
    models_mb: int = Field(default=DEFAULT_MODELS_MB, ge=1)
    admin_key: SecretStr | None = None
    demo: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def shelf_home(self) -> Path:
        """Where the models that were added lie; a demonstration has its own alone."""
        return self.home / "demo" if self.demo else self.home

    @property
    def hardware(self) -> Hardware:
        """What one worker may use."""
        return Hardware(self.threads, self.provider, self.require, self.arena)


class DemoSettings(ServiceSettings):
    """Those of `mimika demo`, which runs beside a service."""

    port: int = Field(default=DEMO_PORT, ge=0, le=65535)


def read_settings(
    kind: type[ServiceSettings] = ServiceSettings, **given: Any
) -> ServiceSettings:
    """The settings of the environment.

    Args:
        kind: says the defaults.
        given: settings that go before the environment; None is not given.

    Raises:
        ConfigError: one has an impossible value.
    """
    chosen = {name: value for name, value in given.items() if value is not None}
    try:
        return kind(**chosen)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        variable = name if name == "MIMIKA_HOME" else PREFIX + name.upper()
        raise ConfigError(
            f"{variable} is {first['input']!r}: {first['msg']}; correct or unset it"
        ) from error
