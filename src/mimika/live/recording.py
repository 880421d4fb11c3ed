"""A video file as a sink: H.264 with the frames' own times, whole whatever happens.

An MP4 file is written in fragments of about two seconds and made an ordinary one at the
end (`hybrid_fragmented` of FFmpeg 7.1 and later): what a killed process or a full disk
leaves plays up to the last fragment, and a finished file plays everywhere. Matroska and
WebM need nothing of the kind. Key frames are asked for by time and not by number, since
a fragment begins with one and frames may come at any rate.
"""

import contextlib
import logging
import math
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.video.frame import PictureType
from av.video.stream import VideoStream

from mimika.core.preprocess import UInt8Array
from mimika.live.frames import Frame
from mimika.live.moment import Moment
from mimika.live.playable import playable_s
from mimika.live.sound import Sound
from mimika.live.video_formats import check_recording, coding_of, format_of
from mimika.reporting.durations import span_text

logger = logging.getLogger(__name__)

REFUSED = "some of the sound does not fit into the new file and is left out"
KEY_FRAME_S = 2.0  # from one frame that stands alone to the next: fragments, jumping
MOST_BETWEEN = 1000  # frames; so many never come in that time
USUAL_RATE = 30.0
ITU709 = 1  # number of BT.709 in ISO/IEC 23091-2, for primaries, curve and matrix
NARROW = 1  # AVCOL_RANGE_MPEG


