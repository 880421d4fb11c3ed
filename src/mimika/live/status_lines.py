"""A line a second for people who have no picture to look at."""

import time
from collections.abc import Callable

from mimika.core.tasks import Task
from mimika.live.frames import Frame
from mimika.live.moment import Moment, Person

EVERY_S = 1.0


class StatusLines:
    """A sink that says now and then who is seen and how fast it goes."""

    def __init__(
        self,
        say: Callable[[str], None],
        task: Task,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Takes what writes a line, and the classes with their names."""
        self._say, self._task, self._clock = say, task, clock
        self._due_s = clock()

    def show(self, frame: Frame, moment: Moment) -> None:
        """Says a line, where the last one was a second ago."""
        now_s = self._clock()
        if now_s >= self._due_s:
            self._due_s = now_s + EVERY_S
            self._say(self._line(moment))

    def close(self) -> None:
        """Leaves the stream as it is."""

    def _line(self, moment: Moment) -> str:
        rate = moment.frames_per_s
        pace = "" if rate is None else f"  {rate:4.1f} frames/s"
        took = f"  {sum(moment.stage_ms.values()):3.0f} ms"
        seen = ", ".join(self._who(person) for person in moment.people) or "nobody"
        return f"{moment.time_s:7.1f} s{pace}{took}  {seen}"

    def _who(self, person: Person) -> str:
        name = self._task.label(person.label).name
        mark = "" if person.sure else " (unsure)"
        return f"#{person.identity} {name} {100 * person.probability:.0f} %{mark}"
