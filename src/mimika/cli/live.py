"""`mimika live`: the faces in front of a camera, as they move."""

import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Literal, cast

import click

from mimika.cli.looking import open_look
from mimika.cli.options import as_wrong_call, hardware_options
from mimika.core.errors import DisplayError
from mimika.core.tasks import Task
from mimika.live.background import WriteBehind
from mimika.live.camera import Wish
from mimika.live.commands import Viewer
from mimika.live.figures import Summary
from mimika.live.frames import Sink
from mimika.live.json_lines import JsonLines
from mimika.live.latest import FIRST_S, LatestFrames
from mimika.live.loop import Live
from mimika.live.overlay import Overlay
from mimika.live.page import Page
from mimika.live.plan import Outputs, Plan, Steps
from mimika.live.recording import Recording
from mimika.live.sources import PATIENCE_S, kind_of, open_source
from mimika.live.status_lines import StatusLines
from mimika.live.stopping import stop_on_signals
from mimika.live.tempo import InTempo
from mimika.live.video_formats import check_recording
from mimika.live.window import Window
from mimika.runtime.hardware import Hardware

Where = Literal["window", "page", "headless"]

EXAMPLES = """\b
Examples:
  mimika live
  mimika live --page --record party.mp4
  mimika live --source rtsp://192.168.1.20/stream --headless --json
  mimika live --source frames/ --window

Keys in the window and on the page: q quit, s snapshot, r record, space pause,
m mirror.
"""


@dataclass(frozen=True)
class Asked:
    """What was asked for on the command line.

    Attributes:
        source: what to look at.
        wish: what is asked of a camera.
        where: what shows the picture.
        as_json: whether moments go to stdout.
        host: address of the page.
        port: likewise.
    """

    source: str
    wish: Wish
    where: Where
    as_json: bool
    host: str
    port: int


def read_size(_: click.Context, __: click.Parameter, text: str) -> tuple[int, int]:
    """Width and height of `640x480`."""
    found = re.fullmatch(r"([1-9][0-9]{0,4})x([1-9][0-9]{0,4})", text.lower())
    if found is None:
        raise click.BadParameter(f"{text!r}; expected width and height, as in 640x480")
    return int(found[1]), int(found[2])


@click.command("live", epilog=EXAMPLES)
@click.option(
    "--source",
    default="0",
    show_default=True,
    help="Number of a camera, a video file, a folder of frames, or the address of a "
    "stream (rtsp://, http://, udp:// and others).",
)
@click.option(
    "--window",
    "where",
    flag_value="window",
    default="window",
    help="Show a window; without a screen, the page.  [default]",
)
@click.option("--page", "where", flag_value="page", help="Show a page for a browser.")
@click.option("--headless", "where", flag_value="headless", help="Show no picture.")
@click.option(
    "--record",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the marked pictures into this video (.mp4, .mov, .mkv, .webm); one "
    "that exists is replaced.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Write a JSON object a line for each frame."
)
@click.option(
    "--size",
    default="640x480",
    show_default=True,
    callback=read_size,
    help="What to ask of a camera.",
)
@click.option(
    "--rate",
    type=click.IntRange(1, 240),
    default=30,
    show_default=True,
    help="Pictures in a second; likewise.",
)
@click.option(
    "--mirror/--no-mirror",
    default=None,
    help="Show the picture as in a mirror.  [default: for cameras]",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address of the page. It asks for no password: whoever reaches it sees the "
    "picture.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default=True,
    help="Port of the page; 0 picks a free one.",
)
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    metavar="FILE|NAME",
    help="A model that 'mimika export' wrote, or the name of one that was added.  "
    "[default: the one in the package]",
)
@click.option(
    "--frames",
    "most_frames",
    type=click.IntRange(1),
    metavar="NUMBER",
    help="End after so many frames.",
)
@click.option(
    "--seconds",
    "most_s",
    type=click.FloatRange(0, min_open=True),
    metavar="NUMBER",
    help="End after so many seconds.",
)
@hardware_options
def command(
    source: str,
    where: str,
    record: Path | None,
    as_json: bool,
    size: tuple[int, int],
    rate: int,
    mirror: bool | None,
    host: str,
    port: int,
    model: Path | None,
    most_frames: int | None,
    most_s: float | None,
    hardware: Hardware,
) -> None:
    """Show the faces in front of a camera, and what they show, as they move.

    Pictures are processed on this machine and kept nowhere, unless a recording or a
    snapshot is asked for. Frames that come too fast are left out, so that what is shown
    is what happens now; of files and folders each frame is taken.
    """
    asked = Asked(source, Wish(*size, rate), cast(Where, where), as_json, host, port)
    mirrored = kind_of(source) == "camera" if mirror is None else mirror
    plan = Plan(mirrored, record, most_frames, most_s)
    if record is not None:
        with as_wrong_call():
            check_recording(record, Path(source) if kind_of(source) == "file" else None)
    with stop_on_signals() as stopping:
        say(str(run(asked, plan, lambda: load_steps(model, hardware), stopping)))


