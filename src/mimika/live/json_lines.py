"""Moments as JSON, one a line, for programs that read along."""

import json
from typing import Any, TextIO

from mimika.live.frames import Frame
from mimika.live.moment import Moment, Person

DIGITS = 4  # of probabilities
TENTHS = 1  # of pixels and milliseconds


def as_json(moment: Moment) -> dict[str, Any]:
    """What is known about a frame, ready for `json.dumps`."""
    rate = moment.frames_per_s
    return {
        "index": moment.index,
        "time_s": round(moment.time_s, 3),
        "width": moment.width,
        "height": moment.height,
        "people": [_person(person) for person in moment.people],
        "stage_ms": {k: round(v, 2) for k, v in moment.stage_ms.items()},
        "frames_per_s": None if rate is None else round(rate, TENTHS),
        "dropped": moment.dropped,
    }


class JsonLines:
    """A sink that writes what is known about each frame; not the picture."""

    def __init__(self, stream: TextIO) -> None:
        """Takes a stream, which stays open."""
        self._stream = stream

    def show(self, frame: Frame, moment: Moment) -> None:
        """Writes one line, at once.

        Raises:
            BrokenPipeError: nobody reads any more.
            OSError: it cannot be written.
        """
        line = json.dumps(as_json(moment), ensure_ascii=False, allow_nan=False)
        self._stream.write(line + "\n")
        self._stream.flush()

    def close(self) -> None:
        """Leaves the stream as it is."""


def _person(person: Person) -> dict[str, Any]:
    return {
        "identity": person.identity,
        "box": [round(side, TENTHS) for side in person.box],
        "label": person.label,
        "probability": round(person.probability, DIGITS),
        "probabilities": {k: round(p, DIGITS) for k, p in person.probabilities.items()},
        "sure": person.sure,
        "seen": person.seen,
    }
