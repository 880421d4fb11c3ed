"""The training loop, read from top to bottom.

Every random number of an epoch follows from the experiment's seed and the epoch's
number, so a run that was interrupted and resumed at an epoch's border ends with the
same weights as one that was not, on the same machine with the same number of threads:
sums in another order are rounded otherwise.
"""

import logging
import time
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from torch import Generator, Tensor

from mimika.core.tasks import Task
from mimika.data.samples import Samples
from mimika.evaluation.metrics import evaluate_probabilities
from mimika.models.pretrained import licence_with
from mimika.training.config import Experiment
from mimika.training.devices import share_of
from mimika.training.events import event_writer, write_events
from mimika.training.failures import explained_memory
from mimika.training.feed import Feed, make_feed, pictures_of
from mimika.training.feeding import PlainFeeder
from mimika.training.finishing import Origin, finish, make_card
from mimika.training.loaders import (
    Material,
    batches_an_epoch,
    check_classes,
    prepare,
    shuffled_batches,
)
from mimika.training.losses import check_balance, make_loss
from mimika.training.meter import Meter, no_numbers
from mimika.training.mixing import make_mixing
from mimika.training.optimization import thaw
from mimika.training.outcome import judge
from mimika.training.prediction import predict
from mimika.training.progress import Bar, describe, progress_bar
from mimika.training.provenance import (
    describe_run,
    describe_weights,
    first_start,
    read_run,
    write_run,
)
from mimika.training.records import EpochRecord, best_record, is_over, scores_by_phase
from mimika.training.run import (
    Run,
    keep,
    load_best,
    resume,
    share_statistics,
    start_run,
)
from mimika.training.schedules import make_schedule
from mimika.training.step import train_step

logger = logging.getLogger(__name__)


def train(
    experiment: Experiment,
    samples: Samples,
    task: Task,
    folder: Path,
    console: Console,
    recipe: str,
) -> EpochRecord:
    """Trains, or goes on where `last.ckpt` in the folder stands.

    Args:
        experiment: the resolved experiment.
        samples: the data set, with labelled Training pictures.
        task: the classes.
        folder: the run's folder; it exists.
        console: where the progress bar is drawn.
        recipe: the command that trains this, for the model card.

    Returns:
        The figures of the best epoch, whose weights are in `best.ckpt`.

    Raises:
        DataError: no pictures to train or to select on, or a class without any.
        ConfigError: no network has the experiment's name, its accelerator is not there,
            or its class weights are for other classes.
        ModelError: the pretrained weights cannot be had or do not fit.
        TrainingError: the loss is not a number any more, the memory is full, or the
            folder holds another run.
        OSError: the disk is full or the folder cannot be written.
    """
    with explained_memory(experiment.batch_size, experiment.size):
        data = prepare(samples, experiment)
        check_classes(data.division, task.names)
        check_balance(experiment.balance, len(task.labels))
        logger.info(
            "%d pictures to train on, %d to select on (%s)",
            len(data.division.training),
            len(data.division.selection),
            data.division.selected_on,
        )
        run = start_run(experiment, folder, data.spec, len(task.labels))
        resume(run, data.spec)
        feed = make_feed(run, data, task)
        run_epochs(run, data, feed, console, recipe)
        load_best(run)
        probabilities = predict(run, run.network, pictures_of(run, data))
        flipped = PlainFeeder(data.selection.flip(3), data.spec, run.fabric.device)
        mirrored = predict(run, run.network, flipped)
    best = best_record(run.history, experiment)
    if run.fabric.is_global_zero:
        judged = judge(probabilities, mirrored, data.division)
        origin = Origin(
            read_run(folder)["command"], licence_with(run.loaded), feed.targets.teachers
        )
        card = make_card(experiment, run.network, task, data, judged, origin)
        finish(folder, experiment, card, data.division, judged, run.history)
    return best


