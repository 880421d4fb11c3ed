"""`mimika neighbours`: answers from the most similar training pictures."""

from hashlib import sha256
from pathlib import Path

import click
import numpy as np
from rich.console import Console

from mimika.cli.options import predictions_output
from mimika.cli.predict_data import Asked, check_output, chosen_part, write_npz
from mimika.cli.predictors import data_order
from mimika.core.card import ModelCard
from mimika.core.errors import DataError
from mimika.core.preprocess import FloatArray, UInt8Array
from mimika.data.samples import TRAINING
from mimika.data.split_file import picture_digest
from mimika.evaluation.neighbours import directions, neighbour_votes
from mimika.evaluation.predictions import Predictions
from mimika.export.penultimate import FeatureModel
from mimika.runtime.pipeline import DEFAULT_MODEL

EXAMPLE = (
    "\b\nExample:\n"
    "  mimika neighbours --data fer2013.csv --split PublicTest -o neighbours.npz\n"
    "  mimika ensemble student.npz neighbours.npz -o ensemble.npz"
)


@click.command("neighbours", epilog=EXAMPLE)
@click.option(
    "--data",
    required=True,
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="A data set in any form, with labelled Training pictures.",
)
@click.option(
    "--split", default="PublicTest", show_default=True, help="Which to answer."
)
@click.option(
    "--model",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="An .onnx file that 'mimika export' wrote.  [default: the shipped one]",
)
@click.option(
    "--count",
    type=click.IntRange(1, 1000),
    default=10,
    show_default=True,
    help="How many neighbours vote.",
)
@click.option(
    "--temperature",
    type=click.FloatRange(0.001, 10),
    default=0.05,
    show_default=True,
    help="The smaller, the more the nearest ones count.",
)
@predictions_output
def command(
    data: Path,
    split: str,
    model: Path | None,
    count: int,
    temperature: float,
    output: Path,
) -> None:
    """Answer pictures with the labels of the most similar Training pictures.

    Similar is what the model's last features say, of a picture and its mirror image.
    A member for 'mimika ensemble': it is right where a picture is nearly a copy of one
    that was learned from, and says nothing new elsewhere.
    """
    check_output(output, "--output", (".npz",))
    network = FeatureModel(DEFAULT_MODEL if model is None else model)
    classes, _ = data_order(network.card.labels)
    known, _ = chosen_part(Asked(data, TRAINING, None, None), classes)
    known = known.labelled()
    asked, name = chosen_part(Asked(data, split, None, None), classes)
    if name == TRAINING:
        raise DataError(
            "--split Training: each of these pictures is its own nearest neighbour; "
            "name another split"
        )
    with Console(stderr=True).status("comparing"):
        seen = both_ways(network, known.images)
        centre = seen.mean(axis=0)
        votes = neighbour_votes(
            directions(both_ways(network, asked.images), centre),
            directions(seen, centre),
            known.labels,
            len(classes),
            count=count,
            temperature=temperature,
        )
    card = card_of(network.card, known.images, count, temperature)
    found = Predictions(
        probabilities=votes,
        labels=asked.labels,
        rows=asked.rows,
        classes=classes,
        split=name,
        digest=picture_digest(asked.images),
        model=card.name,
        weights=card.digest,
        card=card.model_copy(update={"labels": classes}),
    )
    write_npz(output, found)
    click.echo(f"{output}: {len(asked):,} pictures of {name}")


def both_ways(network: FeatureModel, images: UInt8Array) -> FloatArray:
    """float32 (N, F): the mean features of pictures and their mirror images."""
    straight = network.features(images)
    return (straight + network.features(images[:, :, ::-1])) / np.float32(2)


def card_of(
    card: ModelCard, known: UInt8Array, count: int, temperature: float
) -> ModelCard:
    """The card of a network as one of its neighbours' votes."""
    parts = (card.digest, picture_digest(known), str(count), f"{temperature:g}")
    changes = {
        "name": f"{card.name}-neighbours",
        "architecture": f"the {count} most similar of {len(known):,} known pictures, "
        f"temperature {temperature:g}, by the features of {card.architecture}",
        "recipe": f"mimika neighbours --count {count} --temperature {temperature:g}",
        "selection": "number and temperature of the neighbours: PublicTest",
        "metrics": {},
        "temperature": 1.0,
        "calibrated_on": "",
        "digest": sha256("\n".join(parts).encode()).hexdigest(),
    }
    return card.model_copy(update=changes)
