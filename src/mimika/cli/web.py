"""`mimika web`: the web application."""

import click

from mimika.web.server import run_web


@click.command("web")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 picks a free one.",
)
def command(host: str, port: int) -> None:
    r"""Start the web application.

    It keeps accounts, pictures and results under MIMIKA_HOME (default: ~/.mimika) and
    asks the processing service at MIMIKA_SERVICE_URL (default: http://127.0.0.1:8100),
    until it is told to stop by Ctrl-C or SIGTERM. To be reached under another name than
    localhost, it has to know that name: set MIMIKA_ALLOWED_HOSTS.

    \b
    Example:
      mimika serve &
      MIMIKA_HOME=./var mimika web --port 8000
    """
    run_web(host, port, lambda address: click.echo(f"mimika web: {address}"))
