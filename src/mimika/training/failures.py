"""Failures that a person can do something about, in one line."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from mimika.core.errors import TrainingError

# what torch says where memory is not enough, without an error of its own for it: on the
# machine, and on a graphics card outside torch's allocator
NO_MEMORY = (
    "can't allocate memory",
    "not enough memory",
    "DefaultCPUAllocator",
    "CUDA error: out of memory",
    "STATUS_ALLOC_FAILED",
)


@contextmanager
def explained_memory(batch_size: int, size: int) -> Iterator[None]:
    """Says what to change where the block runs out of memory.

    Args:
        batch_size: pictures a step.
        size: height and width of the network's input in pixels.

    Raises:
        TrainingError: the memory of the machine or of the device was not enough.
    """
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise _out_of_memory(error, batch_size, size) from error
    except RuntimeError as error:
        if not any(words in str(error) for words in NO_MEMORY):
            raise
        raise _out_of_memory(error, batch_size, size) from error


def _out_of_memory(error: Exception, batch_size: int, size: int) -> TrainingError:
    first = (str(error).splitlines() or [type(error).__name__])[0]
    return TrainingError(
        f"out of memory with batch_size = {batch_size} and size = {size} ({first}); "
        'take a smaller batch_size or size, or precision = "bf16-mixed"; the last good '
        "checkpoint stays"
    )
