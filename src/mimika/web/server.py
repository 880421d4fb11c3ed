"""Runs the web application under gunicorn, from an empty folder to a clean end."""

import os
import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connections
from gunicorn.app.base import BaseApplication

from mimika.core.errors import ConfigError
from mimika.core.listening import address_of, listen

SETTINGS = "mimika.web.settings.production"
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
        super().__init__()

    def load_config(self) -> None:
        """Sets what differs from gunicorn's defaults."""
        options = {**GUNICORN, "bind": f"fd://{self.descriptor}"}
        for name, value in options.items():
            self.cfg.set(name, value)
        self.cfg.set("post_worker_init", self.worker_is_ready)

    def load(self) -> Any:
        """The WSGI application; each worker loads its own."""
        from mimika.web.wsgi import application

        return application

    def worker_is_ready(self, worker: Any) -> None:
        """Announces the address, once: later workers replace one that died."""
        if worker.age == 1:
            self.announce(self.address)


def run_web(host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serves until SIGTERM or SIGINT, then leaves by `SystemExit(0)`.

    Args:
        host: address to listen on.
        port: port to listen on; 0 picks a free one.
        announce: is given the address once requests are answered.

    Raises:
        ConfigError: a setting, the state folder or the database cannot be used.
        ServiceError: the port cannot be had.
        SystemExit: it was told to stop.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)  # gunicorn replaces these when it starts
    with listen(host, port) as listener:
        prepare()
        Gunicorn(listener, announce).run()


def prepare() -> None:
    """Loads the settings and brings the database to its present form.

    Raises:
        ConfigError: a setting or the database cannot be used.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    try:
        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        connections.close_all()  # workers are forked and must not share one
    except (ImproperlyConfigured, DatabaseError, ValueError) as error:
        cause = " ".join(str(error).split())
        raise ConfigError(
            f"the web application cannot start: {cause}; check DATABASE_URL and the "
            "MIMIKA_* variables"
        ) from error


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
