"""Options that several commands share."""

import click

threads_option = click.option(
    "--threads",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Threads that one network may use.",
)
