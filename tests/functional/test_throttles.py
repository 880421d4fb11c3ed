"""Quotas hold when many ask at the same moment, on both kinds of database."""

import os
import subprocess
import sys
from pathlib import Path

PREPARE = """
from mimika.web.server import prepare
prepare()
"""
# Threads of two processes, each with a connection of its own, take from one bucket
# until nothing is left; printed is how much they got.
TAKE = """
import threading
from django.db import connection
from mimika.web.throttles.bucket import take
got, start = [], threading.Barrier(8)
def hurry():
    start.wait()
    got.extend(take("uploads", "somebody") is None for _ in range(5))
    connection.close()
threads = [threading.Thread(target=hurry) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert len(got) == 40
print(sum(got))
"""
QUOTA = 30  # of 80 that are asked for


def taken(home: Path, database: str | None = None) -> int:
    """How many tokens two processes got together."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("D", "MIMIKA_"))}
    quota = {"MIMIKA_HOME": str(home), "MIMIKA_UPLOADS_PER_HOUR": str(QUOTA)}
    environ = {**kept, **quota, **({"DATABASE_URL": database} if database else {})}
    # First the tables: two that start at the same moment cannot both make them.
    subprocess.run([sys.executable, "-c", PREPARE], env=environ, check=True)
    command = [sys.executable, "-c", PREPARE + TAKE]
    processes = [
        subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    printed = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    return sum(map(int, printed))


def test_a_sqlite_file_gives_exactly_the_quota(tmp_path: Path) -> None:
    assert taken(tmp_path) == QUOTA


def test_postgresql_gives_exactly_the_quota(database: str, tmp_path: Path) -> None:
    assert taken(tmp_path, database) == QUOTA
    assert not (tmp_path / "db.sqlite3").exists()
