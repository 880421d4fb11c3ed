"""Videos by PyAV: a source for files, and the opening that network streams share."""

import os
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.container import InputContainer
from av.format import Flags
from av.stream import Disposition
from av.video.stream import VideoStream

from mimika.core.errors import SourceError
from mimika.live.clock import Clock
from mimika.live.frames import Frame
from mimika.live.upright import upright_pixels

FORMATS = "MP4, MOV, MKV, WebM or AVI"
# what FFmpeg also calls a video: texts drawn as on a terminal, and single pictures
NO_VIDEOS = ("tty", "image2", "bin", "xbin", "adf", "idf")
MICROSECONDS = 1_000_000  # units of a container's duration in a second
RETRIES = 50  # unreadable stretches one after the other until a file counts as ended
SHORT_S = 1.0  # a file that ends so much before its own end was cut off


class VideoReader:
    """Gives the frames of an opened video in the order in which they are shown.

    No frame is kept: memory does not depend on the length.

    Attributes:
        title: what people read.
        paced: False for a file; True where frames come in their own time.
        duration_s: length as the file states it; None where it does not.
        frame_rate: frames a second on average, as the file states it; None likewise.
        frames: about how many there are; None where that cannot be known.
        damaged: frames and packets so far that could not be decoded.
        end_s: when the latest frame gives way to the next one, as the file says.
    """

    def __init__(
        self, container: InputContainer, title: str, *, paced: bool = False
    ) -> None:
        """Finds the video in the container and decodes its first frame.

        Args:
            container: an opened file or stream, which belongs to the reader from now.
            title: what people read, and what errors begin with.
            paced: whether frames come in their own time.

        Raises:
            SourceError: it holds no video, or none that can be decoded. The container
                is closed then.
        """
        self.title, self.paced, self.damaged, self.end_s = title, paced, 0, 0.0
        self._container = container
        self._index = 0
        self._ended = False
        try:
            self._stream = _video_stream(container, title)
            self._stream.thread_type = "AUTO"
            rate = self._stream.average_rate or self._stream.guessed_rate
            self.frame_rate = float(rate) if rate else None
            self._own_s = _own_duration_s(self._stream)
            self.duration_s = self._own_s or _container_duration_s(container)
            self.frames = self._stream.frames or self._expected_frames()
            self._clock = Clock(
                self._stream.time_base, rate, may_jump=may_jump(container)
            )
            self._frames = self._decode()
            self._first = self._convert_next()
            if self._first is None:
                raise SourceError(
                    f"{title}: not one frame of it can be decoded; it is damaged or "
                    "was cut off"
                )
        except BaseException:
            self.close()
            raise

    @property
    def start_s(self) -> float:
        """Presentation time of the first frame, which `Frame.time_s` counts from."""
        return self._clock.start_s

    @property
    def cut_off(self) -> bool:
        """Whether the video ended well before the length that it states for itself."""
        stated_s = self._own_s or 0.0
        is_short = self.end_s < stated_s - SHORT_S
        return self._ended and is_short and not self._clock.jumped

    def read(self) -> Frame | None:
        """The next frame that can be decoded, or None after the last one.

        Raises:
            SourceError: it broke off.
        """
        first, self._first = self._first, None
        return first or self._convert_next()

    def close(self) -> None:
        """Closes the file; a second call does nothing."""
        self._first = None
        self._frames = iter(())
        self._container.close()

    def _expected_frames(self) -> int | None:
        """How many frames the length and the rate make."""
        if self.duration_s is None or self.frame_rate is None:
            return None
        return max(1, round(self.duration_s * self.frame_rate))

    def _convert_next(self) -> Frame | None:
        """The next decoded frame as ours."""
        decoded = next(self._frames, None)
        if decoded is None:
            self._ended = True
            return None
        pixels = upright_pixels(decoded, self._stream.sample_aspect_ratio)
        time_s = self._clock.time_s(decoded.pts)
        self.end_s = time_s + float((decoded.duration or 0) * (decoded.time_base or 0))
        self._index += 1
        return Frame(pixels, time_s, self._index - 1)

    def _decode(self) -> Iterator[av.VideoFrame]:
        """The frames that are whole; damage is counted and left out."""
        for packet in self._packets():
            try:
                frames = self._stream.decode(packet)
            except av.FFmpegError:
                self.damaged += 1
                continue
            for frame in frames:
                if frame.is_corrupt:
                    self.damaged += 1
                else:
                    yield frame

    def _packets(self) -> "Iterator[av.Packet[VideoStream]]":
        """The packets of the video, past stretches that cannot be read.

        Raises:
            SourceError: the connection or the disk failed.
        """
        failed = 0
        while failed < RETRIES:
            try:
                for packet in self._container.demux(self._stream):
                    failed = 0
                    yield packet
                return
            except av.EOFError:
                return
            except OSError as error:
                reason = error.strerror or str(error)
                raise SourceError(f"{self.title}: broke off ({reason})") from error
            except av.FFmpegError:
                self.damaged += 1
                failed += 1


