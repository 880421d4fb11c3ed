"""TensorBoard events of a run: `tensorboard --logdir runs`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from torch.utils.tensorboard import SummaryWriter

from mimika.training.records import EpochRecord

FOLDER = "events"


@contextmanager
def event_writer(
    folder: Path, done: int, *, enabled: bool
) -> Iterator[SummaryWriter | None]:
    """Writes events while the block runs.

    Args:
        folder: the run's folder; events lie in a folder inside it.
        done: finished epochs; later ones of an interrupted run are taken back.
        enabled: False gives None, in processes that write nothing.
    """
    if not enabled:
        yield None
        return
    writer = SummaryWriter(str(folder / FOLDER), purge_step=done + 1)
    try:
        yield writer
    finally:
        writer.close()


def write_events(writer: SummaryWriter | None, record: EpochRecord) -> None:
    """One point a figure, at the epoch's number; nothing without a writer."""
    if writer is None:
        return
    for name, value in asdict(record).items():
        if name != "epoch":
            writer.add_scalar(name, value, record.epoch)
    writer.flush()
