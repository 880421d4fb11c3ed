"""Failures that name their cause."""

import numpy as np
import pytest
import torch

from mimika.core.errors import DataError, TrainingError
from mimika.training.failures import explained_memory

WAY_OUT = r"batch_size = 64 and size = 96 \(.*\); take a smaller batch_size"


def failing(work):
    with explained_memory(64, 96):
        work()


def raising(error):
    def work():
        raise error

    return work


def test_an_allocation_that_torch_cannot_do_is_explained():
    with pytest.raises(TrainingError, match=WAY_OUT) as caught:
        failing(lambda: torch.empty(2**60))
    assert isinstance(caught.value.__cause__, RuntimeError)
    assert "\n" not in str(caught.value)


def test_an_allocation_that_numpy_cannot_do_is_explained():
    with pytest.raises(TrainingError, match=r"Unable to allocate .*smaller batch_size"):
        failing(lambda: np.ones(2**58))


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        MemoryError("no room"),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB.\nmore"),
        RuntimeError("CUDA error: out of memory\nCUDA kernel errors might be reported"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasC`"),
        RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
    ],
)
def test_every_way_of_saying_so_is_explained_in_one_line(error):
    with pytest.raises(TrainingError, match=WAY_OUT) as caught:
        failing(raising(error))
    cause = (str(error).splitlines() or ["MemoryError"])[0]
    assert f"({cause})" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("shape '[2]' is invalid for input of size 3"),
        TrainingError("the loss became nan"),
        DataError("no such file"),
        OSError("disk full"),
        KeyboardInterrupt(),
    ],
)
def test_other_failures_pass_through_as_they_are(error):
    with pytest.raises(type(error)) as caught:
        failing(raising(error))
    assert caught.value is error


def test_a_block_that_succeeds_is_left_alone():
    done = []
    failing(lambda: done.append(1))
    assert done == [1]
