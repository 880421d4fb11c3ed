"""The work of `mimika video`: a film into every file that was asked for."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from mimika.cli.film_progress import film_progress
from mimika.cli.looking import Look
from mimika.core.errors import ConfigError
from mimika.live.background import WriteBehind
from mimika.live.film import Marked, Played, play
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
    """

    played: Played
    problems: Sequence[str] = ()


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

    Args:
        reader: the opened film.
        look: what looks at the frames.
        summary: adds the film up.
        wanted: the files; the plot is not drawn here.
        film: file of the film, for its sound.
        stopped: is asked before each frame whether to end.

    Raises:
        OSError: a file cannot be written; those that could are whole.
    """
    with ExitStack() as stack:
        stack.callback(reader.close)
        stack.callback(summary.close)
        sinks: list[Sink] = [summary]
        if wanted.table is not None:
            sinks.append(_closed_by(stack, Timeline(wanted.table, look.task)))
        recording = behind = None
        if wanted.out is not None:
            recording = _recording(wanted.out, film, reader)
            behind = _closed_by(stack, WriteBehind(Marked(recording, look.draw)))
            sinks.append(behind)
        told = stack.enter_context(film_progress(reader.title, reader.duration_s))
        played = play(reader, look.read, sinks, progress=told, stopped=stopped)
        if recording is None or behind is None:
            return Outcome(played)
        behind.drain()
        if played.finished:
            recording.keep_all_sound()
        return Outcome(played, recording.problems)


def _recording(path: Path, film: Path, reader: VideoReader) -> Recording:
    """A recording with the film's sound."""
    sound = Sound(film, reader.start_s)
    return Recording(path, frame_rate=reader.frame_rate, sound=sound, source=film)


SinkType = TypeVar("SinkType", bound=Sink)


def _closed_by(stack: ExitStack, sink: SinkType) -> SinkType:
    """The sink, which is closed when the stack unwinds."""
    stack.callback(sink.close)
    return sink


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
    if path.exists() and path.samefile(film):
        raise ConfigError(f"{path}: is the video that is read; name another file")
