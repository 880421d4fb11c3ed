"""`mimika upscaler`: train the learned enlargement."""

from pathlib import Path

import click
import numpy as np

from mimika.data.reading import read_dataset
from mimika.data.samples import PUBLIC_TEST, TRAINING, Samples
from mimika.models.checkpoint import save_checkpoint
from mimika.training.upscaler import judge, train_upscaler

EXAMPLE = (
    "\b\nExample:\n  mimika upscaler fer2013.csv -o upscaler.ckpt\n"
    "  mimika train experiment.toml --set size=96 --set upscaling=learned:upscaler.ckpt"
)


@click.command("upscaler", epilog=EXAMPLE)
@click.argument("data", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The checkpoint to write.",
)
@click.option("--epochs", type=click.IntRange(1), default=4, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
def command(data: Path, output: Path, epochs: int, seed: int) -> None:
    """Train a small network that doubles the size of pictures.

    It learns on the Training pictures, halved, and is judged on PublicTest beside the
    plain interpolations. Experiments use it as upscaling = "learned:FILE".
    """
    training, judged = divide(read_dataset(data), seed)

    def report(epoch: int, error: float) -> None:
        click.echo(f"epoch {epoch}: mean squared error {error:.6f}", err=True)

    network = train_upscaler(training.images, epochs, seed, report)
    figures = judge(network, judged.images)
    save_checkpoint(output, {"weights": network.state_dict(), "seed": seed})
    click.echo(f"{output}: from 24 to 48 px on {figures.images} pictures")
    for name, value in sorted(figures.psnr_db.items(), key=lambda pair: pair[1]):
        click.echo(f"  {name:9} {value:.2f} dB")


def divide(samples: Samples, seed: int) -> tuple[Samples, Samples]:
    """Training and PublicTest, or without that a tenth of Training held out."""
    training = samples.split(TRAINING)
    if (samples.splits == PUBLIC_TEST).any():
        return training, samples.split(PUBLIC_TEST)
    order = np.random.default_rng(seed).permutation(len(training))
    held = max(1, len(training) // 10)
    return training.take(order[held:]), training.take(order[:held])
