"""Logging: the console and one rotating file, with a request id in every line.

Only the parent process writes the file, since several writers break its rotation; a
worker sends its records over the pipe. One service for each `MIMIKA_HOME`, therefore.
"""

import logging
import logging.config
import logging.handlers
import queue
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from mimika.core.errors import ConfigError
from mimika.service.frames import Frame

FILE_BYTES = 2_000_000
FILES_KEPT = 10
SENT = ("name", "levelno", "levelname", "msg", "created", "process", "request_id")

request_id: ContextVar[str] = ContextVar("request_id", default="-")


class RequestIdFilter(logging.Filter):
    """Gives every record the id of the request that is being served, or `-`."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keeps every record."""
        if not hasattr(record, "request_id"):
            record.request_id = request_id.get()
        return True


class FrameHandler(logging.handlers.QueueHandler):
    """Sends a worker's records to its parent."""

    def __init__(self, send: Callable[[Frame], None]) -> None:
        """Remembers how frames are sent."""
        super().__init__(queue.SimpleQueue())  # not used: `enqueue` sends at once
        self._send = send
        self.addFilter(RequestIdFilter())

    def enqueue(self, record: logging.LogRecord) -> None:
        """Sends a record; `prepare` has merged arguments and traceback into `msg`."""
        self._send(Frame("log", {key: getattr(record, key) for key in SENT}))


def handle_remote(values: dict[str, Any]) -> None:
    """Gives a worker's record to the parent's handlers."""
    record = logging.makeLogRecord({key: values[key] for key in SENT})
    target = logging.getLogger(record.name)
    if target.isEnabledFor(record.levelno):
        target.handle(record)


def configure_logging(home: Path, level: str) -> Path:
    """Sets up the logging of the service's parent process.

    Args:
        home: the state folder; the file is `logs/service.log` in it.
        level: name of the lowest level that is kept.

    Returns:
        The path of the file.

    Raises:
        ConfigError: the file cannot be written.
    """
    path = home / "logs" / "service.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        logging.config.dictConfig(_config(path, level))
    except (OSError, ValueError) as error:
        cause = error.__cause__ or error
        raise ConfigError(
            f"cannot write the log {path} ({cause}); choose another folder with "
            "MIMIKA_HOME"
        ) from error
    return path


def _config(path: Path, level: str) -> dict[str, Any]:
    line = "%(asctime)s %(levelname)s %(process)d [%(request_id)s] %(name)s %(message)s"
    shared = {"formatter": "line", "filters": ["request_id"]}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": line}},
        "filters": {"request_id": {"()": RequestIdFilter}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", **shared},
            "file": {
                "class": "logging.handlers.RotatingFileHandler",
                "filename": str(path),
                "maxBytes": FILE_BYTES,
                "backupCount": FILES_KEPT,
                "encoding": "utf-8",
                **shared,
            },
        },
        "root": {"level": level, "handlers": ["console", "file"]},
    }