def run_epochs(
    run: Run, data: Material, feed: Feed, console: Console, recipe: str
) -> None:
    """Trains all epochs that are left, or until the run is over."""
    experiment, folder = run.experiment, run.folder
    is_first, done = run.fabric.is_global_zero, len(run.history)
    device, processes = str(run.fabric.device), run.fabric.world_size
    facts = describe_run(experiment, data.division, recipe, device, processes)
    if run.loaded is not None:
        facts["weights"] = describe_weights(run.loaded)
    if done and is_first:
        facts |= first_start(folder)
    steps = batches_an_epoch(len(data.training), experiment.batch_size)
    with (
        progress_bar(experiment.epochs, steps, run.history, console) as bar,
        event_writer(folder, done, enabled=is_first) as events,
    ):
        if is_first:
            write_run(folder, facts, None)
        for epoch in range(done + 1, experiment.epochs + 1):
            if is_over(run.history, experiment):
                logger.info("no better epoch for %d epochs", experiment.stop_epochs)
                break
            record = run_epoch(run, data, feed, epoch, bar)
            keep(run, record, data.spec)
            write_events(events, record)
            is_best = best_record(run.history, experiment) is record
            logger.info(describe(record, is_best))
            bar.judged(record)
        if is_first:
            write_run(folder, facts, sum(record.seconds for record in run.history))


def run_epoch(
    run: Run, data: Material, feed: Feed, epoch: int, bar: Bar
) -> EpochRecord:
    """One epoch of training and its figures on the selection set."""
    started = time.perf_counter()
    rate, meter = train_epoch(run, feed, epoch, bar)
    trained = time.perf_counter()
    share_statistics(run)
    probabilities = predict(run, run.judged, feed.selection)
    if not np.isfinite(probabilities).all():
        raise no_numbers(f"the answers are no numbers after the steps of epoch {epoch}")
    evaluation = evaluate_probabilities(probabilities, data.division.selection.labels)
    return EpochRecord(
        epoch=epoch,
        learning_rate=rate,
        train_loss=meter.loss,
        train_accuracy=meter.accuracy,
        loss=evaluation.nll,
        accuracy=evaluation.accuracy.value,
        macro_f1=evaluation.macro_f1.value,
        seconds=round(time.perf_counter() - started, 2),
        images_per_s=round(meter.images / (trained - started), 1),
    )


def train_epoch(run: Run, feed: Feed, epoch: int, bar: Bar) -> tuple[float, Meter]:
    """One pass over the training pictures.

    Args:
        run: the run; its weights change.
        feed: inputs and targets.
        epoch: counted from 1.
        bar: told about every batch.

    Returns:
        The learning rate of the epoch's last step, and what was measured on the way.

    Raises:
        TrainingError: the loss is not a number any more.
    """
    experiment, fabric = run.experiment, run.fabric
    generator = epoch_generator(experiment.seed, epoch, fabric.global_rank)
    count = len(feed.targets.own)
    an_epoch = batches_an_epoch(count, experiment.batch_size)
    schedule = make_schedule(experiment, an_epoch)
    scores = scores_by_phase(run.history, experiment)
    loss = make_loss(experiment, epoch, feed.targets.counts, fabric.device)
    mixing = make_mixing(experiment, epoch)
    thaw(run.trained, run.groups, epoch, experiment.unfreeze_epochs)
    run.model.train()
    meter, rate = Meter(epoch, fabric), 0.0
    batches = shuffled_batches(count, experiment.batch_size, generator)
    for number, batch in enumerate(batches):
        part = share_of(len(batch), fabric)
        inputs = feed.training(batch, part, epoch, generator)
        targets = feed.targets.of(batch[part], fabric.device)
        inputs, targets = mixing(inputs, targets, generator)
        rate = schedule.rate((epoch - 1) * an_epoch + number, scores)
        value, logits = train_step(run, loss, as_channels_last(inputs), targets, rate)
        meter.add(value, logits, targets[0])
        bar.step(epoch, rate, meter)
    meter.finish()
    return rate, meter


def epoch_generator(seed: int, epoch: int, rank: int = 0) -> Generator:
    """The epoch's own source of random numbers, the same in all processes.

    Also sets torch's own (for dropout), which differs between processes.
    """
    mixed = seed * 1_000_003 + epoch
    torch.manual_seed(mixed + 500_009 * rank)
    return Generator().manual_seed(mixed + 1)


def as_channels_last(inputs: Tensor) -> Tensor:
    """Pictures (B, C, H, W) with the channels innermost in memory, others as given."""
    if inputs.ndim != 4:
        return inputs
    return inputs.contiguous(memory_format=torch.channels_last)
