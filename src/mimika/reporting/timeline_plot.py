"""A plot of who showed which class and when: a lane for each person, for a report."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure as Canvas
from matplotlib.offsetbox import AnnotationBbox, OffsetImage
from matplotlib.patches import Patch
from numpy.typing import NDArray

from mimika.core.files import replacing
from mimika.core.preprocess import UInt8Array
from mimika.reporting.charts import LIGHT, shortened
from mimika.reporting.time_axis import draw_time_axis

KINDS = (".png", ".svg", ".pdf")
DPI = 200  # for print
WIDTH_IN = 10.0
LANE_IN = 0.72
FRAME_IN = 1.45  # title, axis and legend
HALF = 0.36  # of a lane's height, so that lanes stay apart
PALE = 0.30  # opacity of what means little
TRACK = "#eef1f4"  # where the person is seen, behind the colour
NOTE = "#5b6673"
PICTURE_PT = 34.0  # side of a picture
PICTURE_AT_PT = -24.0  # its middle, left of the axes
TEXT_PT = -48.0  # where texts end
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Lane:
    """One person.

    Attributes:
        name: stands beside the lane.
        note: a line under the name.
        starts_s: float64 (N,), where each piece begins.
        ends_s: float64 (N,), where it ends.
        classes: int64 (N,), the class that is shown.
        certainty: float64 (N,), 0..1, the height of the piece.
        sure: bool (N,), whether it means something; others are pale.
        picture: uint8 (S, S, 3), RGB, beside the name; None for none.
    """

    name: str
    note: str
    starts_s: Floats
    ends_s: Floats
    classes: NDArray[np.int64]
    certainty: Floats
    sure: NDArray[np.bool_]
    picture: UInt8Array | None = None


@dataclass(frozen=True)
class Heading:
    """What stands around the lanes.

    Attributes:
        title: above them, such as the name of a film.
        duration_s: length of the time axis.
        note: a line under the title; empty for none.
    """

    title: str
    duration_s: float
    note: str = ""


def save_timeline(
    path: Path,
    heading: Heading,
    lanes: Sequence[Lane],
    classes: Sequence[tuple[str, str]],
) -> None:
    """Draws the lanes under each other, the first on top.

    Args:
        path: file to write, replaced in one step; its end is one of `KINDS`.
        heading: what stands around them.
        lanes: may be none; then the plot says so.
        classes: display name and colour `#rrggbb` of each class.

    Raises:
        OSError: it cannot be written.
    """
    with replacing(path) as partial:
        kind = path.suffix.lower().removeprefix(".")
        partial.write_bytes(timeline_picture(heading, lanes, classes, kind))


def timeline_picture(
    heading: Heading,
    lanes: Sequence[Lane],
    classes: Sequence[tuple[str, str]],
    kind: str = "png",
) -> bytes:
    """The plot as the bytes of a file; see `save_timeline`."""
    rows = max(len(lanes), 1)
    canvas = Canvas(
        figsize=(WIDTH_IN, FRAME_IN + LANE_IN * rows),
        layout="constrained",
        facecolor=LIGHT.back,
    )
    FigureCanvasAgg(canvas)
    axes = canvas.add_subplot(facecolor=LIGHT.back)
    for place, lane in enumerate(lanes):
        _draw_lane(axes, place, lane, classes)
        _name_lane(axes, place, lane)
    if not lanes:
        axes.text(
            0.5,
            0.5,
            "no face was found",
            transform=axes.transAxes,
            ha="center",
            va="center",
            color=LIGHT.text,
            fontsize=11,
            backgroundcolor=LIGHT.back,
        )
    _finish(axes, heading, rows)
    if lanes:
        _add_legend(canvas, lanes, classes)
    data = io.BytesIO()
    canvas.savefig(data, dpi=DPI, format=kind)
    return data.getvalue()


def _draw_lane(
    axes: Axes, place: int, lane: Lane, classes: Sequence[tuple[str, str]]
) -> None:
    """Pieces that stand on the lane's floor, as high as they are certain."""
    floor = place + HALF  # the axis points down
    full = np.full(len(lane.starts_s), 2 * HALF)
    track = _boxes(lane.starts_s, lane.ends_s, floor, full)
    axes.add_collection(PolyCollection(list(track), facecolors=TRACK, linewidths=0))
    heights = 2 * HALF * lane.certainty
    pieces = _boxes(lane.starts_s, lane.ends_s, floor, heights)
    for number, (_, colour) in enumerate(classes):
        for sure in (True, False):
            chosen = (lane.classes == number) & (lane.sure == sure)
            axes.add_collection(
                PolyCollection(
                    list(pieces[chosen]),
                    facecolors=colour,
                    alpha=1.0 if sure else PALE,
                    linewidths=0,
                    antialiaseds=False,  # else neighbours show a seam
                )
            )