class Recording:
    """Writes frames into a video file.

    The file is written as `NAME.partial` and takes its place when it is closed. Where
    writing failed in the middle, the part that plays takes it too, unless that would
    replace a file: it stays `NAME.partial` then. A frame of another size than the first
    is fitted into the first one's with black borders.

    Attributes:
        path: the file.
        frames: how many were written.
        problems: sentences on what could not be kept.
    """

    def __init__(
        self,
        path: Path,
        *,
        frame_rate: float | None = None,
        sound: Sound | None = None,
        source: Path | None = None,
    ) -> None:
        """Writes nothing yet: the first frame tells the size.

        Args:
            path: file to write; its end is one of `FORMATS`. One that exists is
                replaced at the end.
            frame_rate: how many frames a second are expected; only tells encoders what
                to reckon with, and how long an only frame is shown.
            sound: is written along, and closed at the end; None for none.
            source: the file that is read, which is never written over.

        Raises:
            ConfigError: it cannot be recorded to.
        """
        check_recording(path, source)
        self.path, self.frames = path, 0
        self._rate = frame_rate or USUAL_RATE
        self._sound = sound
        self._format = format_of(path)
        self._coding = coding_of(path)
        self._target = path.resolve()  # a link keeps pointing to the file
        self._partial = self._target.with_name(f"{self._target.name}.partial")
        self._open: tuple[OutputContainer, VideoStream] | None = None
        self._failure: str | None = None  # why it could not be written any more
        self._last = -1  # time of the latest frame in units of the time base
        self._key_due = 0  # time from which on a frame has to stand alone, likewise
        self._step = round(1 / self._rate / self._coding.time_base)

    @property
    def problems(self) -> list[str]:
        """Sentences on what of the sound could not be kept."""
        return [] if self._sound is None else self._sound.problems

    def show(self, frame: Frame, moment: Moment) -> None:
        """Writes one frame at its own time.

        Raises:
            OSError: it cannot be written, such as on a full disk. `close` says what
                could be kept.
        """
        with self._writing():
            if self._open is None:
                self._open = self._begin(frame.pixels)
            output, stream = self._open
            picture = _coded_picture(frame.pixels, stream.width, stream.height)
            self._set_time(picture, frame.time_s)
            self._add_sound(output, frame.time_s)
            output.mux(stream.encode(picture))
        self.frames += 1

    def keep_all_sound(self) -> None:
        """Writes the sound that goes on after the last picture of a whole film.

        Raises:
            OSError: as `show`.
        """
        if self._open is not None:
            with self._writing():
                self._add_sound(self._open[0], math.inf)

    def close(self) -> None:
        """Ends the file so that it is whole; a second call does nothing.

        The sound goes on to the end of the last picture.

        Raises:
            OSError: the rest, or something before it, could not be written. It says
                how much plays and where that is.
        """
        opened, self._open = self._open, None
        try:
            if opened is not None:
                self._end(*opened)
        finally:
            if self._sound is not None:
                self._sound.close()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Names the file in whatever goes wrong, and remembers it.

        Raises:
            OSError: for an error of FFmpeg or the system.
        """
        try:
            yield
        except (av.FFmpegError, OSError) as error:
            reason = error.strerror or str(error)
            self._failure = self._failure or reason  # the first one is the cause
            raise OSError(f"{self.path}: cannot be written ({reason})") from error

    def _set_time(self, picture: av.VideoFrame, time_s: float) -> None:
        """Gives a picture its time, and makes it stand alone where that is due."""
        base = self._coding.time_base
        time = max(round(time_s / base), self._last + 1)
        if self._last >= 0:
            self._step = time - self._last
        if time >= self._key_due:
            picture.pict_type = PictureType.I
            self._key_due = time + round(KEY_FRAME_S / base)
        picture.pts, picture.time_base = time, base
        self._last = time

    def _begin(self, pixels: UInt8Array) -> tuple[OutputContainer, VideoStream]:
        """Opens the file for frames of this size."""
        coding = self._coding
        options = dict(self._format.options)
        output = av.open(
            str(self._partial), "w", format=self._format.name, options=options
        )
        added = output.add_stream(
            coding.encoder,
            rate=Fraction(self._rate).limit_denominator(1001),
            options=dict(coding.options),
            time_base=coding.time_base,
        )
        stream = cast(VideoStream, added)
        height, width = pixels.shape[:2]
        stream.width, stream.height = width + width % 2, height + height % 2
        stream.pix_fmt = "yuv420p"  # the one that all players know
        stream.gop_size = MOST_BETWEEN
        stream.thread_count = 0  # as many as there are cores
        stream.color_primaries = stream.color_trc = stream.colorspace = ITU709
        stream.color_range = NARROW
        if self._sound is not None:
            self._sound.join(output)
        return output, stream

    def _end(self, output: OutputContainer, stream: VideoStream) -> None:
        """Writes what encoders still hold, and puts the file into its place.

        Raises:
            OSError: not all of the film could be written.
        """
        with contextlib.suppress(OSError):  # which is told below
            if self._failure is None:
                with self._writing():
                    self._write_rest(output, stream)
            with self._writing():
                output.close()
        if self._failure is not None:
            with contextlib.suppress(av.FFmpegError, OSError):
                output.close()  # gives the file back
            raise OSError(self._kept(self._failure))
        self._partial.replace(self._target)

    def _write_rest(self, output: OutputContainer, stream: VideoStream) -> None:
        """Writes the sound of the last picture, and what encoders still hold."""
        end = (self._last + self._step) * self._coding.time_base
        self._add_sound(output, float(end))
        output.mux(stream.encode(None))
        if self._sound is not None:
            _mux_sound(output, self._sound.rest(), self._sound.problems)

    def _kept(self, reason: str) -> str:
        """Keeps the part that plays, without replacing a file, and tells of it."""
        said = f"{self.path}: cannot be written any more ({reason})"
        length_s = playable_s(self._partial)
        if length_s is None:
            self._partial.unlink(missing_ok=True)
            return f"{said}; nothing of it plays. Name a file where there is room"
        place = self._partial if self._target.exists() else self._target
        if place == self._target:
            self._partial.replace(place)
        return f"{said}; the first {span_text(length_s)} play and are kept in {place}"

    def _add_sound(self, output: OutputContainer, time_s: float) -> None:
        """Writes the sound before a time."""
        if self._sound is not None:
            _mux_sound(output, self._sound.until(time_s), self._sound.problems)


def _mux_sound(
    output: OutputContainer, packets: "Iterable[av.Packet[Any]]", problems: list[str]
) -> None:
    """Writes packets of sound; one that the file refuses is left out.

    Raises:
        OSError: nothing can be written any more.
    """
    for packet in packets:
        try:
            output.mux(packet)
        except OSError:
            raise
        except av.FFmpegError as error:  # such as times that fall
            if REFUSED not in problems:
                problems.append(REFUSED)
                logger.info("sound was refused: %s", error)


def _coded_picture(pixels: UInt8Array, width: int, height: int) -> av.VideoFrame:
    """A picture as the encoder takes it.

    Args:
        pixels: uint8 (H, W, 3), RGB, 0..255.
        width: even width of the video in pixels.
        height: likewise.
    """
    fitted = _fitted(pixels, width, height)
    return av.VideoFrame.from_ndarray(fitted, "rgb24").reformat(
        format="yuv420p", dst_colorspace="itu709", dst_color_range="MPEG", threads=1
    )


def _fitted(pixels: UInt8Array, width: int, height: int) -> UInt8Array:
    """A picture of any size in a video of this size.

    One pixel that makes the size even repeats the border; a picture of another size,
    as after a camera was turned, is scaled and gets black borders.
    """
    rows, columns = pixels.shape[:2]
    missing = (height - rows, width - columns)
    if missing == (0, 0):
        return pixels
    if all(side in (0, 1) for side in missing):
        return np.pad(pixels, ((0, missing[0]), (0, missing[1]), (0, 0)), mode="edge")
    scale = min(width / columns, height / rows)
    size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    canvas = np.zeros((height, width, 3), np.uint8)
    x, y = (width - size[0]) // 2, (height - size[1]) // 2
    canvas[y : y + size[1], x : x + size[0]] = cv2.resize(pixels, size)
    return canvas
