"""`mimika train`: from an experiment file to a run folder."""

import logging
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console

from mimika.core.errors import ConfigError, TrainingError
from mimika.core.tasks import EMOTION
from mimika.data.reading import read_dataset
from mimika.data.samples import Samples
from mimika.training.config import Experiment
from mimika.training.config_file import read_experiment, write_experiment
from mimika.training.devices import is_first_process, launcher, leave_together
from mimika.training.loop import train
from mimika.training.progress import logging_to
from mimika.training.run import LAST

EXAMPLE = (
    "\b\nExamples:\n"
    "  mimika train experiments/first.toml --set data=fer2013.csv\n"
    "  torchrun --nproc-per-node 2 -m mimika train experiments/first.toml"
)

logger = logging.getLogger(__name__)


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
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Folder of the run.  [default: runs/NAME]",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Go on after the last finished epoch of an interrupted run.",
)
@click.option("--skip-bad", is_flag=True, help="Leave out rows that cannot be read.")
def command(
    experiment: Path,
    changes: tuple[str, ...],
    out: Path | None,
    resume: bool,
    skip_bad: bool,
) -> None:
    """Train a network from an experiment file.

    The run's folder receives config.toml, run.json, metrics.csv, curves.png, best.ckpt,
    last.ckpt, predictions.npz, report.html, report.md, confusion.png, reliability.png,
    card.json, train.log and TensorBoard events. Ctrl-C stops a run; it goes on with
    --resume and ends as if it had not been stopped.
    """
    resolved = read_experiment(experiment, changes)
    data = data_of(resolved)
    folder = out or Path("runs") / resolved.name
    options = [f"--set={change}" for change in changes]
    recipe = command_line(experiment, *options, *(["--skip-bad"] if skip_bad else []))
    is_first = is_first_process()
    if is_first:
        prepare_folder(folder, resolved, resume)
    console = Console(stderr=True, quiet=not is_first)
    with interruptions(folder, skip_bad), logging_to(folder, console, writes=is_first):
        samples = read_dataset(data, skip_bad=skip_bad)
        report_skipped(samples)
        best = train(resolved, samples, EMOTION, folder, console, recipe)
    leave_together()
    if not is_first:
        return
    click.echo(
        f"{folder}: best epoch {best.epoch}, accuracy {best.accuracy:.4f}, macro-F1 "
        f"{best.macro_f1:.4f} on the selection set"
    )


def data_of(experiment: Experiment) -> Path:
    """Where the data set is.

    Raises:
        ConfigError: there is nothing.
    """
    data = Path(experiment.data)
    if not data.exists():
        raise ConfigError(
            f"{data}: does not exist, and the experiment names it as its data; say "
            "where they are with --set data=PATH"
        )
    return data


def command_line(experiment: Path, *options: str) -> str:
    """A call of this command, as it is typed into a shell."""
    return shlex.join([*launcher(), "mimika", "train", str(experiment), *options])


def prepare_folder(folder: Path, experiment: Experiment, resume: bool) -> None:
    """Creates the run's folder and saves the resolved experiment in it.

    Raises:
        ConfigError: it already holds a run and `resume` is not given, or it does not
            and `resume` is, or it cannot be written.
    """
    holds_run = (folder / LAST).exists()
    if holds_run and not resume:
        raise ConfigError(
            f"{folder} already holds a run; go on with --resume, or choose another "
            "folder with --out"
        )
    if resume and not holds_run:
        raise ConfigError(
            f"{folder} holds no run to resume (no {LAST}); leave --resume out, or name "
            "the folder of the run with --out"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not holds_run:
            write_experiment(folder / "config.toml", experiment)
    except OSError as error:
        raise ConfigError(
            f"{folder} cannot be the folder of a run ({error.strerror}); choose "
            "another one with --out"
        ) from error


def report_skipped(samples: Samples) -> None:
    """Names the rows that were left out."""
    for row in samples.skipped:
        logger.warning("skipped %s: %s", row.where, row.cause)


@contextmanager
def interruptions(folder: Path, skip_bad: bool) -> Iterator[None]:
    """Says how to go on after Ctrl-C or a full disk.

    Raises:
        Exit: with code 1, after Ctrl-C.
        TrainingError: something could not be read or written.
    """
    try:
        yield
    except KeyboardInterrupt:
        click.echo(f"Stopped. {way_on(folder, skip_bad)}", err=True)
        raise click.exceptions.Exit(1) from None
    except OSError as error:
        raise TrainingError(
            f"{folder}: the run had to stop ({error}). {way_on(folder, skip_bad)}"
        ) from error


def way_on(folder: Path, skip_bad: bool) -> str:
    """What to do with a run that was interrupted."""
    if not (folder / LAST).exists():
        return "No epoch was finished: start again."
    options: Sequence[str] = ["--skip-bad"] if skip_bad else []
    # its own copy of the experiment, so that every --set is in it
    line = command_line(
        folder / "config.toml", "--out", str(folder), "--resume", *options
    )
    return f"Go on with: {line}"
