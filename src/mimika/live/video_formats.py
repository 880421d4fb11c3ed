"""The kinds of video files that are written, and how pictures are coded in them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av

from mimika.core.errors import ConfigError

TIME_BASE = Fraction(1, 90_000)  # divides all usual frame rates, also 30000/1001


@dataclass(frozen=True)
class Coding:
    """How pictures are coded.

    Attributes:
        encoder: FFmpeg's name of it.
        options: of the encoder.
        time_base: unit of its times in seconds.
    """

    encoder: str
    options: Mapping[str, str] = field(default_factory=dict)
    time_base: Fraction = TIME_BASE


# the first that PyAV was built with is taken; `benchmarks/video.py` compares presets
H264 = (
    Coding("libx264", {"preset": "veryfast", "crf": "21"}),
    # quality 3 of 31, times a factor of FFmpeg; no finer unit of time is allowed
    Coding("mpeg4", {"flags": "+qscale", "global_quality": "354"}, Fraction(1, 60_000)),
)
VP9 = (
    Coding(
        "libvpx-vp9",
        {"deadline": "realtime", "cpu-used": "8", "crf": "32", "row-mt": "1"},
    ),
)
FRAGMENTED = {"movflags": "hybrid_fragmented+delay_moov", "flush_packets": "1"}
FLUSHED = {"flush_packets": "1"}


@dataclass(frozen=True)
class Format:
    """A kind of file.

    Attributes:
        name: FFmpeg's.
        codings: of pictures, the best first.
        options: of the format.
    """

    name: str
    codings: tuple[Coding, ...]
    options: Mapping[str, str]


FORMATS: Mapping[str, Format] = {
    ".mp4": Format("mp4", H264, FRAGMENTED),
    ".m4v": Format("mp4", H264, FRAGMENTED),
    ".mov": Format("mov", H264, FRAGMENTED),
    ".mkv": Format("matroska", H264, FLUSHED),
    ".webm": Format("webm", VP9, FLUSHED),
}


def check_recording(path: Path, source: Path | None = None) -> None:
    """Refuses a file that cannot be recorded to, before any work is done.

    Args:
        path: the file to write.
        source: the file that is read, which is never written over.

    Raises:
        ConfigError: as said.
    """
    if path.suffix.lower() not in FORMATS:
        raise ConfigError(
            f"{path}: a name that ends with {', '.join(FORMATS)} was expected, because "
            "the end tells the kind of video"
        )
    if path.is_dir():
        raise ConfigError(f"{path}: a folder; name a file")
    if not path.absolute().parent.is_dir():
        raise ConfigError(f"{path}: its folder is not there; make it first")
    if not os.access(path.resolve().parent, os.W_OK):
        raise ConfigError(f"{path}: its folder cannot be written to; name another one")
    if source is not None and path.exists() and path.samefile(source):
        raise ConfigError(f"{path}: is the video that is read; name another file")


def format_of(path: Path) -> Format:
    """The kind of file that the end of a name tells, one of `FORMATS`."""
    return FORMATS[path.suffix.lower()]


def coding_of(path: Path) -> Coding:
    """The best coding of a kind of file that PyAV was built with.

    Raises:
        ConfigError: it has none.
    """
    codings = format_of(path).codings
    for coding in codings:
        if coding.encoder in av.codecs_available:
            return coding
    names = ", ".join(coding.encoder for coding in codings)
    raise ConfigError(
        f"{path}: PyAV was built without {names}; take another kind of file, such as "
        ".mp4, or install the wheel of PyAV"
    )
