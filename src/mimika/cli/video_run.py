"""The work of `mimika video`: a film into every file that was asked for."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from mimika.cli.film_progress import film_progress
from mimika.cli.looking import Look
from mimika.cli.video_outputs import MarkedFilm, Output
from mimika.core.errors import ConfigError
from mimika.live.film import Played, play
from mimika.live.frames import Sink
from mimika.live.recording import Recording
from mimika.live.sound import Sound
from mimika.live.summary import Summary
from mimika.live.timeline import Timeline
from mimika.live.video_file import VideoReader
from mimika.live.video_formats import check_recording


@dataclass(frozen=True)
class Wanted:
    """The files that were asked for; None for those that were not."""

    out: Path | None = None
    table: Path | None = None
    plot: Path | None = None

    @property
    def paths(self) -> list[Path]:
        """Those that were asked for."""
        return [path for path in (self.out, self.table, self.plot) if path is not None]


@dataclass(frozen=True)
class Outcome:
    """What became of a film.

    Attributes:
        played: how far it came.
        problems: sentences on what could not be kept.
        failed: files that could not be written, with a sentence on each.
    """

    played: Played
    problems: Sequence[str] = ()
    failed: Mapping[Path, str] = field(default_factory=dict)


def check_wanted(wanted: Wanted, film: Path) -> None:
    """Refuses files that cannot be written, before the work of an hour.

    Args:
        wanted: the files.
        film: the video that is read, which is never written over.

    Raises:
        ConfigError: as said.
    """
    if wanted.out is not None:
        check_recording(wanted.out, film)
    if wanted.plot is not None:
        _check_kind(wanted.plot)
    for path in wanted.paths:
        _check_file(path, film)
    if len({path.resolve() for path in wanted.paths}) < len(wanted.paths):
        raise ConfigError("two outputs have the same name; give each its own")


def run(
    reader: VideoReader,
    look: Look,
    summary: Summary,
    wanted: Wanted,
    film: Path,
    stopped: Callable[[], bool],
) -> Outcome:
    """Plays a film into everything that was asked for; all of it is closed then.

    A file that cannot be written ends the film, and the others keep what came before.

    Args:
        reader: the opened film.
        look: what looks at the frames.
        summary: adds the film up.
        wanted: the files; the plot is not drawn here.
        film: file of the film, for its sound.
        stopped: is asked before each frame whether to end.

    Raises:
        OSError: a file cannot even be begun.
    """
    outputs: list[Output] = []
    recording = None
    with ExitStack() as stack:
        stack.callback(reader.close)
        stack.callback(summary.close)
        if wanted.table is not None:
            outputs.append(Output(wanted.table, Timeline(wanted.table, look.task)))
            stack.callback(outputs[-1].close)
        if wanted.out is not None:
            recording = _recording(wanted.out, film, reader)
            outputs.append(MarkedFilm(wanted.out, recording, look.draw))
            stack.callback(outputs[-1].close)
        with film_progress(reader.title, reader.duration_s) as told:
            sinks: list[Sink] = [summary, *outputs]
            played = play(reader, look.read, sinks, progress=told, stopped=stopped)
        if played.finished:
            for output in outputs:
                output.finish()
    failed = {each.path: each.failure for each in outputs if each.failure is not None}
    return Outcome(played, recording.problems if recording else (), failed)


def _recording(path: Path, film: Path, reader: VideoReader) -> Recording:
    """A recording with the film's sound."""
    sound = Sound(film, reader.start_s)
    return Recording(path, frame_rate=reader.frame_rate, sound=sound, source=film)


def _check_kind(plot: Path) -> None:
    """Refuses a kind of picture that is not drawn.

    Raises:
        ConfigError: as said.
    """
    from mimika.reporting.timeline_plot import KINDS  # brings matplotlib, which is slow

    if plot.suffix.lower() not in KINDS:
        raise ConfigError(
            f"{plot}: a name that ends with {', '.join(KINDS)} was expected, because "
            "the end tells the kind of picture"
        )


def _check_file(path: Path, film: Path) -> None:
    """Refuses a folder, a file in no folder, and the film itself.

    Raises:
        ConfigError: as said.
    """
    if path.is_dir():
        raise ConfigError(f"{path}: a folder; name a file")
    if not path.absolute().parent.is_dir():
        raise ConfigError(f"{path}: its folder is not there; make it first")
    is_file = path.is_file() or not path.exists()
    if is_file and not os.access(path.resolve().parent, os.W_OK):
        raise ConfigError(f"{path}: its folder cannot be written to; name another one")
    if path.exists() and path.samefile(film):
        raise ConfigError(f"{path}: is the video that is read; name another file")
