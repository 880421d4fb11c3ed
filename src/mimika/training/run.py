"""What a run is made of: started, kept on disk after every epoch, resumed.

`last.ckpt` holds everything to go on from, `best.ckpt` the weights of the best epoch so
far. It is written first, so that a run which dies between the two does that epoch again
and comes to the same best.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from lightning_fabric import Fabric
from torch import nn
from torch.optim import SGD

from mimika.core.errors import ConfigError, TrainingError
from mimika.core.preprocess import PreprocessSpec
from mimika.models.catalogue import assemble
from mimika.models.checkpoint import load_checkpoint, load_weights, save_checkpoint
from mimika.models.super_resolution import Upscaled
from mimika.training.config import Experiment
from mimika.training.records import (
    EpochRecord,
    best_record,
    write_curves,
    write_metrics,
)

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


def start_run(
    experiment: Experiment, folder: Path, spec: PreprocessSpec, classes: int
) -> Run:
    """Fresh weights and optimiser on the experiment's device.

    Raises:
        ConfigError: no network has the experiment's name, or its accelerator is not
            there.
    """
    if experiment.accelerator == "cuda" and not torch.cuda.is_available():
        raise ConfigError(
            'accelerator = "cuda": torch finds no graphics card of NVIDIA here; take '
            '"cpu", or "auto" for the best that is there'
        )
    fabric = Fabric(
        accelerator=experiment.accelerator, devices=1, precision=experiment.precision
    )
    fabric.launch()
    torch.manual_seed(experiment.seed)
    network = fresh_network(experiment, spec, classes)
    network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing in torch's stubs
    optimizer = SGD(
        parameter_groups(network, experiment.weight_decay),
        lr=experiment.learning_rate,
        momentum=experiment.momentum,
        nesterov=experiment.momentum > 0,
    )
    model, wrapped = fabric.setup(network, optimizer)
    return Run(experiment, folder, fabric, network, model, wrapped)


def fresh_network(
    experiment: Experiment, spec: PreprocessSpec, classes: int
) -> nn.Module:
    """An untrained network, behind the learned upscaler where one is asked for.

    Raises:
        ConfigError: no network has the experiment's name.
        ModelError: the upscaler's file is not there or not one.
    """
    network = assemble(experiment.backbone, spec, classes, experiment.doublings)
    if isinstance(network, Upscaled) and experiment.upscaler_file is not None:
        state = load_checkpoint(experiment.upscaler_file)
        load_weights(network.upscaler, state, experiment.upscaler_file)
    return network


def parameter_groups(network: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Decay on weights, none on biases and on the parameters of normalisation."""
    weights = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1]
    return [
        {"params": weights, "weight_decay": weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]


def keep(run: Run, record: EpochRecord, spec: PreprocessSpec) -> None:
    """Adds an epoch: checkpoints, `metrics.csv` and `curves.png`.

    Raises:
        OSError: the disk is full or the folder cannot be written; the checkpoints of
            the epoch before stay.
    """
    run.history.append(record)
    content = {
        "experiment": run.experiment.model_dump(),
        "preprocess": spec.model_dump(mode="json"),
        "weights": run.network.state_dict(),
        "doublings": run.experiment.doublings,
        "epoch": record.epoch,
    }
    if best_record(run.history) is record:
        save_checkpoint(run.folder / BEST, content)
    content["optimizer"] = run.optimizer.state_dict()
    content["history"] = [asdict(row) for row in run.history]
    save_checkpoint(run.folder / LAST, content)
    write_history(run)


def write_history(run: Run) -> None:
    """Writes `metrics.csv` and `curves.png`."""
    write_metrics(run.folder / "metrics.csv", run.history)
    write_curves(run.folder / "curves.png", run.history)


def resume(run: Run, spec: PreprocessSpec) -> None:
    """Goes back to `last.ckpt`, if there is one.

    Raises:
        ModelError: it is damaged.
        TrainingError: it belongs to another experiment or to other pictures.
    """
    path = run.folder / LAST
    if not path.exists():
        return
    state = load_checkpoint(path)
    check_settings(run.folder, state["experiment"], run.experiment.model_dump())
    if state["preprocess"] != spec.model_dump(mode="json"):
        raise TrainingError(
            f"{run.folder} was trained on other pictures than {run.experiment.data} "
            "holds now; bring those back, or choose another folder with --out"
        )
    load_weights(run.network, state, path)
    run.optimizer.load_state_dict(state["optimizer"])
    run.history[:] = [EpochRecord(**row) for row in state["history"]]
    logger.info("resumed after epoch %d", len(run.history))
    write_history(run)  # the interruption may have come before they were written


def check_settings(
    folder: Path, kept: Mapping[str, object], wanted: Mapping[str, object]
) -> None:
    """Compares a run's settings with those it shall go on with.

    Raises:
        TrainingError: they differ; the message names each difference.
    """
    keys = [key for key in {**wanted, **kept} if kept.get(key) != wanted.get(key)]
    if keys:
        changes = ", ".join(
            f"{k} = {kept.get(k)!r}, not {wanted.get(k)!r}" for k in keys
        )
        raise TrainingError(
            f"{folder} holds a run with other settings ({changes}); go on with those "
            f"in {folder / 'config.toml'}, or choose another folder with --out"
        )


def load_best(run: Run) -> None:
    """Puts the best checkpoint's weights into the network."""
    path = run.folder / BEST
    load_weights(run.network, load_checkpoint(path), path)
