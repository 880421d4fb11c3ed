"""The loop: the newest frame is read, drawn and shown; then the next newest one.

Reading and showing happen in one thread, the one that SDL wants. It waits for a frame
or a short while, never in a circle, and then looks what people asked for.
"""

import time
from contextlib import ExitStack
from dataclasses import replace
from threading import Event

from mimika.live.commands import State
from mimika.live.figures import RecentFigures, Summary, WholeRun
from mimika.live.latest import Captured, LatestFrames
from mimika.live.moment import Moment
from mimika.live.orders import Orders
from mimika.live.plan import Outputs, Plan, Steps
from mimika.live.recorder import Recorder
from mimika.live.screen import Screen

WAIT_S = 0.03  # most time until a key is answered


class Live:
    """One run."""

    def __init__(
        self,
        frames: LatestFrames,
        steps: Steps,
        outputs: Outputs,
        plan: Plan,
        stopping: Event | None = None,
    ) -> None:
        """Joins the parts.

        Args:
            frames: is closed at the end, as are the viewers and listeners.
            steps: what is done.
            outputs: where it goes.
            plan: how it begins and ends.
            stopping: ends the run when it is set.
        """
        self._frames, self._steps, self._outputs = frames, steps, outputs
        self._plan, self._stopping = plan, stopping or Event()
        self._recorder = Recorder(steps.record)
        self._screen = Screen(steps.draw, outputs.viewers, State(mirrored=plan.mirror))
        self._orders = Orders(self._screen, self._recorder, outputs.folder, outputs.say)
        self._recent, self._whole = RecentFigures(), WholeRun()
        self._passed = 0  # frames that came while paused
        self._began_s = time.perf_counter()

    def run(self) -> Summary:
        """Runs until the source ends, somebody quits, or the plan is fulfilled.

        However it ends, a recording is made whole first, and then all is closed.

        Raises:
            SourceError: the source broke off.
            OSError: something cannot be written any more, such as the recording.
        """
        with ExitStack() as closing:
            closing.callback(self._frames.close)
            for sink in (*self._outputs.viewers, *self._outputs.listeners):
                closing.callback(sink.close)
            closing.callback(self._orders.end_recording)
            self._run()
        seconds = time.perf_counter() - self._began_s
        return self._whole.summary(self._dropped(), seconds)

    def _run(self) -> None:
        self._began_s = time.perf_counter()
        if self._plan.record is not None:
            self._orders.start_recording(self._plan.record)
        self._screen.change(self._screen.state)
        while not self._is_over():
            captured = self._next()
            if captured is not None:
                self._look(captured)
            for viewer in self._outputs.viewers:
                for command in viewer.commands():
                    self._orders.obey(command)

    def _is_over(self) -> bool:
        asked = self._orders.quit or self._stopping.is_set()
        return asked or self._frames.ended or self._is_fulfilled()

    def _is_fulfilled(self) -> bool:
        frames, seconds = self._plan.most_frames, self._plan.most_s
        if frames is not None and self._whole.frames >= frames:
            return True
        return seconds is not None and time.perf_counter() >= self._began_s + seconds

    def _next(self) -> Captured | None:
        """The newest frame; None where none came for a while, or while paused."""
        paused = self._screen.state.paused
        if paused and not self._frames.paced:
            self._stopping.wait(WAIT_S)  # the source waits as well
            return None
        captured = self._frames.take(WAIT_S)
        if captured is not None and paused:
            self._passed += 1
            return None
        return captured

    def _look(self, captured: Captured) -> None:
        """One frame on its way from the source to the screen."""
        waited_ms = _ms_since(captured.at_s)
        moment = self._told(self._steps.read(captured.frame), waited_ms)
        drawing_ms = self._draw(captured, moment)
        self._whole.add(_ms_since(captured.at_s))
        self._recent.add({**moment.stage_ms, **drawing_ms})
        if self._screen.drawn is not None:  # after the screen, which must not wait
            self._recorder.show(*self._screen.drawn)
        for listener in self._outputs.listeners:
            listener.show(captured.frame, moment)

    def _told(self, moment: Moment, waited_ms: float) -> Moment:
        """The moment with what only the loop knows."""
        return replace(
            moment,
            stage_ms={"wait": waited_ms, **moment.stage_ms},
            frames_per_s=self._recent.frames_per_s(),
            dropped=self._dropped(),
        )

    def _draw(self, captured: Captured, moment: Moment) -> dict[str, float]:
        """Shows the frame, where somebody or a recording wants it: ms by stage."""
        if not self._outputs.viewers and not self._recorder.is_on:
            return {}
        steady = self._recent.steady()
        told = replace(
            moment,
            stage_ms=steady.stage_ms or moment.stage_ms,
            frames_per_s=steady.frames_per_s,
        )
        return self._screen.show(captured.frame, told)

    def _dropped(self) -> int:
        return self._frames.dropped + self._passed


def _ms_since(began_s: float) -> float:
    return 1000 * (time.perf_counter() - began_s)
