"""Runs the web application under gunicorn, from an empty folder to a clean end."""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connections
from gunicorn.app.base import BaseApplication

from mimika.core.errors import ConfigError
from mimika.core.listening import address_of, listen

if TYPE_CHECKING:  # models cannot be imported before the settings are loaded
    from mimika.web.analyses.dispatch import Dispatcher

LOCAL, PRODUCTION = "mimika.web.settings.local", "mimika.web.settings.production"
GUNICORN = {
    "worker_class": "gthread",
    "workers": 2,
    "threads": 4,  # a thread waits for the service while it looks at a picture
    "graceful_timeout": 10,
    "errorlog": "-",
    "loglevel": "warning",
    "control_socket_disable": True,
}


class Gunicorn(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn on a socket that is open already."""

    def __init__(self, listener: socket.socket, announce: Callable[[str], None]):
        """Takes the socket over.

        Args:
            listener: a listening socket; it belongs to gunicorn from now on.
            announce: is given the address once a worker has loaded the application.
        """
        self.address = address_of(listener)
        self.descriptor = listener.detach()
        self.announce = announce
        self.dispatcher: Dispatcher | None = None  # each worker has its own
        super().__init__()

    def load_config(self) -> None:
        """Sets what differs from gunicorn's defaults."""
        options = {**GUNICORN, "bind": f"fd://{self.descriptor}"}
        for name, value in options.items():
            self.cfg.set(name, value)
        self.cfg.set("post_worker_init", self.worker_is_ready)
        self.cfg.set("worker_exit", self.worker_ends)

    def load(self) -> Any:
        """The WSGI application; each worker loads its own."""
        from mimika.web.wsgi import application

        return application

    def worker_is_ready(self, worker: Any) -> None:
        """Starts to work on the queue, and announces the address.

        That once: later workers replace one that died.
        """
        from mimika.web.analyses.dispatch import Dispatcher

        self.dispatcher = Dispatcher()
        self.dispatcher.start()
        if worker.age == 1:
            self.announce(self.address)

    def worker_ends(self, _server: Any, _worker: Any) -> None:
        """Finishes what this worker has taken from the queue, or gives it back."""
        if self.dispatcher is not None:
            self.dispatcher.stop()


def run_web(
    host: str, port: int, announce: Callable[[str], None], production: bool = False
) -> None:
    """Serves until SIGTERM or SIGINT, then leaves by `SystemExit(0)`.

    Args:
        host: address to listen on.
        port: port to listen on; 0 picks a free one.
        announce: is given the address once requests are answered.
        production: for the world outside.

    Raises:
        ConfigError: a setting, the state folder or the database cannot be used.
        ServiceError: the port cannot be had.
        SystemExit: it was told to stop.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)  # gunicorn replaces these when it starts
    with listen(host, port) as listener:
        prepare(production)
        Gunicorn(listener, announce).run()


def run_dispatcher(
    threads: int, announce: Callable[[], None], production: bool = False
) -> None:
    """Works on the queue until SIGTERM or SIGINT.

    Args:
        threads: how many pictures may be with the service at a time.
        announce: is called once it works.
        production: for the world outside.

    Raises:
        ConfigError: a setting, the state folder or the database cannot be used.
    """
    prepare(production)
    from mimika.web.analyses.dispatch import Dispatcher

    ends = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ends.set())
    dispatcher = Dispatcher(threads)
    dispatcher.start()
    announce()
    ends.wait()
    dispatcher.stop()


def run_cleaning(keep_days: int | None, production: bool = False) -> dict[str, int]:
    """Removes what nobody needs any more.

    The tables are never made here: in a database that is empty because its name is
    wrong, no picture would belong to anybody, and all of them would go.

    Args:
        keep_days: how long results are kept; None for what the settings say.
        production: for the world outside.

    Returns:
        How many of each kind were removed, by words for people.

    Raises:
        ConfigError: a setting, the state folder or the database cannot be used.
    """
    set_up(production)
    from mimika.web.housekeeping import clean_up

    with _refused("nothing can be cleaned"):
        return clean_up(keep_days)


def set_up(production: bool = False) -> None:
    """Loads the settings and the applications.

    Raises:
        ConfigError: a setting cannot be used.
    """
    production = production or os.environ.get("MIMIKA_PRODUCTION", "") in ("1", "true")
    os.environ["DJANGO_SETTINGS_MODULE"] = PRODUCTION if production else LOCAL
    with _refused():
        django.setup()


def prepare(production: bool = False) -> None:
    """Loads the settings and brings the database to its present form.

    Raises:
        ConfigError: a setting or the database cannot be used.
    """
    set_up(production)
    with _refused():
        call_command("migrate", verbosity=0, interactive=False)
        connections.close_all()  # workers are forked and must not share one


@contextmanager
def _refused(what: str = "the web application cannot start") -> Iterator[None]:
    """Says in one line what cannot be used.

    Args:
        what: what cannot be done because of it.

    Raises:
        ConfigError: a setting or the database.
    """
    try:
        yield
    except (ImproperlyConfigured, DatabaseError, ValueError) as error:
        cause = " ".join(str(error).split())
        raise ConfigError(
            f"{what}: {cause}; check DATABASE_URL and the MIMIKA_* variables"
        ) from error


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
