"""From what people name to a source: a camera, a file, a folder or an address."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from mimika.core.errors import SourceError
from mimika.live.camera import Camera, Wish
from mimika.live.folder import Folder
from mimika.live.frames import Source
from mimika.live.stream import Stream, is_address
from mimika.live.video_file import open_video_file

Kind = Literal["camera", "stream", "folder", "file"]
CAMERA = re.compile(r"(?:/dev/video)?([0-9]{1,3})", re.ASCII)

# how long a source that does not wait may give nothing
PATIENCE_S: dict[Kind, float] = {
    "camera": 2.5,
    "stream": 8.0,  # it has a shorter time-out itself, whose error says more
    "folder": 0.0,
    "file": 0.0,
}


def kind_of(name: str) -> Kind:
    """What is meant: `0` and `/dev/video0` are cameras, `rtsp://...` is a stream."""
    if CAMERA.fullmatch(name):
        return "camera"
    if is_address(name):
        return "stream"
    return "folder" if Path(name).is_dir() else "file"


def open_source(name: str, wish: Wish) -> Source:
    """Opens what is named.

    Args:
        name: number of a camera, path of a video or of a folder of frames, or address
            of a stream. A file that is called as a camera is named as `./0`.
        wish: what is asked of a camera.

    Raises:
        SourceError: it cannot be opened; the message says why and what to do.
    """
    if not name.strip():
        raise SourceError(
            "the source has no name; expected the number of a camera, a video, a "
            "folder of frames or the address of a stream"
        )
    openers: dict[Kind, Callable[[], Source]] = {
        "camera": lambda: Camera(_number(name), wish),
        "stream": lambda: Stream(name),
        "folder": lambda: Folder(Path(name)),
        "file": lambda: open_video_file(Path(name)),
    }
    return openers[kind_of(name)]()


def _number(name: str) -> int:
    return int(name.removeprefix("/dev/video"))
