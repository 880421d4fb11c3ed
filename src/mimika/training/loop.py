"""The training loop, read from top to bottom.

Every random number of an epoch follows from the experiment's seed and the epoch's
number, so a run that was interrupted and resumed at an epoch's border ends with the
same weights as one that was not.
"""

import logging
import math
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from lightning_fabric import Fabric
from rich.console import Console
from torch import Generator, Tensor, nn
from torch.nn.functional import cross_entropy
from torch.optim import SGD

from mimika.core.errors import TrainingError
from mimika.core.preprocess import FloatArray, PreprocessSpec
from mimika.core.tasks import Task
from mimika.data.samples import Samples
from mimika.evaluation.metrics import Evaluation, evaluate_probabilities
from mimika.models.catalogue import create_network
from mimika.models.checkpoint import load_checkpoint, save_checkpoint
from mimika.training.augment import BatchAugmentation
from mimika.training.config import Experiment
from mimika.training.loaders import (
    batches_an_epoch,
    divide,
    measure_spec,
    shuffled_batches,
    to_tensors,
)
from mimika.training.progress import Bar, describe, progress_bar
from mimika.training.records import (
    EpochRecord,
    best_record,
    make_card,
    write_curves,
    write_metrics,
    write_report,
)
from mimika.training.schedules import cosine_with_warmup

logger = logging.getLogger(__name__)

BEST, LAST = "best.ckpt", "last.ckpt"


@dataclass
class Run:
    """What changes while a run goes on, and what it is made of.

    Attributes:
        experiment: the resolved experiment.
        folder: where everything is written.
        fabric: device and precision.
        network: the plain network; holds the weights.
        model: the network as Fabric runs it.
        optimizer: as Fabric runs it.
        history: the finished epochs.
    """

    experiment: Experiment
    folder: Path
    fabric: Fabric
    network: nn.Module
    model: Any
    optimizer: Any
    history: list[EpochRecord] = field(default_factory=list)


def train(
    experiment: Experiment,
    samples: Samples,
    task: Task,
    folder: Path,
    console: Console,
) -> EpochRecord:
    """Trains, or goes on where `last.ckpt` in the folder stands.

    Args:
        experiment: the resolved experiment.
        samples: the data set, with labelled Training pictures.
        task: the classes.
        folder: the run's folder; it exists.
        console: where the progress bar is drawn.

    Returns:
        The figures of the best epoch, whose weights are in `best.ckpt`.

    Raises:
        DataError: no pictures to train or to select on.
        TrainingError: the loss is not a number any more.
    """
    division = divide(samples, experiment.holdout, experiment.seed)
    spec = measure_spec(division.training.images, experiment.size, experiment.channels)
    inputs, labels = to_tensors(division.training, spec)
    selection = to_tensors(division.selection, spec)
    logger.info(
        "%d pictures to train on, %d to select on (%s)",
        len(labels),
        len(selection[1]),
        division.rule,
    )
    run = start_run(experiment, folder, len(task.labels))
    resume(run)
    steps = batches_an_epoch(len(labels), experiment.batch_size)
    done = len(run.history)
    with progress_bar(steps * experiment.epochs, steps * done, console) as bar:
        for epoch in range(done + 1, experiment.epochs + 1):
            started = time.perf_counter()
            train_loss, rate = train_epoch(run, inputs, labels, epoch, bar)
            trained = time.perf_counter()
            evaluation = validate(run.network, *selection)
            record = EpochRecord(
                epoch=epoch,
                learning_rate=rate,
                train_loss=train_loss,
                loss=evaluation.nll,
                accuracy=evaluation.accuracy.value,
                macro_f1=evaluation.macro_f1,
                seconds=round(time.perf_counter() - started, 2),
                images_per_s=round(len(labels) / (trained - started), 1),
            )
            keep(run, record, spec)
            is_best = best_record(run.history) is record
            bar.epoch(record, is_best)
            logger.info(describe(record, is_best))
    load_best(run)
    evaluation = validate(run.network, *selection)
    card = make_card(experiment, run.network, spec, task, division, evaluation)
    write_report(folder, card, evaluation)
    return best_record(run.history)


def start_run(experiment: Experiment, folder: Path, classes: int) -> Run:
    """Fresh weights and optimiser on the experiment's device."""
    fabric = Fabric(
        accelerator=experiment.accelerator, devices=1, precision=experiment.precision
    )
    fabric.launch()
    torch.manual_seed(experiment.seed)
    network = create_network(experiment.backbone, experiment.channels, classes)
    network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing in torch's stubs
    optimizer = SGD(
        parameter_groups(network, experiment.weight_decay),
        lr=experiment.learning_rate,
        momentum=experiment.momentum,
        nesterov=experiment.momentum > 0,
    )
    model, wrapped = fabric.setup(network, optimizer)
    return Run(experiment, folder, fabric, network, model, wrapped)


