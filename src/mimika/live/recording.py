"""A video file as a sink: H.264 with the frames' own times, whole whatever happens.

An MP4 file is written in fragments of about two seconds and made an ordinary one at the
end (`hybrid_fragmented` of FFmpeg 7.1 and later): what a killed process or a full disk
leaves plays up to the last fragment, and a finished file plays everywhere. Matroska and
WebM need nothing of the kind.
"""

import contextlib
import logging
import math
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream

from mimika.core.preprocess import UInt8Array
from mimika.live.frames import Frame
from mimika.live.moment import Moment
from mimika.live.sound import Sound
from mimika.live.video_formats import check_recording, coding_of, format_of

logger = logging.getLogger(__name__)

REFUSED = "some of the sound does not fit into the new file and is left out"
KEY_FRAME_S = 2.0  # from one frame that stands alone to the next: fragments, jumping
USUAL_RATE = 30.0
ITU709 = 1  # number of BT.709 in ISO/IEC 23091-2, for primaries, curve and matrix
NARROW = 1  # AVCOL_RANGE_MPEG


class Recording:
    """Writes frames into a video file.

    The file is written as `NAME.partial` and takes its place when it is closed; where
    writing failed in the middle, only if what is there plays. A frame of another size
    than the first is fitted into the first one's with black borders.

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
            frame_rate: how many frames a second are expected; only for the distance
                of key frames.
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
        self._last = -1  # time of the latest frame in units of the time base
        self._step = round(1 / self._rate / self._coding.time_base)

    @property
    def problems(self) -> list[str]:
        """Sentences on what of the sound could not be kept."""
        return [] if self._sound is None else self._sound.problems

    def show(self, frame: Frame, moment: Moment) -> None:
        """Writes one frame at its own time.

        Raises:
            OSError: it cannot be written, such as on a full disk.
        """
        if self._open is None:
            self._open = self._begin(frame.pixels)
        output, stream = self._open
        picture = _coded_picture(frame.pixels, stream.width, stream.height)
        base = self._coding.time_base
        time = max(round(frame.time_s / base), self._last + 1)
        if self._last >= 0:
            self._step = time - self._last
        picture.pts, picture.time_base = time, base
        self._last = time
        self._add_sound(output, frame.time_s)
        output.mux(stream.encode(picture))
        self.frames += 1

    def keep_all_sound(self) -> None:
        """Writes the sound that goes on after the last picture of a whole film."""
        if self._open is not None:
            self._add_sound(self._open[0], math.inf)

    def close(self) -> None:
        """Ends the file so that it is whole; a second call does nothing.

        The sound goes on to the end of the last picture.

        Raises:
            OSError: the rest cannot be written; what was before it plays.
        """
        opened, self._open = self._open, None
        try:
            if opened is not None:
                self._end(*opened)
        finally:
            if self._sound is not None:
                self._sound.close()

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
        stream.gop_size = max(1, round(KEY_FRAME_S * self._rate))
        stream.thread_count = 0  # as many as there are cores
        stream.color_primaries = stream.color_trc = stream.colorspace = ITU709
        stream.color_range = NARROW
        if self._sound is not None:
            self._sound.join(output)
        return output, stream

    def _end(self, output: OutputContainer, stream: VideoStream) -> None:
        """Writes what encoders still hold, and puts the file into its place."""
        try:
            self._add_sound(
                output, float((self._last + self._step) * self._coding.time_base)
            )
            output.mux(stream.encode(None))
            if self._sound is not None:
                _mux_sound(output, self._sound.rest(), self._sound.problems)
            output.close()
        except (av.FFmpegError, OSError):
            with contextlib.suppress(av.FFmpegError, OSError):
                output.close()
            if not _plays(self._partial):
                self._partial.unlink(missing_ok=True)
                raise
            self._partial.replace(self._target)
            raise
        self._partial.replace(self._target)

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


def _plays(path: Path) -> bool:
    """Whether a first picture can be decoded."""
    try:
        with av.open(str(path)) as container:
            return next(container.decode(video=0), None) is not None
    except (av.FFmpegError, OSError, IndexError):
        return False