def load_steps(model: Path | None, hardware: Hardware) -> tuple[Steps, Task]:
    """The networks and what draws their answers, and the classes.

    Raises:
        ModelError: the model cannot be used.
        ConfigError: the hardware is required and does not work here.
    """
    look = open_look(model, hardware)
    return Steps(look.read, Overlay(look.task).draw, recording), look.task


def recording(path: Path) -> Sink:
    """A video file that is written by a thread of its own: coding takes its time."""
    return WriteBehind(Recording(path))


def run(
    asked: Asked,
    plan: Plan,
    load: Callable[[], tuple[Steps, Task]],
    stopping: Event,
) -> Summary | str:
    """Opens all, runs, and closes all.

    Args:
        asked: where from and where to.
        plan: how it begins and ends.
        load: makes the steps and tells the classes.
        stopping: ends the run when it is set.

    Returns:
        What to say at the end.

    Raises:
        MimikaError: what cannot be opened, or broke off.
    """
    with ExitStack() as undo:
        source = open_source(asked.source, asked.wish)
        undo.callback(source.close)
        steps, task = load()
        viewers = open_viewers(asked, source.title)
        undo.pop_all()  # from here on the run closes them
    patience_s = PATIENCE_S[kind_of(asked.source)]
    if viewers and not source.paced:
        slowed = InTempo(source)
        frames = LatestFrames(slowed, FIRST_S, patience_s, slowed.wake)
    else:
        frames = LatestFrames(source, FIRST_S, patience_s)
    outputs = Outputs(viewers, listeners_for(asked, task), say)
    try:
        return Live(frames, steps, outputs, plan, stopping).run()
    except BrokenPipeError:
        # Python would complain at its end when it cannot empty stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return "Nobody reads along any more."


def open_viewers(asked: Asked, title: str) -> Sequence[Viewer]:
    """The window or the page; without a screen, the page instead of the window.

    Raises:
        ServiceError: the page's port is taken.
    """
    if asked.where == "headless":
        return []
    if asked.where == "window":
        try:
            return [Window(f"mimika live - {title}")]
        except DisplayError as error:
            say(f"No window: {error}; here is the page instead.")
    page = Page(asked.host, asked.port)
    # With --json, stdout is for a program.
    click.echo(f"mimika live: {page.address}", err=asked.as_json)
    return [page]


def listeners_for(asked: Asked, task: Task) -> Sequence[Sink]:
    """JSON for programs; without that and without a picture, lines for people."""
    if asked.as_json:
        return [JsonLines(sys.stdout)]
    return [StatusLines(click.echo, task)] if asked.where == "headless" else []


def say(line: str) -> None:
    """Tells people something beside the results."""
    click.echo(line, err=True)
