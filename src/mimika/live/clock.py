"""When a decoded frame is shown: presentation timestamps as seconds that never fall."""

import math
from fractions import Fraction

USUAL_RATE = Fraction(25)  # where a file neither says times nor a rate
JUMP_S = 10.0  # a longer gap in a broadcast is another clock, as for FFmpeg's tool


class Clock:
    """Tells the time of each frame of a stream, from the first one on.

    Attributes:
        start_s: presentation time of the first frame as the file gives it; sound is
            moved by as much. 0 before the first frame.
        jumped: whether times went on with another clock so far; the length that the
            file states says nothing then.
    """

    def __init__(
        self,
        time_base: Fraction | None,
        rate: Fraction | None,
        *,
        may_jump: bool = False,
    ) -> None:
        """Takes what the stream says of itself.

        Args:
            time_base: seconds of one unit of a timestamp; None where there are none.
            rate: frames a second, for those without a timestamp.
            may_jump: whether timestamps of this kind of file may go on with another
                clock, as in MPEG-TS. Elsewhere a long gap is a picture that is shown
                for long.
        """
        self._base = time_base
        self._step_s = float(1 / (rate or USUAL_RATE))
        self._most_s = JUMP_S if may_jump else math.inf
        self._shift_s: float | None = None  # what is taken off a timestamp
        self._last_s = self.start_s = 0.0
        self.jumped = False

    def time_s(self, timestamp: int | None) -> float:
        """When the next frame is shown.

        Args:
            timestamp: in units of the time base; None where the file has none.

        Returns:
            Seconds from the first frame. A frame without a timestamp comes one step
            after the one before it, and so does one whose timestamp jumps back or,
            where that is possible, far ahead, as where two recordings were joined;
            those after it follow that one.
        """
        first = self._shift_s is None
        stated = None
        if timestamp is not None and self._base is not None:
            stated = float(timestamp * self._base)
        if self._shift_s is None:
            self.start_s = self._shift_s = stated or 0.0
        expected = 0.0 if first else self._last_s + self._step_s
        time_s = expected if stated is None else stated - self._shift_s
        if stated is not None and not 0 <= time_s - self._last_s <= self._most_s:
            self._shift_s, time_s, self.jumped = stated - expected, expected, True
        self._last_s = time_s
        return time_s
