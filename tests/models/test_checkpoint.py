"""Checkpoints are whole or not there."""

import resource

import pytest
import torch

from mimika.core.errors import ModelError
from mimika.models.checkpoint import (
    load_checkpoint,
    load_weights,
    save_checkpoint,
    weights_digest,
)


def test_what_is_saved_is_read_back(tmp_path):
    path = tmp_path / "a.ckpt"
    save_checkpoint(path, {"weights": {"w": torch.arange(3.0)}, "epoch": 4})
    state = load_checkpoint(path)
    assert state["epoch"] == 4
    assert torch.equal(state["weights"]["w"], torch.arange(3.0))
    assert [p.name for p in tmp_path.iterdir()] == ["a.ckpt"]


def test_a_failed_write_leaves_the_former_checkpoint(tmp_path):
    path = tmp_path / "a.ckpt"
    save_checkpoint(path, {"epoch": 1})
    with pytest.raises((AttributeError, TypeError)):
        save_checkpoint(path, {"epoch": lambda: None})  # cannot be pickled
    assert load_checkpoint(path)["epoch"] == 1
    assert [p.name for p in tmp_path.iterdir()] == ["a.ckpt"]


@pytest.fixture
def small_disk():
    """No file may grow beyond 100 kB: what a full disk is to a program."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, most))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def test_a_full_disk_leaves_the_former_checkpoint(tmp_path, small_disk):
    path = tmp_path / "a.ckpt"
    save_checkpoint(path, {"epoch": 1})
    with pytest.raises(OSError, match="too large"):
        save_checkpoint(path, {"epoch": 2, "weights": torch.zeros(100_000)})
    assert load_checkpoint(path)["epoch"] == 1
    assert [p.name for p in tmp_path.iterdir()] == ["a.ckpt"]


@pytest.mark.parametrize(
    "state",
    [{}, {"weights": {}}, {"weights": torch.nn.Linear(2, 3).state_dict()}],
)
def test_weights_of_another_network_are_refused(tmp_path, state):
    with pytest.raises(ModelError, match=r"a\.ckpt: its weights do not fit"):
        load_weights(torch.nn.Linear(2, 2), state, tmp_path / "a.ckpt")


def test_a_missing_file_says_how_to_make_one(tmp_path):
    with pytest.raises(ModelError, match="mimika train"):
        load_checkpoint(tmp_path / "none.ckpt")


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 broken"])
def test_a_file_of_another_kind_is_refused(tmp_path, content):
    path = tmp_path / "a.ckpt"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="not a checkpoint"):
        load_checkpoint(path)


def test_a_truncated_checkpoint_is_refused(tmp_path):
    path = tmp_path / "a.ckpt"
    save_checkpoint(path, {"weights": {"w": torch.zeros(1000)}})
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(ModelError, match="damaged"):
        load_checkpoint(path)


def test_a_checkpoint_of_another_program_is_refused(tmp_path):
    path = tmp_path / "a.ckpt"
    torch.save({"state_dict": {}}, path)
    with pytest.raises(ModelError, match="this version of mimika"):
        load_checkpoint(path)


class Payload:
    def __reduce__(self):
        return print, ("code of a stranger ran",)


def test_code_in_a_checkpoint_is_not_run(tmp_path, capsys):
    path = tmp_path / "a.ckpt"
    torch.save({"format": 1, "x": Payload()}, path)
    with pytest.raises(ModelError):
        load_checkpoint(path)
    assert "stranger" not in capsys.readouterr().out


def test_the_digest_depends_on_values_and_names_but_not_on_order():
    one, two = torch.ones(2), torch.zeros(3)
    digest = weights_digest({"a": one, "b": two})
    assert digest == weights_digest({"b": two, "a": one})
    assert digest != weights_digest({"a": two, "b": one})
    assert digest != weights_digest({"a": one, "b": two + 1e-6})