def _boxes(starts_s: Floats, ends_s: Floats, floor: float, heights: Floats) -> Floats:
    """Corners, float64 (N, 4, 2), of rectangles that stand on a line."""
    bottom = np.full(len(starts_s), floor)
    top = bottom - heights
    corners = [(starts_s, bottom), (starts_s, top), (ends_s, top), (ends_s, bottom)]
    return np.stack([np.stack(corner, axis=-1) for corner in corners], axis=1)


def _name_lane(axes: Axes, place: int, lane: Lane) -> None:
    """Name, note and picture at the left of the axes."""
    beside = axes.get_yaxis_transform()  # x in parts of the axes, y in lanes
    for text, up_pt, size, colour in (
        (shortened(lane.name), 6, 10, LIGHT.text),
        (shortened(lane.note, 30), -7, 8, NOTE),
    ):
        axes.annotate(
            text,
            (0, place),
            (TEXT_PT, up_pt),
            xycoords=beside,
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=size,
            color=colour,
        )
    if lane.picture is not None:
        image = OffsetImage(lane.picture, zoom=PICTURE_PT / lane.picture.shape[0])
        axes.add_artist(
            AnnotationBbox(
                image,
                (0, place),
                (PICTURE_AT_PT, 0),
                xycoords=beside,
                boxcoords="offset points",
                frameon=False,
                pad=0,
            )
        )


def _finish(axes: Axes, heading: Heading, rows: int) -> None:
    """Title, note, and the lines that lanes stand on."""
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_yticks([])
    draw_time_axis(axes, max(heading.duration_s, 0.1))
    for side, spine in axes.spines.items():
        spine.set_color(LIGHT.line)
        spine.set_visible(side == "bottom")
    axes.set_axisbelow(True)
    axes.set_title(
        shortened(heading.title, 70),
        loc="left",
        color=LIGHT.text,
        fontsize=13,
        pad=20 if heading.note else 8,
    )
    axes.annotate(
        heading.note,
        (0, 1),
        (0, 7),
        xycoords="axes fraction",
        textcoords="offset points",
        color=NOTE,
        fontsize=9,
    )


def _add_legend(
    canvas: Canvas, lanes: Sequence[Lane], classes: Sequence[tuple[str, str]]
) -> None:
    """The classes that occur, and what height and paleness mean."""
    shown = sorted({int(number) for lane in lanes for number in lane.classes})
    handles = [
        Patch(color=classes[number][1], label=shortened(classes[number][0]))
        for number in shown
    ]
    if any(not lane.sure.all() for lane in lanes):
        handles.append(Patch(color=LIGHT.text, alpha=PALE, label="pale: uncertain"))
    handles.append(Patch(color=TRACK, label="height: certainty, 0 to 100 %"))
    canvas.legend(
        handles=handles,
        loc="outside lower center",
        ncols=len(handles),
        fontsize=9,
        frameon=False,
        labelcolor=LIGHT.text,
        handlelength=1.0,
        columnspacing=1.3,
    )
