"""What people see: the last frame with its marks, and what goes on."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from mimika.live.commands import State, Viewer
from mimika.live.frames import Frame
from mimika.live.marks import with_marks
from mimika.live.mirror import mirrored_frame, mirrored_moment
from mimika.live.moment import Moment


class Screen:
    """Draws frames for all viewers, and draws the last one again when that is due.

    Attributes:
        state: what goes on.
        drawn: the last frame as it was drawn, without the marks of `marks`.
    """

    def __init__(
        self,
        draw: Callable[[Frame, Moment], Frame],
        viewers: Sequence[Viewer],
        state: State,
    ) -> None:
        """Takes what draws, who looks, and what goes on at first."""
        self.state = state
        self.drawn: tuple[Frame, Moment] | None = None
        self._draw, self._viewers = draw, viewers
        self._last: tuple[Frame, Moment] | None = None

    def show(self, frame: Frame, moment: Moment) -> dict[str, float]:
        """Draws a frame and shows it.

        Args:
            frame: as the source gave it.
            moment: who is in it.

        Returns:
            Milliseconds by stage: `draw` and `show`.
        """
        self._last = frame, moment
        began_s = time.perf_counter()
        if self.state.mirrored:
            frame, moment = mirrored_frame(frame), mirrored_moment(moment)
        drawn = self._draw(frame, moment)
        self.drawn = drawn, moment
        drawn_s = time.perf_counter()
        recording, paused = self.state.recording, self.state.paused
        pixels = with_marks(drawn.pixels, recording=recording, paused=paused)
        for viewer in self._viewers:
            viewer.show(replace(drawn, pixels=pixels), moment)
        shown_s = time.perf_counter()
        return {"draw": 1000 * (drawn_s - began_s), "show": 1000 * (shown_s - drawn_s)}

    def change(self, state: State) -> None:
        """Tells the viewers what goes on from now on, and shows it on the picture."""
        self.state = state
        for viewer in self._viewers:
            viewer.tell(state)
        if self._last is not None and self._viewers:
            self.show(*self._last)
