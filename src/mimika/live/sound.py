"""The sound of a video, carried beside newly coded pictures into another file.

Packets are copied as they are where the new file's players know their coding, and else
coded anew, a few at a time: a whole film's sound is never in memory.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.bitstream import BitStreamFilterContext
from av.container import OutputContainer
from av.stream import Discard

from mimika.live.clock import JUMP_S
from mimika.live.video_file import may_jump, open_video

# codings that players of these files know; elsewhere all that the file can hold
COPIED: Mapping[str, frozenset[str]] = {
    "mp4": frozenset({"aac", "mp3", "ac3", "eac3", "alac", "opus", "flac"}),
    "mov": frozenset({"aac", "mp3", "ac3", "eac3", "alac"}),
    "webm": frozenset({"opus", "vorbis"}),
}
ENCODER: Mapping[str, str] = {"webm": "libopus"}
USUAL_ENCODER = "aac"
OPUS_RATE = 48_000
ADTS_TO_ASC = "aac_adtstoasc"
EARLY_S = 0.1  # so much before the first picture is kept: decoders need a run-up


class Sound:
    """Reads the sound of a file piece by piece, as the pictures proceed.

    Attributes:
        problems: sentences on what could not be kept.
    """

    def __init__(self, path: Path, start_s: float) -> None:
        """Opens the file once more, for its sound alone.

        Args:
            path: the video.
            start_s: presentation time of its first picture, which becomes 0.

        Raises:
            SourceError: it cannot be opened.
        """
        self.problems: list[str] = []
        self._start_s = start_s
        self._container = open_video(f"file:{path}", title=str(path))
        for stream in self._container.streams:
            if not isinstance(stream, AudioStream):
                stream.discard = Discard.all
        self._tracks: dict[int, _Copied | _Coded] = {}
        self._pieces: Iterator[tuple[float, list[av.Packet[Any]]]] = iter(())
        self._waiting: tuple[float, list[av.Packet[Any]]] | None = None

    def join(self, output: OutputContainer) -> None:
        """Adds a track to the output for each one here, before anything is written."""
        for stream in self._container.streams.audio:
            try:
                self._tracks[stream.index] = _track(output, stream, self._start_s)
            except (av.FFmpegError, ValueError, AttributeError) as error:
                self.problems.append(
                    f"sound track {stream.index} cannot be kept ({error})"
                )
        self._pieces = self._read()

    def until(self, time_s: float) -> "Iterator[av.Packet[Any]]":
        """Packets for the output that sound before a time; each is given once.

        Args:
            time_s: in seconds from the first picture; infinity for all that are left.
        """
        while True:
            if self._waiting is None:
                self._waiting = next(self._pieces, None)
            if self._waiting is None or self._waiting[0] >= time_s:
                return
            yield from self._waiting[1]
            self._waiting = None

    def rest(self) -> "Iterator[av.Packet[Any]]":
        """What encoders still hold, after the last piece that was asked for."""
        for track in self._tracks.values():
            yield from track.finish()

    def close(self) -> None:
        """Closes the file; a second call does nothing."""
        self._pieces, self._waiting = iter(()), None
        self._container.close()

    def _read(self) -> "Iterator[tuple[float, list[av.Packet[Any]]]]":
        """Each packet of the file with its time, as packets for the output.

        Sound that ends too early or cannot be read is left out.
        """
        streams = [s for s in self._container.streams.audio if s.index in self._tracks]
        if not streams:
            return
        broadcast = may_jump(self._container)
        clocks = {stream.index: _SteadyClock() for stream in streams}
        try:
            for packet in self._container.demux(*streams):
                if packet.dts is None and packet.pts is None:
                    continue  # the end of a track
                if broadcast:
                    clocks[packet.stream_index].correct(packet)
                stamp = packet.pts if packet.pts is not None else packet.dts
                time_s = float((stamp or 0) * packet.time_base) - self._start_s
                if time_s >= -EARLY_S:
                    yield time_s, self._tracks[packet.stream_index].take(packet)
        except av.FFmpegError as error:
            self.problems.append(f"the sound broke off ({error.strerror})")


class _SteadyClock:
    """Goes on where the clock of a broadcast jumps, as `Clock` does for pictures."""

    def __init__(self) -> None:
        self._shift = 0
        self._due: int | None = (
            None  # time of the next packet in units of its time base
        )

    def correct(self, packet: "av.Packet[Any]") -> None:
        """Moves a packet to the end of the one before it, after a jump."""
        stamp = (packet.pts if packet.pts is not None else packet.dts) or 0
        due = stamp - self._shift if self._due is None else self._due
        if abs(stamp - self._shift - due) * packet.time_base > JUMP_S:
            self._shift = stamp - due
        packet.pts = None if packet.pts is None else packet.pts - self._shift
        packet.dts = None if packet.dts is None else packet.dts - self._shift
        self._due = stamp - self._shift + (packet.duration or 0)


class _Copied:
    """A track whose packets are taken over as they are."""

    def __init__(
        self, output: OutputContainer, stream: AudioStream, start_s: float
    ) -> None:
        self._stream = output.add_stream_from_template(stream)
        self._shift = _units(start_s, stream.time_base)
        # AAC of a broadcast has a header in each packet; files have one for all
        broadcast = _codec(stream) == "aac" and not stream.codec_context.extradata
        self._filter = (
            BitStreamFilterContext(ADTS_TO_ASC, stream) if broadcast else None
        )

    def take(self, packet: "av.Packet[Any]") -> "list[av.Packet[Any]]":
        """The packet for the output; a damaged one gives nothing."""
        if self._filter is None:
            return [self._moved(packet)]
        try:
            return [self._moved(each) for each in self._filter.filter(packet)]
        except av.FFmpegError:
            return []

    def _moved(self, packet: "av.Packet[Any]") -> "av.Packet[Any]":
        """The packet at its time in the output."""
        packet.pts = None if packet.pts is None else packet.pts - self._shift
        packet.dts = None if packet.dts is None else packet.dts - self._shift
        packet.stream = self._stream
        return packet

    def finish(self) -> "list[av.Packet[Any]]":
        """Nothing: no packet is held back."""
        return []


class _Coded:
    """A track that is decoded and coded anew."""

    def __init__(
        self, output: OutputContainer, stream: AudioStream, start_s: float
    ) -> None:
        name = ENCODER.get(output.format.name, USUAL_ENCODER)
        rate = OPUS_RATE if name == "libopus" else stream.rate
        self._source = stream
        self._stream = cast(AudioStream, output.add_stream(name, rate=rate))
        self._stream.layout = "stereo" if stream.channels > 1 else "mono"
        self._start_s = start_s

    def take(self, packet: "av.Packet[Any]") -> "list[av.Packet[Any]]":
        """What the encoder has ready; a damaged packet gives nothing."""
        try:
            frames = self._source.decode(packet)
        except av.FFmpegError:
            return []
        return [coded for frame in frames for coded in self._encode(frame)]

    def finish(self) -> "list[av.Packet[Any]]":
        """What the encoder still holds."""
        try:
            return self._stream.encode(None)
        except av.FFmpegError:  # such as an encoder that was never given anything
            return []

    def _encode(self, frame: AudioFrame) -> "list[av.Packet[Any]]":
        if frame.pts is not None:
            frame.pts -= _units(self._start_s, frame.time_base)
        return self._stream.encode(frame)


def _track(
    output: OutputContainer, stream: AudioStream, start_s: float
) -> _Copied | _Coded:
    """A track of the output that takes over a stream."""
    known = COPIED.get(output.format.name)
    if known is None or _codec(stream) in known:
        return _Copied(output, stream, start_s)
    return _Coded(output, stream, start_s)


def _codec(stream: AudioStream) -> str:
    """Name of a coding, whichever decoder reads it."""
    return stream.codec_context.codec.canonical_name


def _units(time_s: float, time_base: Fraction | None) -> int:
    """Seconds in units of a time base."""
    return round(time_s / time_base) if time_base else 0
