"""Who showed what and when, as a table that grows on the disk and not in memory."""

import csv
import math
from contextlib import ExitStack
from pathlib import Path

from mimika.core.errors import ConfigError
from mimika.core.files import replacing
from mimika.core.tasks import Task
from mimika.live.frames import Frame
from mimika.live.moment import Moment, Person

ROWS_PER_S = 10  # of each person: faces change no faster than one can see
EPSILON_S = 1e-6  # times are sums of rounded numbers
COLUMNS = ("time_s", "identity", "emotion", "certainty", "sure", "x", "y", "w", "h")


class Timeline:
    """Writes a row for each person that is seen, ten times in a second of the film.

    The columns are `COLUMNS` and the probability of each class under its key:
    seconds from the first frame, number of the person, key of the class that is shown
    and its probability, whether it means something (0 or 1), and the face's box in
    pixels. A person who is away has no rows.
    """

    def __init__(self, path: Path, task: Task) -> None:
        """Starts the file, which takes its place when it is closed.

        Args:
            path: csv file; one that exists is replaced at the end.
            task: the classes.

        Raises:
            ConfigError: its folder is not there.
            OSError: it cannot be written.
        """
        if not path.absolute().parent.is_dir():
            raise ConfigError(f"{path}: its folder is not there; make it first")
        self._keys = task.keys
        self._due_s = -math.inf
        with ExitStack() as stack:
            partial = stack.enter_context(replacing(path))
            self._file = stack.enter_context(
                partial.open("w", encoding="utf-8", newline="")
            )
            self._writer = csv.writer(self._file)
            self._writer.writerow((*COLUMNS, *self._keys))
            self._stack = stack.pop_all()

    def show(self, frame: Frame, moment: Moment) -> None:
        """Writes the rows of a moment, where it is time for some.

        Raises:
            OSError: they cannot be written.
        """
        if moment.time_s + EPSILON_S < self._due_s:
            return
        ticks = math.floor((moment.time_s + EPSILON_S) * ROWS_PER_S)
        self._due_s = (ticks + 1) / ROWS_PER_S
        rows = [self._row(moment.time_s, p) for p in moment.people if p.seen]
        self._writer.writerows(rows)
        self._file.flush()  # so that a killed process leaves all but the last row

    def close(self) -> None:
        """Puts the file into its place; a second call does nothing."""
        self._stack.close()

    def _row(self, time_s: float, person: Person) -> list[str]:
        shares = [f"{person.probabilities[key]:.4f}" for key in self._keys]
        return [
            f"{time_s:.3f}",
            str(person.identity),
            person.label,
            f"{person.probability:.4f}",
            str(int(person.sure)),
            *(f"{side:.0f}" for side in person.box),
            *shares,
        ]
