"""Options that several commands share."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from mimika.core.errors import ConfigError
from mimika.runtime.hardware import PROVIDERS, Hardware, Provider

_threads = click.option(
    "--threads",
    type=click.IntRange(0, 256),
    default=1,
    show_default=True,
    help="Threads that one network may use; 0 for one on each core.",
)
_provider = click.option(
    "--provider",
    type=click.Choice(PROVIDERS),
    default="auto",
    show_default=True,
    help="What the networks run on; auto is CUDA where it works, else the CPU.",
)
_require = click.option(
    "--require",
    is_flag=True,
    help="Fail where the provider does not work, instead of going on with the next "
    "best.",
)

_host = click.option(
    "--host", metavar="ADDRESS", help="Address to listen on.  [default: 127.0.0.1]"
)

predictions_output = click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The .npz file to write.",
)


@contextmanager
def as_wrong_call() -> Iterator[None]:
    """Makes a wrong call of an option that cannot be followed.

    Raises:
        UsageError: for a `ConfigError`.
    """
    try:
        yield
    except ConfigError as error:
        raise click.UsageError(str(error)) from error


def hardware_options(command: Callable[..., None]) -> Callable[..., None]:
    """Adds --threads, --provider and --require; the command gets them as `hardware`."""

    @functools.wraps(command)
    def call(threads: int, provider: Provider, require: bool, **rest: Any) -> None:
        if require and provider == "auto":
            raise click.UsageError("--require needs a --provider that it requires")
        command(hardware=Hardware(threads, provider, require), **rest)

    return _threads(_provider(_require(call)))


def service_options(
    port: int,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Adds --host and --port of the processing service; None where left out.

    Args:
        port: what is taken then, for the help.
    """
    option = click.option(
        "--port",
        metavar="NUMBER",
        type=click.IntRange(0, 65535),
        help=f"Port to listen on; 0 picks a free one.  [default: {port}]",
    )
    return lambda command: _host(option(command))
