"""`mimika demo`: one page to try a model, without an account."""

from pathlib import Path

import click

from mimika.cli.options import service_options
from mimika.runtime.shelved import model_file, name_on_shelf
from mimika.service.server import run_service
from mimika.service.settings import DEMO_PORT, DemoSettings, read_settings

EXAMPLE = """\b
Examples:
  mimika demo learned/model.onnx
  mimika demo parts --port 8080
"""


@click.command("demo", epilog=EXAMPLE)
@click.argument("model", required=False, type=click.Path(path_type=Path))
@service_options(DEMO_PORT)
@click.option(
    "--workers",
    metavar="NUMBER",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Number of worker processes.",
)
def command(
    model: Path | None, host: str | None, port: int | None, workers: int
) -> None:
    """Serve one page to try a model: drop a picture, wait, see the answer.

    MODEL is an .onnx file, or the name of a model that was added; the one that comes
    with mimika where it is left out. The page has no accounts and keeps nothing: by
    default only this machine reaches it. Ctrl-C or SIGTERM ends it.
    """
    settings = read_settings(
        DemoSettings,
        host=host,
        port=port,
        workers=workers,
        model=model_file(model).absolute(),
        model_name=name_on_shelf(model),
        demo=True,
    )
    if settings.key is not None:
        raise click.UsageError(
            "the page sends no key, so that a service with a key would refuse it; "
            "unset MIMIKA_SERVICE_KEY"
        )
    run_service(settings, lambda address: click.echo(f"mimika demo: {address}"))
