"""How databases are spoken to."""

from pathlib import Path
from typing import Any


def sqlite(path: Path) -> dict[str, Any]:
    """A SQLite file that several processes and threads share."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            # Readers do not wait for a writer, and a writer waits for another.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
        },
    }
