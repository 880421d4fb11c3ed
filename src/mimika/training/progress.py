"""How a run tells people where it stands.

A line an epoch goes through `logging` to the screen and to `train.log`. On a terminal a
bar stands under these lines.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from mimika.training.records import EpochRecord

LOG = "train.log"


@dataclass(frozen=True)
class Bar:
    """The bar over all steps of a run.

    Attributes:
        progress: rich's display.
        task: the one row in it.
        epochs: passes over the training pictures in the whole run.
    """

    progress: Progress
    task: TaskID
    epochs: int

    def step(self, epoch: int, loss: float, images_per_s: float) -> None:
        """Moves on by one batch."""
        text = (
            f"epoch {epoch}/{self.epochs}  loss {loss:.3f}  {images_per_s:.0f} images/s"
        )
        self.progress.update(self.task, advance=1, description=text)


@contextmanager
def progress_bar(epochs: int, steps: int, done: int, console: Console) -> Iterator[Bar]:
    """A bar on a console while the block runs.

    Args:
        epochs: passes over the training pictures in the whole run.
        steps: batches of one of them.
        done: epochs that an interrupted run has already finished.
        console: where to draw; nothing is drawn where it is not a terminal.
    """
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=18),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    hidden = not console.is_terminal
    with Progress(*columns, console=console, disable=hidden) as progress:
        task = progress.add_task(
            "starting", total=steps * epochs, completed=steps * done
        )
        yield Bar(progress, task, epochs)


def describe(record: EpochRecord, is_best: bool) -> str:
    """An epoch's figures in one line that fits a terminal of 80 columns."""
    return (
        f"epoch {record.epoch}: accuracy {record.accuracy:.4f}, macro-F1 "
        f"{record.macro_f1:.3f}, loss {record.loss:.3f} (train "
        f"{record.train_loss:.3f}), {record.seconds:.0f} s" + (", best" * is_best)
    )


class ScreenHandler(logging.Handler):
    """Prints messages over the bar, as they are: no colours, no line breaks of ours."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        """Prints one message."""
        text = self.format(record)
        self._console.print(
            text, soft_wrap=True, markup=False, highlight=False, emoji=False
        )


@contextmanager
def logging_to(folder: Path, console: Console) -> Iterator[None]:
    """Sends mimika's log to `train.log` and to the console while the block runs.

    What Fabric says about itself and Python's warnings (where `logging.captureWarnings`
    is on) go to the file only.

    Raises:
        OSError: the folder cannot be written.
    """
    file = logging.FileHandler(folder / LOG, encoding="utf-8")
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    screen = ScreenHandler(console)
    routes: dict[str, list[logging.Handler]] = {
        "mimika": [file, screen],
        "lightning_fabric": [file],
        "py.warnings": [file],
    }
    former = {name: logging.getLogger(name).handlers[:] for name in routes}
    level = logging.getLogger("mimika").level
    logging.getLogger("mimika").setLevel(logging.INFO)
    try:
        for name, handlers in routes.items():
            logging.getLogger(name).handlers[:] = handlers
        yield
    finally:
        for name, handlers in former.items():
            logging.getLogger(name).handlers[:] = handlers
        logging.getLogger("mimika").setLevel(level)
        file.close()
