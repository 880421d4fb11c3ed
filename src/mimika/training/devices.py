"""Where a run computes: one process, or several that `torchrun` started.

    torchrun --nproc-per-node 2 -m mimika train experiment.toml

Each process takes its share of every batch and gradients are averaged, so `batch_size`
means the same however many there are. Only the first one writes files. Hosts are joined
by torchrun's own options.
"""

import os
from collections.abc import Mapping

import torch
from lightning_fabric import Fabric
from torch import Tensor, distributed

from mimika.core.errors import ConfigError
from mimika.training.config import Experiment


def make_fabric(
    experiment: Experiment, environment: Mapping[str, str] | None = None
) -> Fabric:
    """Fabric on the experiment's device, joined to the other processes.

    Args:
        experiment: gives accelerator and precision.
        environment: what torchrun set; that of this process where it is missing.

    Raises:
        ConfigError: the accelerator is not there, half precision is asked of a CPU,
            gradual unfreezing of several processes, or a batch cannot be divided.
    """
    environment = os.environ if environment is None else environment
    world = int(environment.get("WORLD_SIZE", "1"))
    local = int(environment.get("LOCAL_WORLD_SIZE", "1"))
    check_device(experiment)
    check_world(experiment, world)
    fabric = Fabric(
        accelerator=experiment.accelerator,
        devices=local,
        num_nodes=world // local,
        strategy="ddp" if world > 1 else "auto",
        precision=experiment.precision,
    )
    fabric.launch()
    return fabric


def leave_together() -> None:
    """Ends the connection to the other processes once all of them have come this far.

    A process that exits without can abort: its threads still serve the connection.
    """
    if distributed.is_available() and distributed.is_initialized():
        distributed.barrier()
        distributed.destroy_process_group()


def is_first_process() -> bool:
    """Whether this process is the one that writes files."""
    return int(os.environ.get("RANK", "0")) == 0


def launcher() -> list[str]:
    """How this process was started, as words before `mimika`; nothing by itself."""
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world == 1:
        return []
    local = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    hosts = [f"--nnodes={world // local}"] if world > local else []
    return ["torchrun", *hosts, f"--nproc-per-node={local}", "-m"]


def check_device(experiment: Experiment) -> None:
    """Refuses what this machine cannot do.

    Raises:
        ConfigError: as said.
    """
    has_cuda = torch.cuda.is_available()
    if experiment.accelerator == "cuda" and not has_cuda:
        raise ConfigError(
            'accelerator = "cuda": torch finds no graphics card of NVIDIA here; take '
            '"cpu", or "auto" for the best that is there'
        )
    on_cpu = experiment.accelerator == "cpu" or not has_cuda
    if experiment.precision == "16-mixed" and on_cpu:
        raise ConfigError(
            'precision = "16-mixed" needs a graphics card; take "bf16-mixed" or '
            '"32-true"'
        )


def check_world(experiment: Experiment, world: int) -> None:
    """Refuses what several processes cannot do together.

    Raises:
        ConfigError: as said.
    """
    if world == 1:
        return
    if experiment.batch_size % world:
        raise ConfigError(
            f"batch_size = {experiment.batch_size} cannot be divided among {world} "
            "processes; take a multiple"
        )
    if experiment.unfreeze_epochs:
        raise ConfigError(
            "unfreeze_epochs works in one process only; set it to 0 or start one"
        )


def share_of(count: int, fabric: Fabric) -> slice:
    """This process's share of things: every n-th of n processes."""
    return slice(fabric.global_rank, count, fabric.world_size)


def gathered(values: Tensor, count: int, fabric: Fabric) -> Tensor:
    """All processes' shares in their first order.

    Args:
        values: (P, ...), what this process made of `share_of(count, fabric)`.
        count: how many there are in all.
        fabric: joins the processes.

    Returns:
        (count, ...), the same in each process.
    """
    if fabric.world_size == 1:
        return values
    longest = -(-count // fabric.world_size)
    padded = values.new_zeros((longest, *values.shape[1:]))
    padded[: len(values)] = values
    shares = torch.as_tensor(fabric.all_gather(padded))  # (processes, longest, ...)
    return shares.transpose(0, 1).flatten(0, 1)[:count]
