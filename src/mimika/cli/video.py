"""`mimika video`: who shows what in a video file, and when."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import click

from mimika.cli.face_table import printable
from mimika.cli.looking import open_look
from mimika.cli.options import as_wrong_call, hardware_options
from mimika.cli.video_outputs import failure_of
from mimika.cli.video_run import Outcome, Wanted, check_wanted, run
from mimika.cli.video_text import Report, ending_of, print_report, report_json
from mimika.core.tasks import Task
from mimika.live.stopping import stop_on_signals
from mimika.live.summary import Summary
from mimika.live.video_file import VideoReader, open_video_file
from mimika.runtime.hardware import Hardware

FILE = click.Path(path_type=Path)


@click.command(
    "video",
    epilog="\b\nExamples:\n"
    "  mimika video interview.mp4\n"
    "  mimika video interview.mp4 --out annotated.mp4\n"
    "  mimika video interview.mp4 --csv timeline.csv --plot timeline.png",
)
@click.argument("film", metavar="INPUT", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=FILE,
    metavar="FILE",
    help="Write the video with its faces marked and its sound kept: .mp4, .m4v, .mov, "
    ".mkv or .webm.",
)
@click.option(
    "--csv",
    "table",
    type=FILE,
    metavar="FILE",
    help="Write who showed what, ten rows in a second for each person.",
)
@click.option(
    "--plot",
    type=FILE,
    metavar="FILE",
    help="Draw who showed what over the time: .png, .svg or .pdf.",
)
@click.option("--json", "as_json", is_flag=True, help="Write the summary as JSON.")
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    metavar="FILE|NAME",
    help="A model that 'mimika export' wrote, or the name of one that was added.  "
    "[default: the one in the package]",
)
@hardware_options
def command(
    film: Path,
    out: Path | None,
    table: Path | None,
    plot: Path | None,
    as_json: bool,
    model: Path | None,
    hardware: Hardware,
) -> None:
    """Say who shows what in a video file, and when.

    INPUT is any video that FFmpeg can read, such as MP4, MOV, MKV, WebM or AVI. A
    summary of each person is printed. Frames keep their own times, and videos that
    are filmed on their side are turned upright.

    Files that exist are replaced at the end, never the INPUT. Ctrl-C ends at the next
    frame: what was written until then is whole, and the exit code is 1.
    """
    wanted = Wanted(out, table, plot)
    with closing(open_video_file(film)) as reader, stop_on_signals() as stopping:
        with as_wrong_call():
            check_wanted(wanted, film)
        look = open_look(model, hardware)
        summary = Summary(look.task, reader.frame_rate)
        outcome = run(reader, look, summary, wanted, film, stopping.is_set)
    if plot is not None:
        outcome = _with_plot(outcome, plot, summary, look.task, film.name)
    written = [path for path in wanted.paths if path not in outcome.failed]
    report = Report(film, outcome, summary, look.task, written)
    if as_json:
        click.echo(report_json(report, reader))
    else:
        print_report(report)
    _end(report, reader)


def _with_plot(
    outcome: Outcome, plot: Path, summary: Summary, task: Task, title: str
) -> Outcome:
    """Draws the plot; the outcome with what went wrong."""
    from mimika.live.summary_plot import save_summary_plot

    try:
        save_summary_plot(plot, summary, task, printable(title))
    except OSError as error:
        failed = {**outcome.failed, plot: failure_of(plot, error)}
        return replace(outcome, failed=failed)
    return outcome


def _end(report: Report, reader: VideoReader) -> None:
    """Says on stderr what a person has to know; what is not whole fails."""
    for line in ending_of(report, reader):
        click.echo(line, err=True)
    if not report.outcome.played.finished or report.outcome.failed:
        click.get_current_context().exit(1)
