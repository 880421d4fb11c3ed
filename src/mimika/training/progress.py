"""How a run tells people where it stands.

On a terminal: a bar. Elsewhere: a line an epoch by `logging`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from mimika.training.records import EpochRecord


@dataclass
class Bar:
    """The bar over all steps of a run.

    Attributes:
        progress: rich's display.
        task: the one row in it.
    """

    progress: Progress
    task: TaskID

    def step(self, epoch: int, loss: float, images_per_s: float) -> None:
        """Moves on by one batch."""
        text = f"epoch {epoch}  loss {loss:.3f}  {images_per_s:.0f} images/s"
        self.progress.update(self.task, advance=1, description=text)

    def epoch(self, record: EpochRecord, is_best: bool) -> None:
        """Shows an epoch's figures under the bar."""
        self.progress.update(self.task, best=describe(record, is_best))


def describe(record: EpochRecord, is_best: bool) -> str:
    """An epoch's figures in one line."""
    return (
        f"epoch {record.epoch}: accuracy {record.accuracy:.4f}, macro-F1 "
        f"{record.macro_f1:.4f}, loss {record.loss:.4f} (training "
        f"{record.train_loss:.4f}), {record.images_per_s:.0f} images/s, "
        f"{record.seconds:.0f} s" + (" - best so far" if is_best else "")
    )


@contextmanager
def progress_bar(steps: int, done: int, console: Console) -> Iterator[Bar]:
    """A bar on a console while the block runs.

    Args:
        steps: batches of the whole run.
        done: batches that an interrupted run has already done.
        console: where to draw; nothing is drawn where it is not a terminal.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[best]}"),
    )
    hidden = not console.is_terminal
    with Progress(*columns, console=console, disable=hidden) as progress:
        task = progress.add_task("starting", total=steps, completed=done, best="")
        yield Bar(progress, task)
