"""`mimika web`: the web application, and what is done beside it."""

import time

import click

from mimika.web.server import run_cleaning, run_dispatcher, run_web


@click.group("web", invoke_without_command=True)
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
@click.option(
    "--production",
    is_flag=True,
    help="For the world outside: https, and nothing is guessed or made up.",
)
@click.pass_context
def command(context: click.Context, host: str, port: int, production: bool) -> None:
    r"""Start the web application.

    It keeps accounts, pictures and results under MIMIKA_HOME (default: ~/.mimika) and
    asks the processing service at MIMIKA_SERVICE_URL (default: http://127.0.0.1:8100),
    until it is told to stop by Ctrl-C or SIGTERM. To be reached under another name than
    localhost, it has to know that name: set MIMIKA_ALLOWED_HOSTS.

    With --production, or MIMIKA_PRODUCTION=1, it does not start without
    MIMIKA_SECRET_KEY and MIMIKA_ALLOWED_HOSTS, and expects a proxy that speaks https.

    \b
    Examples:
      mimika serve &
      MIMIKA_HOME=./var mimika web --port 8000
      mimika web clean --older-than 90
    """
    context.obj = production
    if context.invoked_subcommand is None:
        run_web(host, port, lambda url: click.echo(f"mimika web: {url}"), production)


@command.command("dispatch")
@click.option(
    "--threads",
    type=click.IntRange(1, 64),
    default=4,
    show_default=True,
    help="How many pictures may be with the service at a time.",
)
@click.pass_obj
def dispatch(production: bool, threads: int) -> None:
    """Take pictures from the queue to the processing service, and serve no pages.

    The web application does this by itself; more processes, here or on other machines
    that share database and MIMIKA_HOME, help where it is not enough.
    """
    run_dispatcher(
        threads, lambda: click.echo("mimika web dispatch: ready"), production
    )


@command.command("clean")
@click.option(
    "--older-than",
    "days",
    type=click.IntRange(1),
    help="Days after which results are removed; default: MIMIKA_KEEP_DAYS, or never.",
)
@click.pass_obj
def clean(production: bool, days: int | None) -> None:
    r"""Remove what nobody needs any more; the servers may go on.

    That are pictures whose result is gone, sessions and limits that are over, and
    results that are older than they are kept.

    \b
    Example, once a day:
      MIMIKA_KEEP_DAYS=90 mimika web clean
    """
    began = time.perf_counter()
    for what, count in run_cleaning(days, production).items():
        click.echo(f"{what}: {count}")
    click.echo(f"done in {time.perf_counter() - began:.1f} s", err=True)
