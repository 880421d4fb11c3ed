"""The group of commands: a literal table, each command imported when it is called."""

import importlib
import logging
import sys
from collections.abc import Sequence

import click

from mimika.core.errors import MimikaError
from mimika.core.extras import how_to_install

# name of the command: (module under mimika.cli, extra that it needs, one line of help)
COMMANDS: dict[str, tuple[str, str | None, str]] = {
    "predict": ("predict", None, "Find and classify the faces in pictures."),
    "live": ("live", "live", "Show the faces in a camera or a stream as they move."),
    "preview": ("preview", "train", "Draw what augmentation makes of pictures."),
    "analyse": ("analyse", "train", "Report what is in a data set and what is wrong."),
    "train": ("train", "train", "Train a network from an experiment file."),
    "learn": ("learn", "train", "Learn to tell photographs apart, the best way."),
    "evaluate": ("evaluate", "train", "Judge a model on a labelled data set."),
    "study": ("study", "train", "Train several runs that answer one question."),
    "compare": ("compare", "train", "Compare runs with each other and with others."),
    "ensemble": ("ensemble", None, "Average the predictions of several models."),
    "stack": ("stack", "train", "Make soft targets from held-out answers and votes."),
    "neighbours": ("neighbours", "train", "Answer with the most similar pictures."),
    "submit": ("submit", None, "Write a Kaggle submission."),
    "networks": ("networks", "train", "List the networks and what they cost."),
    "models": ("models", None, "Add, list and remove models of your own."),
    "upscaler": ("upscaler", "train", "Train a network that enlarges pictures."),
    "draw-parts": ("draw_parts", None, "Draw pictures of parts, to try things out."),
    "split": ("split", "train", "Divide a data set and keep the division in a file."),
    "export": ("export", "train", "Write a trained run as an ONNX file."),
    "bench": ("bench", None, "Measure how fast this machine is."),
    "video": ("video", "live", "Say who shows what in a video, and mark it."),
    "serve": ("serve", "serve", "Start the processing service."),
    "demo": ("demo", "serve", "Serve one page to try a model."),
    "web": ("web", "web", "Start the web application."),
    "up": ("up", "web", "Start the service and the web application together."),
}


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports the command, or says which extra has to be installed for it."""
        if cmd_name not in COMMANDS:
            return None
        module, extra, _ = COMMANDS[cmd_name]
        try:
            loaded = importlib.import_module(f"mimika.cli.{module}")
        except ModuleNotFoundError as error:
            if extra is None or (error.name or "").startswith("mimika"):
                raise
            raise click.ClickException(
                f"'mimika {cmd_name}' needs the package {error.name!r}, which is not "
                f"installed; {how_to_install(extra)}"
            ) from error
        command: click.Command = loaded.command
        return command

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Lists the commands from the table, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, row[2]) for name, row in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mimika")
def cli() -> None:
    """Facial-emotion classification from a data set to an answer on a screen."""


def main(argv: Sequence[str] | None = None) -> None:
    """Runs the command line; exits with 0 (done), 1 (failed) or 2 (wrong call)."""
    logging.captureWarnings(True)
    try:
        code = cli.main(argv, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.Abort:
        click.echo("Stopped.", err=True)
        code = 1
    except MimikaError as error:
        click.echo(f"Error: {error}", err=True)
        code = 1
    except OSError as error:  # such as a full disk or a folder without permission
        click.echo(f"Error: {error}", err=True)
        code = 1
    sys.exit(code)
