"""`mimika export`: from a run folder to an ONNX file."""

from pathlib import Path

import click
import numpy as np

from mimika.core.errors import ConfigError, ModelError
from mimika.core.preprocess import UInt8Array
from mimika.data.reading import read_dataset
from mimika.data.samples import PUBLIC_TEST, Samples
from mimika.export.onnx import export_run
from mimika.training.config_file import read_experiment

EXAMPLE = "\b\nExample:\n  mimika export runs/first -o model.onnx"
PICTURES = 512
CONFIG = "config.toml"


@click.command("export", epilog=EXAMPLE)
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The ONNX file to write.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Data set to compare both models on.  [default: the run's own]",
)
def command(run: Path, output: Path, data: Path | None) -> None:
    """Write a trained run as an ONNX file.

    The file holds the best checkpoint with a dynamic batch and the model card. It is
    compared with the checkpoint on real pictures, and only written where no probability
    differs by more than 0.0001.
    """
    if not (run / CONFIG).is_file():
        raise ModelError(
            f"{run}: not the folder of a run (it has no {CONFIG}); train with 'mimika "
            "train' first"
        )
    parity = export_run(run, output, pictures(run, data))
    click.echo(
        f"{output}: {output.stat().st_size / 1e6:.2f} MB; on {parity.images} pictures "
        f"the largest difference of a probability is {parity.largest_difference:.1e} "
        f"and {parity.same_answers} answers are the same"
    )


def pictures(run: Path, data: Path | None) -> UInt8Array:
    """Up to 512 pictures, evenly spread over PublicTest or else over everything.

    Raises:
        ConfigError: no data set is given and the run's own is not there.
    """
    if data is None:
        data = Path(read_experiment(run / CONFIG).data)
        if not data.exists():
            raise ConfigError(
                f"the run's data set {data} is not here; name pictures to compare on "
                "with --data"
            )
    return spread(read_dataset(data, skip_bad=True), PUBLIC_TEST, PICTURES)


def spread(samples: Samples, split: str, most: int) -> UInt8Array:
    """Some pictures, evenly spread over a split, or over everything without it.

    Args:
        samples: a data set.
        split: one of its splits.
        most: how many pictures at most.
    """
    part = samples.images[samples.splits == split]
    images = part if len(part) else samples.images
    places = np.linspace(0, len(images) - 1, min(most, len(images)))
    return images[places.astype(np.int64)]
