"""`mimika up`: the processing service and the web application together.

Each is a process of its own, in a session of its own so that Ctrl-C in a terminal
reaches this process alone: it stops the web application first, whose last requests
still need the service, and then the service. A process that does not end in time is
killed with all its children.
"""

import contextlib
import fcntl
import os
import queue
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import click

from mimika.core.errors import ServiceError
from mimika.core.home import home_folder
from mimika.core.listening import address_of, listen
from mimika.service.client import ServiceClient
from mimika.web.state import prepare_home

HOST = "127.0.0.1"
STOP_S = 15.0  # both servers finish what is running within 10 s

POLL_S = 0.2  # between two questions whether the service's workers are ready

LOCK = "up.lock"  # in the state folder; it goes with the process that holds it
SERVICE, WEB = "the processing service", "the web application"
WEB_READY = "mimika web: "


class Stopped(Exception):  # noqa: N818  not an error
    """SIGTERM or SIGINT came."""


@dataclass(frozen=True)
class Event:
    """Something that happened to a process, or a signal to us where `name` is empty.

    Attributes:
        name: which process.
        line: a line that it wrote to stdout; None where it has ended.
    """

    name: str = ""
    line: str | None = None


Events = queue.SimpleQueue[Event]  # safe to write to from a signal handler


class Process:
    """A running command whose stdout is read; its stderr is ours."""

    def __init__(
        self, name: str, arguments: Sequence[str], events: Events, **environ: str
    ) -> None:
        """Starts `mimika` with these arguments and more variables."""
        self.name = name
        self._events = events
        program = [sys.executable, "-m", "mimika"]
        self.popen = subprocess.Popen(  # noqa: S603  our own program, no shell
            [*program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **environ},
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def stop(self) -> None:
        """Asks it to end, and kills it with all its children if it does not."""
        self.popen.terminate()
        try:
            self.popen.wait(STOP_S)
        except subprocess.TimeoutExpired:
            click.echo(f"{self.name} does not end; killing it", err=True)
        with contextlib.suppress(ProcessLookupError):
            # Also what a process that died by itself has left behind.
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()
        self._reader.join(1)

    def _read(self) -> None:
        stdout: IO[str] | None = self.popen.stdout
        assert stdout is not None  # noqa: S101  for the type checker: it is a pipe
        with stdout:
            for line in stdout:
                self._events.put(Event(self.name, line.rstrip("\n")))
        self.popen.wait()
        self._events.put(Event(self.name))


@click.command("up")
@click.option(
    "--web-port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port of the web application; 0 picks a free one.",
)
@click.option(
    "--service-port",
    type=click.IntRange(0, 65535),
    default=8100,
    show_default=True,
    help="Port of the processing service; 0 picks a free one.",
)
def command(web_port: int, service_port: int) -> None:
    r"""Start the processing service and the web application together.

    Both listen on this machine only and keep their state under MIMIKA_HOME (default:
    ~/.mimika). Ctrl-C or SIGTERM stops both.

    \b
    Example:
      MIMIKA_HOME=./var mimika up
    """
    home = home_folder(os.environ)
    prepare_home(home)
    with alone_in(home):
        watch(web_port, service_port)


def watch(web_port: int, service_port: int) -> None:
    """Starts both, waits for a signal or an end, and stops both.

    Raises:
        ServiceError: a port is taken, or one of them has ended by itself.
    """
    service_port = free_port(service_port, "--service-port")
    web_port = free_port(web_port, "--web-port")
    # what lets the web application, and nobody else, add and remove models
    os.environ.setdefault("MIMIKA_SERVICE_ADMIN_KEY", secrets.token_urlsafe(32))
    events: Events = queue.SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: events.put(Event()))
    running: list[Process] = []
    url = f"http://{HOST}:{service_port}"
    try:
        start(running, events, url, web_port)
        address = wait_until_ready(events, ServiceClient(url))
        click.echo(f"mimika is ready: {address} (Ctrl-C stops it)")
        while True:
            handle(events.get())
    except Stopped:
        pass
    finally:
        click.echo("Stopping ...", err=True)
        for process in reversed(running):
            process.stop()


@contextlib.contextmanager
def alone_in(home: Path) -> Iterator[None]:
    """Keeps another `mimika up` away from the state folder, as long as this one lives.

    Two would share the pictures and the models that were added, but each has a service
    of its own, which knows nothing of what the other's was told.

    Raises:
        ServiceError: there is another one.
    """
    with (home / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ServiceError(
                f"another 'mimika up' runs on the state folder {home}; use that one, "
                "stop it, or set MIMIKA_HOME to another folder"
            ) from error
        yield


def start(running: list[Process], events: Events, url: str, web_port: int) -> None:
    """Starts both and puts them into the list, the service first."""
    where = ("--host", HOST, "--port")
    service_port = url.rpartition(":")[2]
    running.append(Process(SERVICE, ("serve", *where, service_port), events))
    running.append(
        Process(WEB, ("web", *where, str(web_port)), events, MIMIKA_SERVICE_URL=url)
    )


def wait_until_ready(events: Events, client: ServiceClient) -> str:
    """Waits for both: the web application's line, then the service's workers.

    Returns:
        The address of the web application.

    Raises:
        Stopped: a signal came.
        ServiceError: one of them has ended.
    """
    address = ""
    while not address or not client.ready():
        with contextlib.suppress(queue.Empty):
            event = events.get(timeout=POLL_S)
            address = handle(event) or address
    return address


def handle(event: Event) -> str | None:
    """Passes a line on, except the web application's address, which is returned.

    Raises:
        Stopped: it is a signal.
        ServiceError: it is the end of a process.
    """
    if not event.name:
        raise Stopped
    if event.line is None:
        raise ServiceError(
            f"{event.name} has ended by itself, so the other is stopped too; "
            "the lines above say why"
        )
    if event.name == WEB and event.line.startswith(WEB_READY):
        return event.line.removeprefix(WEB_READY)
    click.echo(event.line, err=True)
    return None


def free_port(port: int, option: str) -> int:
    """The port if nobody listens on it, or a free one for 0.

    Raises:
        ServiceError: the port is taken.
    """
    try:
        with listen(HOST, port) as listener:
            return int(address_of(listener).rpartition(":")[2])
    except ServiceError as error:
        raise ServiceError(f"{error} with {option}") from error