def parameter_groups(network: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Decay on weights, none on biases and on the parameters of normalisation."""
    weights = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1]
    return [
        {"params": weights, "weight_decay": weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]


def train_epoch(
    run: Run, inputs: Tensor, labels: Tensor, epoch: int, bar: Bar
) -> tuple[float, float]:
    """One pass over the training pictures.

    Args:
        run: the run; its weights change.
        inputs: float32 (N, C, size, size), normalised.
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
    augment = batch_augmentation(experiment)
    an_epoch = batches_an_epoch(len(labels), experiment.batch_size)
    total, rate, started = 0.0, 0.0, time.perf_counter()
    run.model.train()
    batches = shuffled_batches(len(labels), experiment.batch_size, generator)
    for number, batch in enumerate(batches):
        rate = cosine_with_warmup(
            (epoch - 1) * an_epoch + number,
            experiment.epochs * an_epoch,
            round(experiment.warmup_epochs * an_epoch),
            experiment.learning_rate,
        )
        for group in run.optimizer.param_groups:
            group["lr"] = rate
        images = augment(inputs[batch].to(device), generator)
        images = images.contiguous(memory_format=torch.channels_last)
        logits = run.model(images)
        loss = cross_entropy(
            logits,
            labels[batch].to(device),
            label_smoothing=experiment.label_smoothing,
        )
        run.optimizer.zero_grad()
        run.fabric.backward(loss)
        run.optimizer.step()
        total += checked(loss.item(), epoch, number)
        pictures = (number + 1) * experiment.batch_size
        bar.step(epoch, loss.item(), pictures / (time.perf_counter() - started))
    return total / an_epoch, rate


def epoch_generator(seed: int, epoch: int) -> Generator:
    """The epoch's own source of random numbers; also sets torch's (for dropout)."""
    mixed = seed * 1_000_003 + epoch
    torch.manual_seed(mixed)
    return Generator().manual_seed(mixed + 1)


def batch_augmentation(experiment: Experiment) -> BatchAugmentation:
    """The augmentation that an experiment asks for."""
    return BatchAugmentation(
        flip=experiment.flip,
        shift=experiment.shift,
        rotation_degrees=experiment.rotation_degrees,
        zoom=experiment.zoom,
        contrast=experiment.contrast,
        brightness=experiment.brightness,
        erase=experiment.erase,
    )


def checked(loss: float, epoch: int, number: int) -> float:
    """The loss, if it is a number.

    Raises:
        TrainingError: it is not; the last checkpoint is that of the epoch before.
    """
    if not math.isfinite(loss):
        raise TrainingError(
            f"the loss became {loss} in epoch {epoch}, batch {number + 1}; the "
            "checkpoints of the epoch before stay: try a lower learning_rate or "
            'precision = "32-true"'
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


def keep(run: Run, record: EpochRecord, spec: PreprocessSpec) -> None:
    """Adds an epoch: checkpoints, `metrics.csv` and `curves.png`."""
    run.history.append(record)
    content = {
        "experiment": run.experiment.model_dump(),
        "preprocess": spec.model_dump(mode="json"),
        "weights": run.network.state_dict(),
        "epoch": record.epoch,
    }
    if best_record(run.history) is record:
        save_checkpoint(run.folder / BEST, content)
    content["optimizer"] = run.optimizer.state_dict()
    content["history"] = [asdict(row) for row in run.history]
    save_checkpoint(run.folder / LAST, content)
    write_metrics(run.folder / "metrics.csv", run.history)
    write_curves(run.folder / "curves.png", run.history)


def resume(run: Run) -> None:
    """Goes back to `last.ckpt`, if there is one.

    Raises:
        TrainingError: it belongs to another experiment.
    """
    path = run.folder / LAST
    if not path.exists():
        return
    state = load_checkpoint(path)
    if state["experiment"] != run.experiment.model_dump():
        raise TrainingError(
            f"{run.folder} holds a run with other settings; choose another folder "
            "with --out, or go back to the settings in its config.toml"
        )
    run.network.load_state_dict(state["weights"])
    run.optimizer.load_state_dict(state["optimizer"])
    run.history[:] = [EpochRecord(**row) for row in state["history"]]
    logger.info("resumed after epoch %d", len(run.history))


def load_best(run: Run) -> None:
    """Puts the best checkpoint's weights into the network."""
    run.network.load_state_dict(load_checkpoint(run.folder / BEST)["weights"])
