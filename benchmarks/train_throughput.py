"""Training pictures a second: the loop against the same step on one constant batch.

python benchmarks/train_throughput.py EXPERIMENT [--set KEY=VALUE] [--batches N]
The loop also reads, augments and mixes pictures and watches the loss; what that costs
is the distance of the ratio to 1. Fails below 0.9 on a CPU and below 0.8 on a graphics
card. Blocks of both alternate, and the medians are compared.
"""

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median

import torch
from rich.console import Console

from mimika.core.tasks import EMOTION
from mimika.data.reading import read_dataset
from mimika.training.config_file import read_experiment
from mimika.training.devices import share_of
from mimika.training.feed import Feed, make_feed
from mimika.training.loaders import batches_an_epoch, prepare, shuffled_batches
from mimika.training.loop import as_channels_last, epoch_generator, train_epoch
from mimika.training.losses import make_loss
from mimika.training.mixing import Mixing
from mimika.training.progress import progress_bar
from mimika.training.run import Run, start_run
from mimika.training.step import train_step

LEAST = {"cpu": 0.9, "cuda": 0.8}


def wait(run: Run) -> None:
    """Waits until the graphics card has done its work."""
    if run.fabric.device.type == "cuda":
        torch.cuda.synchronize()


def constant(run: Run, feed: Feed, batches: int) -> float:
    """Pictures a second of steps on one batch."""
    experiment, device = run.experiment, run.fabric.device
    generator = epoch_generator(experiment.seed, 1)
    order = shuffled_batches(len(feed.targets.own), experiment.batch_size, generator)
    batch = next(order)
    part = share_of(len(batch), run.fabric)
    inputs = feed.training(batch, part, 1, generator)
    targets = feed.targets.of(batch[part], device)
    inputs, targets = Mixing(0.0, 0.0)(inputs, targets, generator)
    inputs = as_channels_last(inputs)
    loss = make_loss(experiment, 1, feed.targets.counts, device)
    run.model.train()
    wait(run)
    start = time.perf_counter()
    for _ in range(batches):
        train_step(run, loss, inputs, targets, experiment.learning_rate)
    wait(run)
    return batches * len(batch) / (time.perf_counter() - start)


def looped(run: Run, feed: Feed, epoch: int) -> float:
    """Pictures a second of an epoch of the loop."""
    with progress_bar(1, 1, [], Console(quiet=True)) as bar:
        start = time.perf_counter()
        _, meter = train_epoch(run, feed, epoch, bar)
        return meter.images / (time.perf_counter() - start)


def main() -> None:
    """Prints both and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("experiment", type=Path)
    parser.add_argument("--set", action="append", default=[], dest="changes")
    parser.add_argument("--batches", type=int, default=0, help="0: a whole epoch")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    experiment = read_experiment(arguments.experiment, arguments.changes)
    samples = read_dataset(Path(experiment.data))
    if arguments.batches:
        kept = arguments.batches * experiment.batch_size
        samples = samples.take(slice(0, kept + 500))
    data = prepare(samples, experiment)
    with tempfile.TemporaryDirectory() as folder:
        run = start_run(experiment, Path(folder), data.spec, len(EMOTION.labels))
        feed = make_feed(run, data, EMOTION)
        batches = batches_an_epoch(len(data.training), experiment.batch_size)
        constant(run, feed, 3)
        pairs = [
            (constant(run, feed, batches), looped(run, feed, round_ + 1))
            for round_ in range(arguments.rounds)
        ]
    fixed, loop = (median(speeds) for speeds in zip(*pairs, strict=True))
    ratio, kind = loop / fixed, run.fabric.device.type
    print(f"{experiment.name} on {run.fabric.device}, {batches} batches a block")
    print(f"constant batch  {fixed:9.0f} images/s")
    print(f"training loop   {loop:9.0f} images/s")
    print(f"ratio           {ratio:9.3f}   (at least {LEAST[kind]})")
    assert ratio >= LEAST[kind], "the loop costs too much"


if __name__ == "__main__":
    main()
