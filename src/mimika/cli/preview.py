"""`mimika preview`: a contact sheet of what a policy makes of pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import cv2

from mimika.augmentation.policies import read_policy
from mimika.augmentation.preview import Specimen, draw_sheet, in_turns, save_sheet
from mimika.core.errors import DataError, ImageError
from mimika.core.images import EXTENSIONS, read_picture
from mimika.core.preprocess import resize, to_grey
from mimika.core.tasks import EMOTION
from mimika.data.folder_names import class_of_folder, splits_of_folders
from mimika.data.reading import read_dataset
from mimika.data.samples import SIDE, SPLITS, TRAINING, UNLABELLED, Samples

EXAMPLES = (
    "\b\nExamples:\n"
    "  mimika preview simple fer2013.csv\n"
    "  mimika preview experiment.toml photographs/ -o sheet.png"
)


@dataclass(frozen=True)
class Choice:
    """Which pictures were asked for."""

    count: int
    seed: int
    split: str | None


@dataclass(frozen=True)
class Found:
    """A picture that was found, not yet opened: its file, caption and split."""

    path: Path
    name: str
    split: str


@click.command("preview", epilog=EXAMPLES)
@click.argument("policy")
@click.argument("data", type=click.Path(path_type=Path))
@click.option(
    "--out",
    "-o",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("preview.png"),
    show_default=True,
    help="PNG file to write; one that is there is replaced.",
)
@click.option(
    "--rows",
    type=click.IntRange(1, 100),
    default=8,
    show_default=True,
    help="Pictures, of as many classes as possible.",
)
@click.option(
    "--columns",
    type=click.IntRange(2, 50),
    default=9,
    show_default=True,
    help="The original and what the first epochs make of it.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31 - 1),
    default=0,
    show_default=True,
    help="Seed of the run that is shown; it also chooses the pictures.",
)
@click.option(
    "--split",
    type=click.Choice(SPLITS, case_sensitive=False),
    metavar="NAME",
    help="Training, PublicTest or PrivateTest.  [default: Training, if there is any]",
)
def command(
    policy: str,
    data: Path,
    out: Path,
    rows: int,
    columns: int,
    seed: int,
    split: str | None,
) -> None:
    """Draw what augmentation makes of pictures.

    POLICY is none, flips, simple or rich, or a TOML file with the key `augmentation`,
    such as an experiment. DATA is a data set in any form, a folder with class folders
    of any names, a folder with pictures, or one picture.

    The sheet has the originals in its first column, then what the first epochs of a
    run with this seed make of them, picture by picture.
    """
    if out.suffix.lower() != ".png":
        raise click.BadParameter(f"{out} does not end in .png", param_hint="--out")
    if not out.parent.is_dir():
        raise click.BadParameter(f"no folder {out.parent}", param_hint="--out")
    chosen = read_policy(policy)
    specimens = find_specimens(data, Choice(rows, seed, split))
    save_sheet(out, draw_sheet(chosen, specimens, columns, seed))
    click.echo(out)


def find_specimens(data: Path, choice: Choice) -> list[Specimen]:
    """The pictures to show, from whatever was given.

    Raises:
        DataError: there are none, or none that can be read.
    """
    loose = [Found(path, path.stem, TRAINING) for path in pictures_in(data)]
    if loose:
        return from_files(loose, [0] * len(loose), choice)
    try:
        return from_samples(read_dataset(data, skip_bad=True), choice)
    except DataError:
        files = files_of_classes(data)
        names = sorted({file.name for file in files})
        if all(class_of_folder(name, EMOTION.keys) is not None for name in names):
            raise  # no classes of another task
    files = [file for file in files if choice.split in (None, file.split)]
    if not files:
        raise DataError(f"{data}: no pictures in split {choice.split!r}")
    numbers = {name: number for number, name in enumerate(names)}
    return from_files(files, [numbers[file.name] for file in files], choice)


def pictures_in(place: Path) -> list[Path]:
    """The pictures that lie in a folder itself, or the picture that was given."""
    files = place.iterdir() if place.is_dir() else [place]
    return sorted(
        file
        for file in files
        if file.suffix.lower() in EXTENSIONS
        and not file.name.startswith(".")
        and file.is_file()
    )


def files_of_classes(data: Path) -> list[Found]:
    """The pictures in class folders of any names, or in those of split folders."""
    folders = folders_in(data)
    splits = splits_of_folders([folder.name for folder in folders])
    if not splits:
        return files_in(folders, TRAINING)
    return [
        file
        for folder in folders
        for file in files_in(folders_in(folder), splits.get(folder.name, TRAINING))
    ]


def files_in(folders: Sequence[Path], split: str) -> list[Found]:
    """The pictures in these class folders."""
    return [
        Found(path, folder.name, split)
        for folder in folders
        for path in pictures_in(folder)
    ]


def folders_in(parent: Path) -> list[Path]:
    """The visible folders in a folder, by name; none in anything else."""
    if not parent.is_dir():
        return []
    return sorted(
        path
        for path in parent.iterdir()
        if path.is_dir() and not path.name.startswith((".", "__"))
    )


def from_files(
    files: Sequence[Found], labels: Sequence[int], choice: Choice
) -> list[Specimen]:
    """Some of these pictures, as a data set has them; only those are read.

    Raises:
        DataError: none of them can be read.
    """
    specimens: dict[int, Specimen] = {}
    for row in in_turns(labels, choice.seed):
        if len(specimens) == choice.count:
            break
        try:
            grey = to_grey(read_picture(files[row].path).pixels)
        except (ImageError, OSError) as error:
            click.echo(f"skipped {files[row].path}: {error}", err=True)
            continue
        image = resize(grey, SIDE, SIDE, cv2.INTER_LINEAR)
        specimens[row] = Specimen(image, files[row].name, row)
    if not specimens:
        raise DataError(f"{files[0].path.parent}: no picture in it can be read")
    return [specimens[row] for row in sorted(specimens)]


def from_samples(samples: Samples, choice: Choice) -> list[Specimen]:
    """Some pictures of a data set of emotions, ordered by class.

    Raises:
        DataError: it has none in the split that was asked for.
    """
    for bad in samples.skipped:
        click.echo(f"skipped {bad.where}: {bad.cause}", err=True)
    if choice.split or (samples.splits == TRAINING).any():
        samples = samples.split(choice.split or TRAINING)
    labels = samples.labels.tolist()
    chosen = in_turns(labels, choice.seed)[: choice.count]
    chosen.sort(key=lambda position: (labels[position], position))
    return [
        Specimen(
            samples.images[position],
            caption(labels[position]),
            int(samples.rows[position]),
        )
        for position in chosen
    ]


def caption(label: int) -> str:
    """The name of an emotion."""
    return "no label" if label == UNLABELLED else EMOTION.names[label]