def open_video_file(path: Path) -> VideoReader:
    """Opens a video file.

    Raises:
        SourceError: it is not there, empty, a folder, no video, or cannot be decoded.
    """
    title = str(path)
    if not path.exists():
        raise SourceError(f"{title}: no such file; check the name")
    if path.is_dir():
        raise SourceError(f"{title}: a folder, but a video file was expected; name one")
    if path.is_file() and path.stat().st_size == 0:
        raise SourceError(f"{title}: the file is empty; copy or record it again")
    # "file:" because a name with a colon would be taken for an address
    return VideoReader(open_video(f"file:{os.fspath(path)}", title=title), path.name)


def open_video(
    address: str,
    *,
    title: str,
    timeout_s: float | None = None,
    options: Mapping[str, str] | None = None,
) -> InputContainer:
    """Opens a file or a network stream.

    Args:
        address: of a file as `file:PATH`, or of a stream, such as `rtsp://...`.
        title: what errors call it; an address may hold a password.
        timeout_s: how long opening and each read may take; None for any time.
        options: of FFmpeg's protocols and formats.

    Raises:
        SourceError: it cannot be opened, or is no video.
    """
    try:
        container = av.open(
            address, "r", options=dict(options or {}), timeout=timeout_s
        )
    except (av.FFmpegError, OSError) as error:
        reason = error.strerror or str(error)
        raise SourceError(
            f"{title}: cannot be opened as a video ({reason}); expected a whole "
            f"{FORMATS} file or a stream"
        ) from error
    names = container.format.name.split(",")
    if any(name in NO_VIDEOS or name.endswith("_pipe") for name in names):
        container.close()
        raise SourceError(
            f"{title}: not a video ({container.format.long_name}); for still pictures "
            "use 'mimika predict'"
        )
    return container


def may_jump(container: InputContainer) -> bool:
    """Whether times in this kind of file may go on with another clock."""
    return bool(container.format.flags & cast(int, Flags.ts_discont.value))


def _video_stream(container: InputContainer, title: str) -> VideoStream:
    """The moving picture of a container; the cover of an album is none.

    Raises:
        SourceError: there is none, or its coding is not known here.
    """
    moving = [
        stream
        for stream in container.streams.video
        if not stream.disposition & Disposition.attached_pic
    ]
    if not moving:
        kinds = ", ".join(sorted({stream.type for stream in container.streams}))
        raise SourceError(
            f"{title}: holds no video, only {kinds or 'nothing'}; expected a moving "
            "picture"
        )
    best = container.streams.best("video")
    stream = best if best in moving else moving[0]
    assert isinstance(stream, VideoStream)  # noqa: S101  # of the list above
    if stream.codec_context is None:
        raise SourceError(
            f"{title}: its video has a coding that is not known here; convert it, for "
            "instance with: ffmpeg -i FILE converted.mp4"
        )
    return stream


def _own_duration_s(stream: VideoStream) -> float | None:
    """Length in seconds that the file states for its video; None where it does not."""
    if not stream.duration or not stream.time_base:
        return None
    return float(stream.duration * stream.time_base)


def _container_duration_s(container: InputContainer) -> float | None:
    """Length in seconds that the file states for all that it holds; None likewise."""
    if not container.duration:
        return None
    return float(Fraction(container.duration, MICROSECONDS))
