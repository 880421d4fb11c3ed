"""Carries out what people ask for by key and by button."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from mimika.core.errors import MimikaError
from mimika.live.commands import Command
from mimika.live.naming import free_path, save_snapshot
from mimika.live.recorder import Recorder
from mimika.live.screen import Screen

RECORDING = ".mp4"


class Orders:
    """Knows the screen and the recorder, and what to do with them.

    Attributes:
        quit: whether somebody asked for the end.
    """

    def __init__(
        self,
        screen: Screen,
        recorder: Recorder,
        folder: Path,
        say: Callable[[str], None],
    ) -> None:
        """Takes both, where files are written to, and what tells people a line."""
        self.quit = False
        self._screen, self._recorder = screen, recorder
        self._folder, self._say = folder, say
        self._actions: Mapping[Command, Callable[[], None]] = {
            Command.QUIT: self._quit,
            Command.SNAPSHOT: self._snapshot,
            Command.RECORD: self._record,
            Command.PAUSE: self._pause,
            Command.MIRROR: self._mirror,
        }

    def obey(self, command: Command) -> None:
        """Does one thing; what does not work is told, and the pictures go on.

        Raises:
            OSError: a recording cannot be ended.
        """
        self._actions[command]()

    def start_recording(self, path: Path) -> None:
        """Records into this file.

        Raises:
            ConfigError: it cannot be recorded to.
        """
        self._recorder.start(path)
        self._report(f"recording: {path}")

    def end_recording(self) -> None:
        """Makes the recording whole, where there is one.

        Raises:
            OSError: the rest of it cannot be written.
        """
        path = self._recorder.stop()
        if path is not None:
            self._report(f"recorded: {path}")

    def _quit(self) -> None:
        self.quit = True

    def _pause(self) -> None:
        state = self._screen.state
        self._screen.change(replace(state, paused=not state.paused))

    def _mirror(self) -> None:
        state = self._screen.state
        self._screen.change(replace(state, mirrored=not state.mirrored))

    def _snapshot(self) -> None:
        if self._screen.drawn is None:
            return
        frame, _ = self._screen.drawn
        try:
            path = save_snapshot(frame.pixels, self._folder, _now())
        except OSError as error:
            self._report(f"no snapshot: {error}")
        else:
            self._report(f"snapshot: {path}")

    def _record(self) -> None:
        if self._recorder.is_on:
            self.end_recording()
            return
        try:
            self.start_recording(free_path(self._folder, RECORDING, _now()))
        except (MimikaError, OSError) as error:
            self._report(f"no recording: {error}")

    def _report(self, line: str) -> None:
        """Tells people, in the terminal and on the page."""
        self._say(line)
        state = replace(self._screen.state, recording=self._recorder.is_on, said=line)
        self._screen.change(state)


def _now() -> datetime:
    return datetime.now().astimezone()
