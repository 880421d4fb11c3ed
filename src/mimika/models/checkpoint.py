"""Checkpoints: written whole or not at all, read without running their code."""

import hashlib
import io
import os
import pickle
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from mimika.core.errors import ModelError
from mimika.core.files import replacing

FORMAT = 1
# what the unpickler raises on bytes that are no checkpoint
UNREADABLE = (
    RuntimeError,
    EOFError,
    pickle.UnpicklingError,
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
)
State = dict[str, Any]


def save_checkpoint(path: Path, content: State) -> None:
    """Writes a checkpoint so that a crash leaves the former one or the new one.

    Args:
        path: the file; its folder exists.
        content: tensors and plain values.

    Raises:
        OSError: the disk is full or the folder cannot be written; the former
            checkpoint stays.
    """
    # by way of memory: torch hides what went wrong with a file
    buffer = io.BytesIO()
    torch.save({"format": FORMAT, **content}, buffer)
    with replacing(path) as partial, partial.open("wb") as file:
        file.write(buffer.getbuffer())
        file.flush()
        os.fsync(file.fileno())


def load_checkpoint(path: Path) -> State:
    """Reads a checkpoint on to the CPU.

    Only tensors and plain values are unpickled (`weights_only`), so that a file from
    a stranger cannot run code.

    Raises:
        ModelError: the file is not there, damaged or not a checkpoint of ours.
    """
    if not path.is_file():
        raise ModelError(f"no checkpoint {path}; train with 'mimika train' first")
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except UNREADABLE as error:
        raise ModelError(
            f"{path}: not a checkpoint, or a damaged one ({error}); train again or "
            "take another file"
        ) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ModelError(
            f"{path}: not a checkpoint of this version of mimika (format {FORMAT}); "
            "train again with 'mimika train'"
        )
    return content


def load_weights(network: nn.Module, state: State, path: Path) -> None:
    """Puts a checkpoint's weights into a network.

    Args:
        network: made as the checkpoint's experiment says.
        state: what `load_checkpoint` gave.
        path: where it came from, for the message.

    Raises:
        ModelError: the weights are those of another network.
    """
    try:
        network.load_state_dict(state["weights"])
    except (LookupError, RuntimeError) as error:
        first = str(error).splitlines()[-1].strip()
        raise ModelError(
            f"{path}: its weights do not fit this version's network ({first}); train "
            "again with 'mimika train'"
        ) from error


def weights_digest(weights: dict[str, Tensor]) -> str:
    """SHA-256 of names, shapes and float32 values, in the order of the names."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        values = weights[name].detach().cpu().float().contiguous().numpy()
        digest.update(f"{name}{values.shape}".encode())
        digest.update(values.tobytes())
    return digest.hexdigest()
