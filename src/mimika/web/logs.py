"""Logging of the web application: console and one rotating file.

Several processes of the server write the same file, which the standard library's
handler does not survive when it rotates; concurrent-log-handler locks it.
"""

import logging
from pathlib import Path
from typing import Any

from mimika.web.request_id import current_request_id

FILE_BYTES = 2_000_000
FILES_KEPT = 10
LINE = "%(asctime)s %(levelname)s %(process)d [%(request_id)s] %(name)s %(message)s"


class RequestIdFilter(logging.Filter):
    """Gives every record the id of the request that is being served, or `-`."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keeps every record."""
        record.request_id = current_request_id()
        return True


def logging_config(level: str, file: Path | None) -> dict[str, Any]:
    """A configuration for `logging.config.dictConfig`.

    Args:
        level: name of the lowest level that is kept.
        file: where the rotating file lies, or None for the console alone.
    """
    shared = {"formatter": "line", "filters": ["request_id"]}
    handlers: dict[str, Any] = {"console": {"class": "logging.StreamHandler", **shared}}
    if file is not None:
        handlers["file"] = {
            "class": "concurrent_log_handler.ConcurrentRotatingFileHandler",
            "filename": str(file),
            "maxBytes": FILE_BYTES,
            "backupCount": FILES_KEPT,
            "encoding": "utf-8",
            **shared,
        }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": LINE}},
        "filters": {"request_id": {"()": RequestIdFilter}},
        "handlers": handlers,
        "root": {"level": level, "handlers": list(handlers)},
        "loggers": {
            # Django's own handlers would write every line a second time.
            "django": {"handlers": [], "level": level},
            # It tells sixty lines about every font of every PDF file.
            "fontTools": {"level": "WARNING"},
        },
    }
