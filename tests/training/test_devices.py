"""One process, or several that torchrun started."""

import pytest
import torch
from lightning_fabric import Fabric
from torch import distributed

from mimika.core.errors import ConfigError
from mimika.training.config import Experiment
from mimika.training.devices import (
    check_device,
    check_world,
    gathered,
    is_first_process,
    launcher,
    leave_together,
    make_fabric,
    share_of,
)


def experiment(**changes):
    values = {
        "name": "a",
        "data": "none",
        "backbone": "compact_resnet",
        "epochs": 3,
        "learning_rate": 0.1,
        "accelerator": "cpu",
    }
    return Experiment.model_validate(values | changes)


def fabric_of(rank, processes):
    class OneOfSeveral(Fabric):
        global_rank = rank
        world_size = processes

    return OneOfSeveral(accelerator="cpu", devices=1)


def test_alone_a_process_has_everything():
    fabric = make_fabric(experiment(), {})
    assert (fabric.world_size, fabric.device.type) == (1, "cpu")
    assert share_of(7, fabric) == slice(0, 7, 1)
    values = torch.arange(7)
    assert gathered(values, 7, fabric) is values


def test_every_picture_is_in_one_share():
    shares = [share_of(8, fabric_of(rank, 3)) for rank in range(3)]
    found = sorted(i for share in shares for i in range(8)[share])
    assert found == list(range(8))


def test_shares_are_put_back_into_their_first_order(monkeypatch):
    fabric, values = fabric_of(0, 3), torch.arange(16.0).reshape(8, 2)
    shares = [values[share_of(8, fabric_of(rank, 3))] for rank in range(3)]
    padded = [torch.cat([s, s.new_zeros(3 - len(s), 2)]) for s in shares]
    monkeypatch.setattr(fabric, "all_gather", lambda _: torch.stack(padded))
    assert torch.equal(gathered(shares[0], 8, fabric), values)


def test_the_first_process_is_rank_0_or_the_only_one(monkeypatch):
    monkeypatch.delenv("RANK", raising=False)
    assert is_first_process()
    monkeypatch.setenv("RANK", "1")
    assert not is_first_process()


@pytest.mark.parametrize(
    ("world", "local", "words"),
    [
        ("1", "1", ""),
        ("2", "2", "torchrun --nproc-per-node=2 -m"),
        ("8", "4", "torchrun --nnodes=2 --nproc-per-node=4 -m"),
    ],
)
def test_the_launcher_is_part_of_the_command(monkeypatch, world, local, words):
    monkeypatch.setenv("WORLD_SIZE", world)
    monkeypatch.setenv("LOCAL_WORLD_SIZE", local)
    assert " ".join(launcher()) == words


def test_a_graphics_card_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ConfigError, match=r'"cuda".*"auto"'):
        make_fabric(experiment(accelerator="cuda"), {})


@pytest.mark.parametrize("accelerator", ["cpu", "auto"])
def test_half_precision_needs_a_graphics_card(monkeypatch, accelerator):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ConfigError, match=r'"16-mixed" needs a graphics card'):
        check_device(experiment(accelerator=accelerator, precision="16-mixed"))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    check_device(experiment(accelerator="auto", precision="16-mixed"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"batch_size": 9}, "batch_size = 9 cannot be divided among 2 processes"),
        ({"unfreeze_epochs": 1}, "unfreeze_epochs works in one process only"),
    ],
)
def test_what_several_processes_cannot_do_is_refused(changes, message):
    check_world(experiment(**changes), 1)
    with pytest.raises(ConfigError, match=message):
        check_world(experiment(**changes), 2)


def test_processes_leave_together_and_one_alone_just_leaves(tmp_path):
    leave_together()
    store = distributed.FileStore(str(tmp_path / "store"), 1)
    distributed.init_process_group("gloo", store=store, rank=0, world_size=1)
    leave_together()
    assert not distributed.is_initialized()
