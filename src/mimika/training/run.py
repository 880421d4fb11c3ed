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
from torch.optim.swa_utils import AveragedModel

from mimika.core.errors import TrainingError
from mimika.core.preprocess import PreprocessSpec
from mimika.models.checkpoint import (
    State,
    load_checkpoint,
    load_weights,
    save_checkpoint,
)
from mimika.models.parts import classifier_of, layer_groups
from mimika.models.pretrained import Loaded
from mimika.training.averaging import averaged
from mimika.training.config import Experiment
from mimika.training.devices import make_fabric
from mimika.training.networks import fresh_network
from mimika.training.optimization import make_optimizer
from mimika.training.precision import keep_in_float32
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
        fabric: device, precision and the other processes.
        network: the plain network; holds the weights.
        trained: the part that is trained: the network, or its classifier alone.
        groups: names of that part's parameters, from the input to the output.
        model: that part as Fabric runs it.
        optimizer: as Fabric runs it.
        average: the averaged weights of that part, if they are kept.
        loaded: the pretrained weights that it began with, if there are any.
        history: the finished epochs.
    """

    experiment: Experiment
    folder: Path
    fabric: Fabric
    network: nn.Module
    trained: nn.Module
    groups: list[list[str]]
    model: Any
    optimizer: Any
    average: AveragedModel | None
    loaded: Loaded | None
    history: list[EpochRecord] = field(default_factory=list)

    @property
    def judged(self) -> nn.Module:
        """The part that is trained, with the weights that are judged and kept."""
        return self.trained if self.average is None else self.average.module


def start_run(
    experiment: Experiment, folder: Path, spec: PreprocessSpec, classes: int
) -> Run:
    """First weights and optimiser on the experiment's device.

    Raises:
        ConfigError: no network has the experiment's name, or its accelerator is not
            there.
        ModelError: the pretrained weights cannot be had or do not fit.
    """
    fabric = make_fabric(experiment)
    torch.manual_seed(experiment.seed)
    network, loaded = fresh_network(experiment, spec, classes)
    network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing in torch's stubs
    network = network.to(fabric.device)
    if fabric.device.type == "cpu" and experiment.precision != "32-true":
        keep_in_float32(network)
    trained, groups = network, layer_groups(network)
    if experiment.strategy == "features":
        network.requires_grad_(False)
        trained = classifier_of(network).requires_grad_(True)
        groups = [[name for name, _ in trained.named_parameters()]]
    optimizer = make_optimizer(trained, groups, experiment)
    average = averaged(trained, experiment.ema) if experiment.ema else None
    compiled: Any = torch.compile(trained) if experiment.compile else trained
    model, wrapped = fabric.setup(compiled, optimizer)
    return Run(
        experiment,
        folder,
        fabric,
        network,
        trained,
        groups,
        model,
        wrapped,
        average,
        loaded,
    )


def keep(run: Run, record: EpochRecord, spec: PreprocessSpec) -> None:
    """Adds an epoch: checkpoints, `metrics.csv` and `curves.png`.

    Of several processes the first one writes, and the others wait for it.

    Raises:
        OSError: the disk is full or the folder cannot be written; the checkpoints of
            the epoch before stay.
    """
    run.history.append(record)
    if run.fabric.is_global_zero:
        content = {
            "experiment": run.experiment.model_dump(),
            "preprocess": spec.model_dump(mode="json"),
            "doublings": run.experiment.doublings,
            "epoch": record.epoch,
        }
        if best_record(run.history, run.experiment) is record:
            save_checkpoint(
                run.folder / BEST, content | {"weights": judged_weights(run)}
            )
        save_checkpoint(run.folder / LAST, content | state_of(run))
        write_history(run)
    run.fabric.barrier()


def judged_weights(run: Run) -> State:
    """The whole network's weights, averaged where averages are kept."""
    if run.average is None:
        return run.network.state_dict()
    names = {id(module): name for name, module in run.network.named_modules()}
    inside = names[id(run.trained)]
    prefix = f"{inside}." if inside else ""
    average = run.average.module.state_dict()
    return run.network.state_dict() | {prefix + key: average[key] for key in average}


def state_of(run: Run) -> State:
    """Everything that a run goes on from."""
    return {
        "weights": run.network.state_dict(),
        "optimizer": run.optimizer.state_dict(),
        "average": None if run.average is None else run.average.state_dict(),
        "history": [asdict(row) for row in run.history],
    }


def write_history(run: Run) -> None:
    """Writes `metrics.csv` and `curves.png`."""
    write_metrics(run.folder / "metrics.csv", run.history)
    write_curves(run.folder / "curves.png", run.history, run.experiment)


def resume(run: Run, spec: PreprocessSpec) -> None:
    """Goes back to `last.ckpt`, if there is one.

    Raises:
        ModelError: it is damaged.
        TrainingError: it belongs to another experiment or to other pictures.
    """
    path = run.folder / LAST
    is_first = run.fabric.is_global_zero  # others may be on hosts without the folder
    state = load_checkpoint(path) if is_first and path.exists() else {}
    state = run.fabric.broadcast(state)
    if not state:
        return
    check_settings(run.folder, state["experiment"], run.experiment.model_dump())
    if state["preprocess"] != spec.model_dump(mode="json"):
        raise TrainingError(
            f"{run.folder} was trained on other pictures than {run.experiment.data} "
            "holds now; bring those back, or choose another folder with --out"
        )
    load_weights(run.network, state, path)
    run.optimizer.load_state_dict(state["optimizer"])
    if run.average is not None:
        run.average.load_state_dict(state["average"])
    run.history[:] = [EpochRecord(**row) for row in state["history"]]
    logger.info("resumed after epoch %d", len(run.history))
    if run.fabric.is_global_zero:  # the interruption may have come before
        write_history(run)


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
    state = load_checkpoint(path) if run.fabric.is_global_zero else {}
    load_weights(run.network, run.fabric.broadcast(state), path)


def share_statistics(run: Run) -> None:
    """Gives all processes the mean of their running statistics.

    Batch normalisation looks at each process's share of a batch. Without this each
    would judge a network of its own, and the first one's be kept.
    """
    if run.fabric.world_size == 1:
        return
    parts = {id(part): part for part in (run.trained, run.judged)}
    for part in parts.values():
        for buffer in part.buffers():
            if buffer.is_floating_point():
                mean = run.fabric.all_reduce(buffer, reduce_op="mean")
                buffer.copy_(torch.as_tensor(mean))
