"""What a film showed, in little memory however long it is.

Time is kept in bins that are a tenth of a second wide at first. When a film outgrows
them, each two become one: at most `BINS` of them ever exist, and a person has only
those in which they are seen.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from mimika.core.preprocess import UInt8Array
from mimika.core.tasks import Task
from mimika.live.frames import Frame
from mimika.live.moment import Moment, Person
from mimika.runtime.tracking import TrackerSettings

BINS = 1024
FIRST_BIN_S = 0.1
MOST_PEOPLE = 300  # kept; beyond, who will not come back may be only counted
PICTURE_PX = 72
BETTER = 1.3  # so much better a picture of a face has to be to replace another
USUAL_STEP_S = 0.04  # how long a film's only frame is shown, where nobody says
GONE_S = TrackerSettings.forget_s  # who is away for longer comes with a new number
Floats = NDArray[np.float64]


@dataclass
class Presence:
    """One person of a film.

    Attributes:
        identity: number of the person.
        first_s: when they came first, in seconds from the first frame.
        last_s: when they were seen last.
        shown_s: float64 (K,), seconds for which each class was shown.
        sure_s: seconds of them that mean something.
        probability_s: float64 (K,), probabilities summed over seconds.
        bins: by number of the bin float64 (K + 2,): seconds of each class shown,
            certainty summed over seconds, sure seconds.
        picture: uint8 (S, S, 3), RGB, of the face; None where none was clear.
    """

    identity: int
    first_s: float
    last_s: float
    shown_s: Floats
    probability_s: Floats
    sure_s: float = 0.0
    bins: dict[int, Floats] = field(default_factory=dict)
    picture: UInt8Array | None = None
    picture_score: float = 0.0

    @property
    def seen_s(self) -> float:
        """Seconds for which the person was seen."""
        return float(self.shown_s.sum())


class Summary:
    """Adds up a film: a sink for frames without marks.

    Beyond `MOST_PEOPLE`, those seen the shortest are let go once their numbers cannot
    come back; so there are more for a while where more are there at once.

    Attributes:
        bin_s: width of a bin in seconds.
        duration_s: up to the end of the latest frame.
        left_out: people that were only counted.
    """

    def __init__(self, task: Task, frame_rate: float | None = None) -> None:
        """Starts empty.

        Args:
            task: the classes.
            frame_rate: frames a second on average; tells how long an only frame is
                shown. None where it is not known.
        """
        self.bin_s, self.duration_s, self.left_out = FIRST_BIN_S, 0.0, 0
        self._places = {key: place for place, key in enumerate(task.keys)}
        self._people: dict[int, Presence] = {}
        self._last: Moment | None = None
        self._step_s = 1 / frame_rate if frame_rate else USUAL_STEP_S

    @property
    def people(self) -> Sequence[Presence]:
        """Those seen the longest first."""
        return sorted(self._people.values(), key=lambda p: (-p.seen_s, p.identity))

    def show(self, frame: Frame, moment: Moment) -> None:
        """Takes one frame. How long it is shown turns out with the next one."""
        if self._last is not None:
            self._add(self._last, moment.time_s - self._last.time_s)
        self._last = moment
        for person in moment.people:
            if person.seen:
                found = self._presence(person.identity, moment.time_s)
                _keep_picture(found, frame.pixels, person)

    def close(self) -> None:
        """Adds the last frame; a second call does nothing."""
        if self._last is not None:
            self._add(self._last, self._step_s)
        self._last = None
        self._let_go(math.inf)

    def _add(self, moment: Moment, step_s: float) -> None:
        """Adds a frame that was shown for so long."""
        self._step_s = step_s
        self.duration_s = moment.time_s + step_s
        while self.duration_s > BINS * self.bin_s:
            self._widen()
        for person in moment.people:
            if person.seen:
                self._add_person(person, moment.time_s, step_s)
        self._let_go(moment.time_s)

    def _let_go(self, time_s: float) -> None:
        """Only counts those seen the shortest, of whom no more is to come."""
        surplus = len(self._people) - MOST_PEOPLE
        if surplus <= 0:
            return
        gone = [p for p in reversed(self.people) if time_s - p.last_s > GONE_S]
        for person in gone[:surplus]:
            del self._people[person.identity]
            self.left_out += 1

    def _add_person(self, person: Person, time_s: float, step_s: float) -> None:
        found = self._presence(person.identity, time_s)
        place = self._places[person.label]
        found.last_s = time_s + step_s
        found.shown_s[place] += step_s
        found.sure_s += step_s * person.sure
        found.probability_s += step_s * np.array(list(person.probabilities.values()))
        at_s, end_s = time_s, time_s + step_s
        for number in range(int(at_s / self.bin_s), int(end_s / self.bin_s) + 1):
            until_s = min(end_s, (number + 1) * self.bin_s)
            part_s = max(0.0, until_s - at_s)
            at_s = until_s
            values = found.bins.setdefault(number, np.zeros(len(self._places) + 2))
            values[place] += part_s
            values[-2:] += part_s * person.probability, part_s * person.sure

    def _presence(self, identity: int, time_s: float) -> Presence:
        """The person of this number, new where it was not seen before."""
        if identity not in self._people:
            empty = np.zeros(len(self._places))
            new = Presence(identity, time_s, time_s, empty, empty.copy())
            self._people[identity] = new
        return self._people[identity]

    def _widen(self) -> None:
        """Makes one bin of each two."""
        self.bin_s *= 2
        for person in self._people.values():
            wide: dict[int, Floats] = {}
            for number, values in person.bins.items():
                wide[number // 2] = wide.get(number // 2, 0) + values
            person.bins = wide


def _keep_picture(found: Presence, pixels: UInt8Array, person: Person) -> None:
    """Keeps a picture of the face where it is much better than the one before."""
    score = person.box[2] * person.box[3] * (1 + person.sure)
    if score <= BETTER * found.picture_score:
        return
    cut = face_picture(pixels, person.box)
    if cut is not None:
        found.picture, found.picture_score = cut, score


def face_picture(
    pixels: UInt8Array, box: tuple[float, float, float, float]
) -> UInt8Array | None:
    """A small square picture of a face.

    Args:
        pixels: uint8 (H, W, 3), RGB.
        box: x, y, width and height in pixels; may reach over the border.

    Returns:
        uint8 (72, 72, 3), or None where less than two pixels of it are inside.
    """
    x, y, w, h = box
    half = 0.55 * max(w, h)
    left, top = max(0, round(x + w / 2 - half)), max(0, round(y + h / 2 - half))
    cut = pixels[top : round(y + h / 2 + half), left : round(x + w / 2 + half)]
    if min(cut.shape[:2]) < 2:
        return None
    square = min(cut.shape[:2])
    spare_y, spare_x = (cut.shape[0] - square) // 2, (cut.shape[1] - square) // 2
    cut = cut[spare_y : spare_y + square, spare_x : spare_x + square]
    small = cv2.resize(cut, (PICTURE_PX, PICTURE_PX), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)
