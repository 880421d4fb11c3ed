"""How a run tells people where it stands.

A line an epoch goes through `logging` to the screen and to `train.log`. On a terminal a
bar stands under these lines.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from mimika.training.meter import Meter
from mimika.training.records import EpochRecord

LOG = "train.log"


class Bar:
    """The bar over all steps of a run."""

    def __init__(
        self,
        progress: Progress,
        task: TaskID,
        epochs: int,
        history: Sequence[EpochRecord],
    ) -> None:
        """A bar in rich's display.

        Args:
            progress: the display.
            task: the one row in it.
            epochs: passes over the training pictures in the whole run.
            history: the epochs that are finished already.
        """
        self._progress = progress
        self._task = task
        self._epochs = epochs
        self._last = history[-1] if history else None
        self._started = (0, 0.0, 0)  # epoch, time and pictures after its first batch

    def step(self, epoch: int, rate: float, meter: Meter) -> None:
        """Moves on by one batch."""
        now = time.perf_counter()
        if self._started[0] != epoch:
            self._started = (epoch, now, meter.images)
        _, since, before = self._started
        speed = (meter.images - before) / max(now - since, 1e-3)
        text = (
            f"{epoch}/{self._epochs} loss {meter.loss:.3f} acc {meter.accuracy:.3f} "
            f"lr {rate:.2g} {speed:.0f}/s{self._selection()}"
        )
        self._progress.update(self._task, advance=1, description=text)

    def judged(self, record: EpochRecord) -> None:
        """Takes the figures of an epoch on the selection set."""
        self._last = record

    def _selection(self) -> str:
        if self._last is None:
            return ""
        return f" | acc {self._last.accuracy:.3f} F1 {self._last.macro_f1:.3f}"


@contextmanager
def progress_bar(
    epochs: int, steps: int, history: Sequence[EpochRecord], console: Console
) -> Iterator[Bar]:
    """A bar on a console while the block runs.

    It shows the running loss and accuracy of the epoch, the learning rate and the
    pictures a second; behind a stroke, accuracy and macro-F1 on the selection set after
    the last epoch; and the time that is left.

    Args:
        epochs: passes over the training pictures in the whole run.
        steps: batches of one of them.
        history: epochs that an interrupted run has already finished.
        console: where to draw; nothing is drawn where it is not a terminal.
    """
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=8),
        TimeRemainingColumn(compact=True),
    )
    hidden = not console.is_terminal
    with Progress(*columns, console=console, disable=hidden) as progress:
        task = progress.add_task(
            "starting", total=steps * epochs, completed=steps * len(history)
        )
        yield Bar(progress, task, epochs, history)


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
def logging_to(folder: Path, console: Console, *, writes: bool) -> Iterator[None]:
    """Sends mimika's log to `train.log` and to the console while the block runs.

    What Fabric says about itself and Python's warnings (where `logging.captureWarnings`
    is on) go to the file only.

    Args:
        folder: the run's folder.
        console: for people.
        writes: False for all but the first of several processes: nothing is logged.

    Raises:
        OSError: the folder cannot be written.
    """
    file: logging.Handler = logging.NullHandler()
    screen: logging.Handler = logging.NullHandler()
    if writes:
        file = logging.FileHandler(folder / LOG, encoding="utf-8")
        screen = ScreenHandler(console)
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
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
