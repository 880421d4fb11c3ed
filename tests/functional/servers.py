"""mimika's commands as processes of their own, and what their database says."""

import contextlib
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

READY = re.compile(r"mimika [a-z ]+: (http://127\.0\.0\.1:\d+|ready)")


@dataclass(frozen=True)
class Running:
    """A running command.

    Attributes:
        process: it.
        address: where it answers, as it said itself.
        errors: the file with its standard error.
    """

    process: subprocess.Popen[str]
    address: str
    errors: Path

    @property
    def port(self) -> str:
        """The port of the address."""
        return self.address.rpartition(":")[2]

    def children(self) -> list[psutil.Process]:
        """The processes that it started, and theirs."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def family(self) -> list[psutil.Process]:
        """It, with all processes that it started."""
        return [psutil.Process(self.process.pid), *self.children()]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Asks it to end, and returns its exit code."""
        self.process.send_signal(number)
        return self.process.wait(30)

    def kill(self) -> None:
        """Ends it and all of its group at once, as `kill -9` does."""
        family = self.family()
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)
        assert all_ended(family)


@contextmanager
def running(
    home: Path, *arguments: str, **environ: str
) -> Iterator[Callable[[], Running]]:
    """A command, and a function that waits until it has said its address."""
    home.mkdir(parents=True, exist_ok=True)
    errors = home / f"{arguments[0]}.stderr"
    with errors.open("a") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "mimika", *arguments],
            env=environment(home, **environ),
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
            start_new_session=True,
        )

    def ready() -> Running:
        assert process.stdout is not None
        line = process.stdout.readline()
        match = READY.search(line)
        assert match is not None, line + errors.read_text()
        return Running(process, match[1], errors)

    with process:
        try:
            yield ready
        finally:
            end(process)


def end(process: subprocess.Popen[str]) -> None:
    """Kills what is left of a command; its children may have sessions of their own."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for child in psutil.Process(process.pid).children(recursive=True):
            child.kill()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def environment(home: Path, **more: str) -> dict[str, str]:
    """Ours, without anything that sets up mimika or Django."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MIMIKA_", "DJANGO_", "DATABASE_"))
    }
    return {**inherited, "MIMIKA_HOME": str(home), **more}


def free_port() -> str:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


def has_ended(process: psutil.Process) -> bool:
    """Whether it has; a zombie too, whose new parent only has not looked yet."""
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def until(condition: Callable[[], bool], limit_s: float = 30.0) -> None:
    """Waits until it holds."""
    end_s = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end_s, "waited too long"
        time.sleep(0.05)


def all_ended(processes: Sequence[psutil.Process]) -> bool:
    """Whether they have, within ten seconds."""
    until(lambda: all(map(has_ended, processes)), 10)
    return True


@contextmanager
def frozen(processes: Sequence[psutil.Process]) -> Iterator[None]:
    """Processes that stand still and go on at the end of the block, if they live."""
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            if not has_ended(process):
                process.resume()


def rows(home: Path, query: str) -> list[tuple[Any, ...]]:
    """What the application's SQLite file answers."""
    with closing(sqlite3.connect(home / "db.sqlite3", timeout=20)) as database:
        return database.execute(query).fetchall()


def in_state(home: Path, state: str) -> int:
    """How many analyses are in it."""
    assert state.isalpha()
    ((count,),) = rows(
        home,
        f"SELECT count(*) FROM analyses_analysis WHERE state = '{state}'",  # noqa: S608  letters
    )
    return int(count)


def computations(home: Path) -> int:
    """What the only person's account counts."""
    ((count,),) = rows(home, "SELECT computations FROM accounts_user")
    return int(count)
