"""`mimika study`: several runs that answer one question, and the table of answers."""

import logging
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from rich.console import Console

from mimika.cli.compare import Result, write_all
from mimika.cli.train import interruptions, prepare_folder
from mimika.core.errors import ConfigError
from mimika.core.tasks import EMOTION
from mimika.data.reading import read_dataset
from mimika.data.samples import Samples
from mimika.data.split_file import picture_digest
from mimika.evaluation.comparison import compare
from mimika.evaluation.comparison_page import cost_figure
from mimika.evaluation.comparison_table import HEADER, aligned, notes_of, rows_of
from mimika.evaluation.contestants import (
    CARD,
    CONFIG,
    PREDICTIONS,
    Contestant,
    Entry,
    check_same_pictures,
    load_contestant,
)
from mimika.evaluation.predictions import save_predictions
from mimika.evaluation.tta import tta
from mimika.export.onnx import load_classifier
from mimika.training.config_file import read_experiment
from mimika.training.finishing import predictions_of
from mimika.training.loaders import prepare_division
from mimika.training.loop import train
from mimika.training.progress import logging_to
from mimika.training.run import LAST
from mimika.training.study import Planned, Study, plan, read_study

FLIP = "predictions-flip.npz"
EXAMPLE = "\b\nExample:\n  mimika study experiments/studies/upscaling.toml"

logger = logging.getLogger(__name__)


@click.command("study", epilog=EXAMPLE)
@click.argument("study", type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Folder of the study.  [default: runs/NAME]",
)
@click.option("--list", "only_list", is_flag=True, help="Only name the runs.")
def command(study: Path, out: Path | None, only_list: bool) -> None:
    """Train the runs of a study and compare them.

    Finished runs are not trained again and an interrupted one is gone on with, so the
    same command goes on with a study. The folder receives a run folder for each run and
    seed, and comparison.md, .html, .json and a plot.
    """
    asked = read_study(study)
    folder = out or Path("runs") / asked.name
    planned = plan(asked, folder)
    if only_list:
        click.echo("\n".join(f"{one.folder}: {state_of(one)}" for one in planned))
        return
    console = Console(stderr=True)
    names = dict.fromkeys(one.experiment.data for one in planned)
    read = {name: read_dataset(Path(name)) for name in names}
    check_selection(planned, read)
    for number, one in enumerate(planned, start=1):
        click.echo(f"{number} of {len(planned)}: {one.folder}", err=True)
        samples = read[one.experiment.data]
        if not is_finished(one):
            run_one(one, samples, study, console)
        if asked.flip and not (one.folder / FLIP).is_file():
            judge_flipped(one, samples)
    conclude(asked, planned, folder)


def check_selection(planned: Sequence[Planned], read: Mapping[str, Samples]) -> None:
    """Refuses runs that would be judged on different pictures, before any training.

    Raises:
        ConfigError: two runs would; the message names them.
    """
    keys = ("data", "split_file", "select_part", "holdout")
    first = planned[0].experiment
    digests: dict[tuple[object, ...], str] = {}
    for one in planned:
        key = tuple(getattr(one.experiment, name) for name in keys)
        if key not in digests:
            division = prepare_division(read[one.experiment.data], one.experiment)
            digests[key] = picture_digest(division.selection.images)
        if digests[key] != next(iter(digests.values())):
            raise ConfigError(
                f"the runs {first.name} and {one.experiment.name} would be judged on "
                f"different pictures, so they cannot be compared; give all of them the "
                f"same {', '.join(keys)}"
            )


def is_finished(one: Planned) -> bool:
    """Whether a run has left its card, which is written last.

    Raises:
        ConfigError: the folder holds a finished run with other settings.
    """
    if not (one.folder / CARD).is_file():
        return False
    kept = dict(read_experiment(one.folder / CONFIG))
    wanted = dict(one.experiment)
    other = [key for key in wanted if kept[key] != wanted[key]]
    if other:
        raise ConfigError(
            f"{one.folder} holds a finished run with another {', '.join(other)} than "
            "the study asks for now; move it away, or name another folder with --out"
        )
    return True


def state_of(one: Planned) -> str:
    """In words, how far a run is."""
    if is_finished(one):
        return "finished"
    return "begun" if (one.folder / LAST).exists() else "not begun"


def run_one(one: Planned, samples: Samples, study: Path, console: Console) -> None:
    """Trains one run, or goes on with it."""
    prepare_folder(one.folder, one.experiment, (one.folder / LAST).exists())
    recipe = shlex.join(["mimika", "study", str(study)]) + f" (run {one.folder.name})"
    with (
        interruptions(one.folder, skip_bad=False),
        logging_to(one.folder, console, writes=True),
    ):
        train(one.experiment, samples, EMOTION, one.folder, console, recipe)


def judge_flipped(one: Planned, samples: Samples) -> None:
    """Keeps the mean answer over the selection pictures and their mirror images."""
    division = prepare_division(samples, one.experiment)
    classifier = load_classifier(one.folder)
    probabilities = tta(classifier, division.selection.images, "flip")
    predictions = predictions_of(classifier.card, division, probabilities)
    save_predictions(one.folder / FLIP, predictions)


def conclude(asked: Study, planned: Sequence[Planned], folder: Path) -> None:
    """Compares the runs, writes the comparison and prints its table."""
    entries = entries_of(planned, PREDICTIONS, "")
    if asked.flip:
        entries += entries_of(planned, FLIP, " + flip")
    check_same_pictures([member for entry in entries for member in entry.members])
    comparison = compare(entries)
    result = Result(comparison, (), cost_figure(comparison, (), "multiply-adds"))
    write_all(folder, result)
    lines = aligned(HEADER, rows_of(comparison))
    click.echo("\n".join([asked.question, "", *lines, "", *notes_of(comparison, ())]))


def entries_of(planned: Sequence[Planned], file: str, suffix: str) -> list[Entry]:
    """An entry for each run, with a member for each seed."""
    members: dict[str, list[Contestant]] = {}
    for one in planned:
        run = load_contestant(one.folder)
        judged = load_contestant(one.folder / file).predictions
        member = Contestant(run.path, run.name, judged, run.card, run.config)
        members.setdefault(one.run, []).append(member)
    return [Entry(f"{run}{suffix}", tuple(found)) for run, found in members.items()]
