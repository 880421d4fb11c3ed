"""`mimika train`: from an experiment file to a run folder."""

import logging
from pathlib import Path

import click
from rich.console import Console

from mimika.core.errors import ConfigError
from mimika.core.tasks import EMOTION
from mimika.data.reading import read_dataset
from mimika.training.config import Experiment, read_experiment, write_experiment
from mimika.training.loop import LAST, train

EXAMPLE = "\b\nExample:\n  mimika train experiments/first.toml --set data=fer2013.csv"


@click.command("train", epilog=EXAMPLE)
@click.argument("experiment", type=click.Path(path_type=Path))
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="KEY=VALUE",
    help="Change a key of the experiment file; may be given several times.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder of the run.  [default: runs/NAME]",
)
@click.option("--resume", is_flag=True, help="Go on with an interrupted run.")
@click.option("--skip-bad", is_flag=True, help="Leave out rows that cannot be read.")
def command(
    experiment: Path,
    changes: tuple[str, ...],
    out: Path | None,
    resume: bool,
    skip_bad: bool,
) -> None:
    """Train a network from an experiment file.

    The run's folder receives config.toml, metrics.csv, curves.png, best.ckpt,
    last.ckpt, card.json, confusion.png, report.md and train.log.
    """
    resolved = read_experiment(experiment, changes)
    folder = out or Path("runs") / resolved.name
    prepare_folder(folder, resume)
    console = Console(stderr=True)
    handlers = start_logging(folder, console)
    try:
        write_config(folder, resolved)
        samples = read_dataset(Path(resolved.data), skip_bad=skip_bad)
        for row in samples.skipped:
            logging.getLogger("mimika").warning("skipped %s: %s", row.where, row.cause)
        best = train(resolved, samples, EMOTION, folder, console)
    finally:
        stop_logging(handlers)
    click.echo(
        f"{folder}: best epoch {best.epoch}, accuracy {best.accuracy:.4f}, macro-F1 "
        f"{best.macro_f1:.4f} on the selection set"
    )


def prepare_folder(folder: Path, resume: bool) -> None:
    """Creates the run's folder.

    Raises:
        ConfigError: it already holds a run and `resume` is not given, or it does not
            and `resume` is.
    """
    holds_run = (folder / LAST).exists()
    if holds_run and not resume:
        raise ConfigError(
            f"{folder} already holds a run; go on with --resume, or choose another "
            "folder with --out"
        )
    if resume and not holds_run:
        raise ConfigError(f"{folder} holds no run to resume (no {LAST})")
    folder.mkdir(parents=True, exist_ok=True)


def write_config(folder: Path, experiment: Experiment) -> None:
    """Saves the resolved experiment, unless a resumed run has it already."""
    path = folder / "config.toml"
    if not path.exists():
        write_experiment(path, experiment)


def start_logging(folder: Path, console: Console) -> list[logging.Handler]:
    """Sends mimika's log to `train.log` and to the console."""
    from rich.logging import RichHandler

    log = logging.FileHandler(folder / "train.log", encoding="utf-8")
    log.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    screen = RichHandler(console=console, show_path=False, show_level=False)
    handlers: list[logging.Handler] = [log, screen]
    root = logging.getLogger("mimika")
    root.setLevel(logging.INFO)
    for handler in handlers:
        root.addHandler(handler)
    return handlers


def stop_logging(handlers: list[logging.Handler]) -> None:
    """Closes what `start_logging` opened."""
    for handler in handlers:
        logging.getLogger("mimika").removeHandler(handler)
        handler.close()
