"""`mimika predict`: find and classify the faces in pictures."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import click
from rich.console import Console
from rich.progress import track

from mimika.cli.face_table import percent, print_table, printable
from mimika.cli.options import hardware_options
from mimika.cli.pictures import Source, collect, save_picture
from mimika.core.errors import InputError
from mimika.core.images import read_picture
from mimika.core.results import Analysis, Detail, Face, FacesMode
from mimika.core.tasks import Task
from mimika.evaluation.tta import KINDS, Kind
from mimika.reporting.annotate import Mark, annotate
from mimika.runtime.hardware import Hardware
from mimika.runtime.pipeline import Analyzer
from mimika.runtime.shelved import load_by_name

MANY = 3  # pictures from which on a progress bar is shown


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line."""

    faces: FacesMode
    detail: Detail
    save: Path | None


@dataclass(frozen=True)
class Outcome:
    """What became of one picture: an analysis, or an error."""

    name: str
    analysis: Analysis | None = None
    saved: Path | None = None
    error: Exception | None = None


@click.command(
    "predict",
    epilog="\b\nExamples:\n"
    "  mimika predict photo.jpg\n"
    "  mimika predict --save marked/ holiday/ portrait.png\n"
    "  curl -s https://example.org/photo.jpg | mimika predict --json -\n"
    "  mimika predict --data test.csv --probabilities out.csv",
)
@click.argument("pictures", nargs=-1, metavar="[PICTURE...]")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Write one JSON list; each entry has 'file' and 'analysis' or 'error'.",
)
@click.option(
    "--save",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write each picture with its faces marked into this folder, as NAME_faces; "
    "no file is ever written over.",
)
@click.option(
    "--faces",
    type=click.Choice(["find", "whole"]),
    default="find",
    show_default=True,
    help="Look for faces, or take each whole picture as one.",
)
@click.option(
    "--detail",
    type=click.Choice(["fast", "fine"]),
    default="fine",
    show_default=True,
    help="How carefully to look for faces.",
)
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    metavar="FILE|NAME",
    help="A model that 'mimika export' wrote, or the name of one that was added; with "
    "--data also the folder of a run.  [default: the one in the package]",
)
@hardware_options
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Instead of pictures: a data set in any form, such as Kaggle's test.csv; its "
    "pictures are faces already.",
)
@click.option(
    "--probabilities",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="With --data: where to write the probability of every class, .csv or .npz.",
)
@click.option(
    "--split",
    metavar="NAME",
    help="With --data: take only this split, or this part of --split-file.",
)
@click.option(
    "--split-file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="With --data: a file that 'mimika split' wrote.",
)
@click.option(
    "--tta",
    "kind",
    type=click.Choice(KINDS),
    help="With --data: the mean answer over several views of each picture.",
)
def command(
    pictures: tuple[str, ...],
    as_json: bool,
    save: Path | None,
    faces: str,
    detail: str,
    model: Path | None,
    hardware: Hardware,
    data: Path | None,
    probabilities: Path | None,
    split: str | None,
    split_file: Path | None,
    kind: Kind | None,
) -> None:
    """Find and classify the faces in pictures.

    PICTURE is a file (JPEG, PNG, WebP or BMP), a folder, or - for standard input. Of a
    folder, all pictures are taken, but not the folders inside it. A picture that cannot
    be read is reported and the rest go on; the exit code is then 1.

    With --data, every picture of a data set is classified as it is, and the
    probabilities go to the file that --probabilities names.
    """
    if data is not None:
        from mimika.cli.predict_data import Asked, check_call, predict_data

        for_faces = as_json or save is not None
        output = check_call(pictures, probabilities, for_faces=for_faces)
        asked = Asked(data, split, split_file, kind)
        click.echo(predict_data(asked, output, model, hardware))
        return
    check_pictures(pictures, (probabilities, split, split_file, kind))
    if save is not None:
        _make_folder(save)
    options = Options(cast(FacesMode, faces), cast(Detail, detail), save)
    analyzer = load_by_name(model, hardware)
    sources = collect(pictures)
    outcomes = [run_one(s, analyzer, options) for s in _with_progress(sources)]
    if as_json:
        click.echo(json.dumps([_entry(o) for o in outcomes], indent=2))
    else:
        analysed = [(o.name, o.analysis) for o in outcomes if o.analysis is not None]
        print_table(analysed, analyzer.task)
    failed = sum(outcome.error is not None for outcome in outcomes)
    if failed:
        raise click.ClickException(f"{failed} of {len(outcomes)} failed")


def check_pictures(pictures: Sequence[str], for_data: Sequence[object]) -> None:
    """Refuses a call without pictures, and options that only go with a data set.

    Args:
        pictures: those named as arguments.
        for_data: values of such options, None where they were not given.

    Raises:
        UsageError: as said.
    """
    if any(value is not None for value in for_data):
        raise click.UsageError(
            "--probabilities, --split, --split-file and --tta go with --data, which "
            "names a data set"
        )
    if not pictures:
        raise click.UsageError(
            "Missing argument 'PICTURE...': name files or folders, or a data set with "
            "--data"
        )


def run_one(source: Source, analyzer: Analyzer, options: Options) -> Outcome:
    """Analyses one picture, and saves it marked where that was asked for.

    What is wrong with the picture is told on stderr and kept in the outcome.
    """
    try:
        if isinstance(source.content, Exception):
            raise source.content
        analysis = analyzer.analyze(
            source.content, faces=options.faces, detail=options.detail
        )
        saved = None
        if options.save is not None:
            pixels = read_picture(source.content).pixels
            marked = annotate(pixels, marks(analysis.faces, analyzer.task))
            saved = save_picture(marked, source, options.save)
    except (InputError, OSError) as error:
        click.echo(f"{printable(source.name)}: {describe(error)}", err=True)
        return Outcome(source.name, error=error)
    return Outcome(source.name, analysis, saved)


def marks(faces: Iterable[Face], task: Task) -> list[Mark]:
    """The faces as boxes to draw, with the class's name, probability and colour."""
    labels = ((face, task.label(face.label)) for face in faces)
    return [
        Mark(face.box, f"{label.name} {percent(face.probability)}", label.colour)
        for face, label in labels
    ]


def describe(error: Exception) -> str:
    """What is wrong, without the number and the path that an OSError repeats."""
    if isinstance(error, FileNotFoundError):
        return "no such file; check the name"
    if isinstance(error, OSError) and error.strerror:
        where = f" ({error.filename})" if error.filename else ""
        return f"{error.strerror}{where}"
    return str(error)


def _entry(outcome: Outcome) -> dict[str, Any]:
    """The outcome for programs."""
    entry: dict[str, Any] = {"file": outcome.name}
    if outcome.analysis is not None:
        entry["analysis"] = outcome.analysis.model_dump(mode="json")
    if outcome.saved is not None:
        entry["saved"] = str(outcome.saved)
    if outcome.error is not None:
        entry["error"] = describe(outcome.error)
    return entry


def _with_progress(sources: Sequence[Source]) -> Iterable[Source]:
    """The sources, with a bar on stderr where they are many and a person looks."""
    console = Console(stderr=True)
    hidden = len(sources) < MANY or not sys.stderr.isatty()
    return track(sources, "Analysing", console=console, disable=hidden, transient=True)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(
            f"--save {printable(str(folder))}: cannot make this folder "
            f"({error.strerror}); name one that you may write to"
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise click.ClickException(
            f"--save {printable(str(folder))}: no write access; name another folder"
        )
