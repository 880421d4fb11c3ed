"""`mimika serve`: the processing service."""

import click

from mimika.cli.options import service_options
from mimika.service.server import run_service
from mimika.service.settings import PORT, read_settings

EXAMPLE = """\b
Example:
  mimika serve --port 8100
  curl -F file=@photo.jpg http://127.0.0.1:8100/v1/analyze
"""


@click.command("serve", epilog=EXAMPLE)
@service_options(PORT)
@click.option(
    "--workers",
    metavar="NUMBER",
    type=click.IntRange(1, 64),
    help="Number of worker processes.  [default: one a core, at most 4]",
)
def command(host: str | None, port: int | None, workers: int | None) -> None:
    """Start the processing service.

    It answers pictures with faces over HTTP until it is told to stop by Ctrl-C or
    SIGTERM; requests that are running are finished first. It has no accounts: let only
    your own programs reach it. Further settings come from MIMIKA_SERVICE_* variables.
    """
    settings = read_settings(host=host, port=port, workers=workers)
    run_service(settings, lambda address: click.echo(f"mimika service: {address}"))
