"""The training loop, read from top to bottom.

Every random number of an epoch follows from the experiment's seed and the epoch's
number, so a run that was interrupted and resumed at an epoch's border ends with the
same weights as one that was not, on the same machine with the same number of threads:
sums in another order are rounded otherwise.
"""

import logging
import math
import time
from pathlib import Path

import torch
from rich.console import Console
from torch import Generator, Tensor, nn
from torch.nn.functional import cross_entropy

from mimika.core.errors import TrainingError
from mimika.core.preprocess import FloatArray
from mimika.core.tasks import Task
from mimika.data.samples import Samples
from mimika.evaluation.metrics import Evaluation, evaluate_probabilities
from mimika.training.config import Experiment
from mimika.training.feeding import Feeder, make_feeder
from mimika.training.loaders import (
    Material,
    batches_an_epoch,
    prepare,
    shuffled_batches,
)
from mimika.training.progress import Bar, describe, progress_bar
from mimika.training.records import EpochRecord, best_record, make_card, write_report
from mimika.training.run import Run, keep, load_best, resume, start_run
from mimika.training.schedules import cosine_with_warmup

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
        DataError: no pictures to train or to select on.
        ConfigError: no network has the experiment's name, or its accelerator is not
            there.
        TrainingError: the loss is not a number any more, or the folder holds another
            run.
        OSError: the disk is full or the folder cannot be written.
    """
    data = prepare(samples, experiment)
    logger.info(
        "%d pictures to train on, %d to select on (%s)",
        len(data.division.training),
        len(data.division.selection),
        data.division.selected_on,
    )
    run = start_run(experiment, folder, data.spec, len(task.labels))
    resume(run, data.spec)
    feeder = make_feeder(data, experiment, run.fabric.device)
    done = len(run.history)
    steps = batches_an_epoch(len(data.division.training), experiment.batch_size)
    with progress_bar(experiment.epochs, steps, done, console) as bar:
        for epoch in range(done + 1, experiment.epochs + 1):
            record = run_epoch(run, data, feeder, epoch, bar)
            keep(run, record, data.spec)
            logger.info(describe(record, best_record(run.history) is record))
    load_best(run)
    evaluation = validate(run.network, *data.selection)
    card = make_card(experiment, run.network, task, data, evaluation, recipe)
    write_report(folder, card, evaluation, run.history)
    return best_record(run.history)


def run_epoch(
    run: Run, data: Material, feeder: Feeder, epoch: int, bar: Bar
) -> EpochRecord:
    """One epoch of training and its figures on the selection set."""
    started = time.perf_counter()
    train_loss, rate = train_epoch(run, feeder, data.training[1], epoch, bar)
    trained = time.perf_counter()
    evaluation = validate(run.network, *data.selection)
    count, size = len(data.training[1]), run.experiment.batch_size
    pictures = batches_an_epoch(count, size) * min(count, size)
    return EpochRecord(
        epoch=epoch,
        learning_rate=rate,
        train_loss=train_loss,
        loss=evaluation.nll,
        accuracy=evaluation.accuracy.value,
        macro_f1=evaluation.macro_f1.value,
        seconds=round(time.perf_counter() - started, 2),
        images_per_s=round(pictures / (trained - started), 1),
    )


def train_epoch(
    run: Run, feeder: Feeder, labels: Tensor, epoch: int, bar: Bar
) -> tuple[float, float]:
    """One pass over the training pictures.

    Args:
        run: the run; its weights change.
        feeder: makes the inputs of a batch.
        labels: int64 (N,).
        epoch: counted from 1.
        bar: told about every batch.

    Returns:
        Mean loss of the epoch, and the learning rate of its last step.

    Raises:
        TrainingError: the loss is not a number any more.
    """
    experiment, device = run.experiment, run.fabric.device
    generator = epoch_generator(experiment.seed, epoch)
    an_epoch = batches_an_epoch(len(labels), experiment.batch_size)
    total, rate, started = 0.0, 0.0, time.perf_counter()
    run.model.train()
    batches = shuffled_batches(len(labels), experiment.batch_size, generator)
    for number, batch in enumerate(batches):
        rate = learning_rate(experiment, (epoch - 1) * an_epoch + number, an_epoch)
        for group in run.optimizer.param_groups:
            group["lr"] = rate
        images = feeder(batch, epoch, generator)
        images = images.contiguous(memory_format=torch.channels_last)
        loss = cross_entropy(
            run.model(images),
            labels[batch].to(device),
            label_smoothing=experiment.label_smoothing,
        )
        run.optimizer.zero_grad()
        run.fabric.backward(loss)
        run.optimizer.step()
        value = checked(loss.item(), epoch, number)
        total += value
        pictures = number * experiment.batch_size + len(batch)
        bar.step(epoch, value, pictures / (time.perf_counter() - started))
    return total / an_epoch, rate


def learning_rate(experiment: Experiment, step: int, an_epoch: int) -> float:
    """Learning rate of a step, counted from 0 over the whole run.

    Args:
        experiment: gives the schedule.
        step: 0 for the first step of the run.
        an_epoch: steps of one epoch.
    """
    return cosine_with_warmup(
        step,
        experiment.epochs * an_epoch,
        round(experiment.warmup_epochs * an_epoch),
        experiment.learning_rate,
    )


def epoch_generator(seed: int, epoch: int) -> Generator:
    """The epoch's own source of random numbers; also sets torch's (for dropout)."""
    mixed = seed * 1_000_003 + epoch
    torch.manual_seed(mixed)
    return Generator().manual_seed(mixed + 1)


def checked(loss: float, epoch: int, number: int) -> float:
    """The loss, if it is a number.

    Raises:
        TrainingError: it is not; the last checkpoint is that of the epoch before.
    """
    if not math.isfinite(loss):
        raise TrainingError(
            f"the loss became {loss} in epoch {epoch}, batch {number + 1}; train again "
            'with a lower learning_rate or precision = "32-true", in another folder '
            "(--out)"
        )
    return loss


@torch.no_grad()
def validate(network: nn.Module, inputs: Tensor, labels: Tensor) -> Evaluation:
    """Measures the plain network in float32, as it will be exported.

    Args:
        network: gives logits (B, K).
        inputs: float32 (N, C, size, size), normalised.
        labels: int64 (N,).
    """
    network.eval()
    device = next(network.parameters()).device
    parts = [network(batch.to(device)).cpu() for batch in torch.split(inputs, 256)]
    probabilities: FloatArray = torch.cat(parts).softmax(dim=1).numpy()
    return evaluate_probabilities(probabilities, labels.numpy())
